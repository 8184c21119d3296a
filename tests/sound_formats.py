"""Formats of sound tokens: that of the bundled tokenizer, and one with more codes than it has."""

from sayso.manifests.dataset.sound_format import SoundFormat

SOUND_FORMAT = SoundFormat(name="WhisperVQ", codes=512, mask_code=512, tokens_per_second=25, max_tokens=750)
# As of the merged quantizer of Ichigo, whose mask code lies between two codebooks.
MERGED_FORMAT = SOUND_FORMAT.model_copy(update={"codes": 2_560, "mask_code": 2_048})
