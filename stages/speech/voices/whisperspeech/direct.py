"""The direct route: T2S tokens are the sound tokens, where both were made by one codebook, and no audio is made."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.stages.speech.protocols import SpeechModelError, SynthesisError, Tokens
from sayso.stages.speech.tokenizers.whispervq.bottleneck import differing_tensors
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ, load_bottleneck
from sayso.stages.speech.voices.whisperspeech.voice import WhisperSpeechVoice


class DirectVoice:
    """A `TokenSynthesizer` of a WhisperSpeech voice whose T2S model was trained on the codes of the sound tokenizer.

    `quantizer` is the WhisperVQ checkpoint that the T2S model was trained on, which itself does not say. Raises
    SpeechModelError where its codes do not mean what the tokenizer's mean, or are not as many as the T2S model's.
    """

    def __init__(self, voice: WhisperSpeechVoice, quantizer: str, tokenizer: WhisperVQ) -> None:
        self._voice, self._codes = voice, tokenizer.codes
        theirs, ours = load_bottleneck(quantizer), tokenizer.bottleneck
        advice = "use that quantizer as synthesize.tokenizer.model, or `route: audio`"
        shapes = {
            name: (getattr(theirs, name), getattr(ours, name)) for name in ("codes", "mask", "downsample", "width")
        }
        for name, (found, wanted) in shapes.items():
            if found != wanted:
                raise SpeechModelError(f"{quantizer} has {name} {found}, the sound tokenizer has {wanted}: {advice}")
        different = differing_tensors(theirs, ours)
        if different:
            raise SpeechModelError(
                f"{quantizer} is not the sound tokenizer's codebook, they differ in {', '.join(different)}: {advice}"
            )
        # Trained on a codebook, T2S has a token for its mask code too.
        if voice.semantic_codes not in (self._codes, self._codes + 1):
            raise SpeechModelError(
                f"the T2S model has {voice.semantic_codes} tokens, {quantizer} has {self._codes} codes and a mask "
                "code: name the quantizer that it was trained on as whisperspeech.vq"
            )

    def synthesize_tokens(
        self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]
    ) -> list[Tokens | Exception]:
        """The tokens of each text, or why it cannot be said. The mask code may be among them."""
        return [self._known(row) for row in self._voice.synthesize_tokens(texts, seeds, speeds)]

    def _known(self, row: Tokens | Exception) -> Tokens | Exception:
        """Nothing beyond the last code: old T2S models end with that one, and have one more that means nothing."""
        if not isinstance(row, Exception) and row.max() > self._codes:
            return SynthesisError(f"semantic token {row.max()}, which stands for no sound")
        return row
