import math

import pytest
import torch

from sayso.stages.speech.devices import sampling
from sayso.stages.speech.devices.sampling import NOT_A_NUMBER, draw_tokens, gumbel

# Bits by their upper 24, of which the noise is made: none set, all set, and those next to them.
SMALLEST, LARGEST = 0, 2**24 - 1


def rows(*values: float) -> torch.Tensor:
    return torch.tensor(values)


def test_tokens_are_drawn_as_often_as_the_softmax_says() -> None:
    count = 20_000
    logits = torch.tensor([0.0, 1.0, 2.0, -3.0]).expand(count, -1)
    tokens = draw_tokens(logits, torch.full((count,), 0.7), torch.arange(count), torch.zeros(count, dtype=torch.long))
    often = torch.bincount(tokens, minlength=4) / count
    torch.testing.assert_close(often, (logits[0] / 0.7).softmax(-1), atol=0.012, rtol=0)


def test_each_row_has_a_temperature_of_its_own() -> None:
    logits = torch.zeros(64, 8)
    logits[:, 5] = 0.1
    temperatures = torch.tensor([0.0, 50.0]).repeat(32)
    tokens = draw_tokens(logits, temperatures, torch.arange(64), torch.arange(64))
    assert set(tokens[::2].tolist()) == {5}
    assert len(set(tokens[1::2].tolist())) > 4


def test_noise_depends_on_seed_step_and_code_alone() -> None:
    seeds, steps = torch.tensor([7, 7, 8]), torch.tensor([0, 1, 0])
    noise = gumbel(seeds, steps, 600)
    assert torch.equal(gumbel(seeds[1:2], steps[1:2], 600)[0], noise[1])
    assert len({round(value, 5) for value in noise[:, 0].tolist()}) == 3
    # A standard Gumbel variable's mean and variance; 1800 of them.
    assert abs(noise.mean() - 0.5772) < 0.1
    assert abs(noise.var() - torch.pi**2 / 6) < 0.25


def test_rows_that_are_not_numbers_are_named() -> None:
    logits = torch.zeros(3, 4)
    logits[1, 2] = torch.nan
    tokens = draw_tokens(logits, rows(0.0, 0.0, 1.0), torch.arange(3), torch.arange(3))
    assert (tokens == NOT_A_NUMBER).tolist() == [False, True, False]


def test_noise_is_finite_at_the_extreme_bits_and_as_it_was_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    random = torch.randint(2**24, (10_000,), generator=torch.Generator().manual_seed(0))
    upper = torch.cat([torch.tensor([SMALLEST, 1, 2**23 - 1, 2**23, LARGEST - 2, LARGEST - 1, LARGEST]), random])
    monkeypatch.setattr(sampling, "_mix_bits", lambda bits: upper[None] << 40 if bits.dim() == 2 else bits)
    noise = gumbel(torch.tensor([0]), torch.tensor([0]), len(upper))[0]
    assert noise.isfinite().all()
    assert noise[0].item() == pytest.approx(-math.log(25 * math.log(2)))
    assert noise[6].item() == pytest.approx(25 * math.log(2), rel=1e-6)
    # The bits below the largest as float32 has them, which rounds half of the upper ones to their even neighbour.
    rounded = (upper + 0.5) / 2**24
    others = rounded < 1
    assert int((~others).sum()) == 1
    assert torch.equal(noise[others], -torch.log(-torch.log(rounded[others].double())).float())


def test_a_row_whose_bits_are_all_set_is_drawn_as_any_other() -> None:
    assert gumbel(torch.tensor([162]), torch.tensor([83]), 514).isfinite().all()


def test_no_draw_of_200_000_at_the_extreme_bits_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 200_000
    monkeypatch.setattr(sampling, "_mix_bits", lambda bits: -(bits & 1) if bits.dim() == 2 else bits)
    seeds, steps = torch.arange(count), torch.zeros(count, dtype=torch.long)
    assert len(gumbel(seeds[:1], steps[:1], 4).unique()) == 2, "the smallest and the largest"
    tokens = draw_tokens(torch.zeros(count, 4), torch.full((count,), 0.7), seeds, steps)
    assert int((tokens == NOT_A_NUMBER).sum()) == 0
    assert len(tokens.unique()) == 2
