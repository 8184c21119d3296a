"""Attention over rows at different places, row by row and all at once under a mask, and in half precision."""

from pathlib import Path

import numpy as np
import pytest
import torch

from sayso.stages.speech.voices.whisperspeech import decoder, loading
from sayso.stages.speech.voices.whisperspeech.decoder import Alone, Cache, SlotDecoder, Together
from sayso.stages.speech.voices.whisperspeech.layers import MultiHeadAttention, Rotary
from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance
from tests.stages.speech.devices.test_one_query import in_words


@pytest.mark.parametrize("by_kernel", [False, True])
def test_rows_at_once_hear_what_they_hear_alone(by_kernel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(decoder, "kernel_on", lambda device, width: by_kernel)
    monkeypatch.setattr(decoder, "attend", lambda *given: asked.append(given) or in_words(*given))
    torch.manual_seed(0)
    cache = Cache(MultiHeadAttention(32, 2), slots=5, positions=150, like=torch.empty(0))
    cache.keys.normal_()
    cache.values.normal_()
    query = torch.randn(5, 2, 16)
    slots, positions = [3, 0, 4], torch.tensor([129, 0, 0, 0, 69])
    alone, together = Alone(slots, [1, 130, 70]), Together(positions, 140)
    for own, each in ((together.own, alone.own), (together.context, alone.context)):
        attended = own(query, cache)
        torch.testing.assert_close(attended[slots], each(query, cache)[slots])
        assert torch.isfinite(attended).all(), "a slot without a row must not become not a number"
    assert len(asked) == (2 if by_kernel else 0)


@pytest.mark.parametrize("precision", [torch.float32, torch.float16])
def test_rotary_positions_are_the_bits_of_the_formula(precision: torch.dtype) -> None:
    rotary = Rotary(16)
    rotary.fill()
    x, positions = torch.randn(2, 5, 3, 16).to(precision), torch.tensor([0, 1, 7, 900, 2499])
    angles = torch.outer(positions.float(), rotary.inv_freq).repeat(1, 2)[None, :, None]
    first, second = x.chunk(2, -1)
    expected = x * angles.cos().to(precision) + torch.cat([-second, first], -1) * angles.sin().to(precision)
    assert torch.equal(rotary.to(precision).turn(x, positions), expected)


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float16])
def test_half_precision_goes_all_the_way(folder: Path, utterances: list[Utterance], precision: torch.dtype) -> None:
    tokens = TextToSemantic(load_t2s(str(folder / "t2s.model"), "cpu", precision), 3).generate(utterances[3:6])
    assert all(isinstance(row, np.ndarray) for row in tokens), tokens
    rows = [Speech(np.arange(5, dtype=np.uint16), np.ones(192, np.float32), 0.7, seed) for seed in range(3)]
    for name in ("s2a.model", "s2a-cond.model"):
        codes = SemanticToAcoustic(load_s2a(str(folder / name), "cpu", precision), 2).generate(rows)
        assert [getattr(row, "shape", row) for row in codes] == [(4, 11)] * 3


@pytest.mark.parametrize(("precision", "tolerance"), [(torch.bfloat16, 0.02), (torch.float16, 0.003)])
@pytest.mark.parametrize("name", ["t2s.model", "s2a.model"])
def test_half_precision_hears_nearly_the_same(
    folder: Path, name: str, precision: torch.dtype, tolerance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over forty steps from the same inputs; the tolerances are those that the docs state."""
    load = load_t2s if name == "t2s.model" else load_s2a
    monkeypatch.setattr(loading, "pack", lambda model: None)  # what is packed cannot be made less lively

    def output(dtype: torch.dtype) -> torch.Tensor:
        model, random = load(str(folder / name), "cpu", dtype), torch.Generator().manual_seed(0)
        for layer in model.decoder.modules():
            if isinstance(layer, torch.nn.Linear):
                layer.weight /= 4  # as lively as a trained model, and no more
        slots = SlotDecoder(model.decoder, slots=1, positions=40, context=30)
        slots.prefill(torch.tensor([0]), torch.randn(1, 30, model.width, generator=random).to(dtype))
        inputs = torch.randn(40, 1, model.width, generator=random).to(dtype)
        steps = [slots.step(x, torch.tensor([step]), Alone([0], [step + 1])) for step, x in enumerate(inputs)]
        return torch.stack(steps).float()

    with torch.inference_mode():
        exact, rounded = output(torch.float32), output(precision)
    assert (rounded - exact).norm() / exact.norm() < tolerance
