"""The decoder of devices that are no CPU, on one that stands in for a GPU, against Whisper's own on a CPU."""

import copy
from collections import Counter

import numpy as np
import pytest
import torch

from sayso.stages.speech.protocols import Tokens
from sayso.stages.speech.tokenizers.whispervq.whisper_decoder import PATIENCE, STRETCH, GreedyDecoder
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.whisper.model import Whisper
from tests.stages.speech import accelerator


@pytest.fixture(autouse=True)
def asked() -> Counter:
    """What the device is asked by operator, from now on."""
    accelerator.register()
    accelerator.ASKED.clear()
    return accelerator.ASKED


@pytest.fixture(scope="module")
def rows(tokens: list[Tokens]) -> list[Tokens]:
    """Speech whole, cut and run together, and what is no speech: 10 rows of 0.3 to 5 s."""
    said = np.concatenate(tokens)
    cut = [said[start : start + 12 + 17 * place] for place, start in enumerate(range(0, 121, 40))]
    noise = np.random.default_rng(0).integers(0, 512, 40).astype(np.uint16)
    return [*tokens, *cut, noise, said[:8]]


def on_device(whisper: Whisper, max_batch_size: int, precision: torch.dtype = torch.float32) -> WhisperVQ:
    return WhisperVQ.load(
        "whispervq-tiny-en", copy.deepcopy(whisper), accelerator.NAME, max_batch_size, precision=precision
    )


def decoder_of(device: WhisperVQ, rows: int, longest: int) -> GreedyDecoder:
    return GreedyDecoder(device.whisper, device.pieces, rows, longest)


@pytest.fixture(scope="module")
def by_whisper(tokenizer: WhisperVQ, rows: list[Tokens]) -> list[str]:
    texts = tokenizer.decode_text(rows)
    assert "What is the capital of France?" in texts
    assert len(set(texts)) > 6
    return texts


def test_every_row_reads_as_by_whisper(whisper: Whisper, rows: list[Tokens], by_whisper: list[str]) -> None:
    device = on_device(whisper, 8)
    assert device.decode_text(rows) == by_whisper
    assert device.decode_text(rows[::-4]) == by_whisper[::-4]


def test_behind_a_long_prompt_every_row_reads_as_by_whisper(whisper: Whisper, tokens: list[Tokens]) -> None:
    before = "Ms Keller reads a letter about trains in France to us. " * 8
    plain, device = (
        WhisperVQ.load("whispervq-tiny-en", copy.deepcopy(whisper), name, 4, before=before)
        for name in ("cpu", accelerator.NAME)
    )
    assert len(plain.pieces.prompt) > STRETCH
    assert device.decode_text(tokens) == plain.decode_text(tokens) != [""] * len(tokens)


@pytest.mark.parametrize("precision", [torch.float16, torch.bfloat16])
def test_half_precision_changes_no_text_of_clear_speech(
    whisper: Whisper, tokens: list[Tokens], by_whisper: list[str], precision: torch.dtype
) -> None:
    device = on_device(whisper, 4, precision)
    assert device.decode_text(tokens) == by_whisper[:4]
    assert {weights.dtype for weights in device.whisper.parameters()} == {precision}
    assert device.bottleneck.project_in.weight.dtype == torch.float32, "tokens are chosen in float32"


def test_a_row_says_no_more_than_its_limit_and_one_of_no_numbers_says_nothing_to_its_neighbours(
    whisper: Whisper, tokenizer: WhisperVQ, tokens: list[Tokens]
) -> None:
    features = torch.stack(tokenizer._dequantize(tokens[:1], 1) * 3).to(accelerator.NAME)
    decoder = decoder_of(on_device(whisper, 3), rows=3, longest=20)
    whole, cut, nothing = decoder.decode(features, [20, 4, 0])
    assert tokenizer.pieces.decode(whole) == " What is the capital of France?"
    assert (cut, nothing) == (whole[:4], [])
    features[1] = torch.nan
    assert decoder.decode(features, [20, 20, 20])[::2] == [whole, whole]
    features[1] = features[0]
    assert decoder.decode(features, [20, 20, 20]) == [whole, whole, whole]


def test_the_device_is_asked_now_and_then_whether_all_rows_have_ended(
    whisper: Whisper, tokenizer: WhisperVQ, tokens: list[Tokens], asked: Counter
) -> None:
    features = torch.stack(tokenizer._dequantize(tokens[:2], 2)).to(accelerator.NAME)
    decoder = decoder_of(on_device(whisper, 2), rows=2, longest=200)
    asked.clear()
    found = decoder.decode(features, [200, 200])
    steps = max(len(row) for row in found) + 1
    assert asked.total() == -(-steps // PATIENCE) + 1, "and once for the word pieces"


def test_no_more_is_said_than_the_decoder_has_places_for(whisper: Whisper) -> None:
    decoder = decoder_of(on_device(whisper, 1), rows=1, longest=1000)
    assert decoder.longest == 448 + 1 - 2, "after the start and that there are no timestamps"
