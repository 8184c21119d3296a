"""From texts to tokens and back to texts on a device that is not the CPU, by every model on the way."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.speech.voices.whisperspeech.voice import WhisperSpeechVoice
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.lanes import in_lanes, one_at_a_time, whole
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.stages.speech import accelerator
from tests.stages.speech.tokenizers.whispervq.quantizers import KINDS, micro_quantizer, micro_whisper
from tests.stages.synthesize.letters import ANY_WORDS, rows

TEXTS = ["why does it freeze", "what is the name of this river", "seven old towns"]
# These make short ones of them.
SEEDS, SPEEDS = [5, 0, 11], [1.0, 1.0, 1.0]
KIND = KINDS["base-en+pl"]


@pytest.fixture
def asked() -> Counter:
    """What the device is asked by operator, from now on."""
    accelerator.register()
    accelerator.ASKED.clear()
    return accelerator.ASKED


def voice(folder: Path, device: str, max_seconds: float = 29.9) -> WhisperSpeechVoice:
    files = {"t2s": str(folder / "t2s.model"), "s2a": str(folder / "s2a.model"), "vocoder": str(folder / "vocos")}
    return WhisperSpeechVoice(
        WhisperSpeechSettings(**files, max_batch_size=3, device=device, temperature=0.5, max_seconds=max_seconds),
        "default",
    )


def tokenizer(folder: Path, device: str) -> WhisperVQ:
    whisper = micro_whisper(KIND).to(device)
    return WhisperVQ.load(str(micro_quantizer(KIND, folder / "vq.model")), whisper, device, max_batch_size=3)


def test_parts_of_a_shard_beside_each_other_come_out_as_the_whole(folder: Path, tmp_path: Path, asked: Counter) -> None:
    anna, quantizer = voice(folder, accelerator.NAME, 0.5), one_at_a_time(tokenizer(tmp_path, accelerator.NAME))
    # Rows that have not ended by then are said again.
    gates = ANY_WORDS.model_copy(update={"min_seconds_per_word": 0, "max_run": 99})
    config, said = Synthesize(gates=gates, attempts=2), rows(*TEXTS, TEXTS[1])
    expected, found = (
        synthesize(said, SpeechModels({"heart": anna}, quantizer, parts=parts), config, 32, 2)
        for parts in (whole, in_lanes)
    )
    assert found.rows.equals(expected.rows)
    assert found.verdicts.equals(expected.verdicts)
    assert set(expected.verdicts["speech.attempts"]) == {1, 2}


def test_a_batch_is_said_encoded_and_read_back_as_on_a_cpu(folder: Path, tmp_path: Path, asked: Counter) -> None:
    said = voice(folder, accelerator.NAME).synthesize(TEXTS, SEEDS, SPEEDS)
    assert {clip.device.type for clip in said} == {accelerator.NAME}
    for clip, expected in zip(said, voice(folder, "cpu").synthesize(TEXTS, SEEDS, SPEEDS), strict=True):
        # Under a mask and in padded batches; the loudest sample is about 1.
        torch.testing.assert_close(clip.cpu(), expected, rtol=0, atol=1e-4)
    quantizer = tokenizer(tmp_path, accelerator.NAME)
    asked.clear()
    tokens = quantizer.encode(said)
    assert asked.total() == 2, "whether the clips are sound, and the tokens of all of them"
    reference = tokenizer(tmp_path, "cpu")
    for row, expected in zip(tokens, reference.encode([clip.cpu() for clip in said]), strict=True):
        np.testing.assert_array_equal(row, expected)
    assert quantizer.decode_text(tokens) == reference.decode_text(tokens)
