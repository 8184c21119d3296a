"""Attention of one query a row on a CPU: the numbers, the bits, and what is not a number."""

import importlib.util
from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.stages.speech.devices import one_query_cpu
from sayso.stages.speech.devices.one_query_cpu import OwnPositions

SLOTS, LENGTHS = [3, 0, 4], [1, 130, 70]


@pytest.fixture(params=["compiled", "without Numba"], autouse=True)
def anew(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    one_query_cpu._loops.cache_clear()
    if request.param == "without Numba":
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    yield
    one_query_cpu._loops.cache_clear()


@pytest.fixture
def given() -> tuple[Tensor, Tensor, Tensor]:
    """A query for each of five slots, keys and values."""
    random = torch.Generator().manual_seed(0)
    return (
        torch.randn(5, 2, 48, generator=random),
        torch.randn(5, 2, 150, 48, generator=random),
        torch.randn(5, 2, 150, 48, generator=random),
    )


def test_each_row_hears_its_own_positions_and_other_slots_nothing(given: tuple[Tensor, Tensor, Tensor]) -> None:
    query, keys, values = given
    keys[3, :, 1:], values[0, :, 130:] = torch.nan, torch.inf  # left there by a row before
    attended = OwnPositions(SLOTS, LENGTHS).attend(query, keys, values)
    for slot, length in zip(SLOTS, LENGTHS, strict=True):
        exact = F.scaled_dot_product_attention(
            *(part.double() for part in (query[slot, :, None], keys[slot, :, :length], values[slot, :, :length]))
        )
        torch.testing.assert_close(attended[slot], exact[:, 0].float())
    assert not attended[[1, 2]].any()


def test_the_bits_of_a_row_are_its_own(given: tuple[Tensor, Tensor, Tensor]) -> None:
    together = OwnPositions(SLOTS, LENGTHS).attend(*given)
    for slot, length in zip(SLOTS, LENGTHS, strict=True):
        assert torch.equal(OwnPositions([slot], [length]).attend(*given)[slot], together[slot])


@pytest.mark.parametrize("wrong", [torch.nan, torch.inf, -torch.inf])
def test_what_is_not_a_number_comes_out_as_that(given: tuple[Tensor, Tensor, Tensor], wrong: float) -> None:
    query, keys, values = given
    keys[0, 1, 129, 7] = wrong
    query[0, 1, 7] = 1.0
    values[4, 0, 5, 40] = wrong
    attended = OwnPositions(SLOTS, LENGTHS).attend(query, keys, values)
    assert attended[0, 0].isfinite().all()
    assert attended[0, 1].isnan().all() == (wrong != -torch.inf), "a score of minus infinity counts for nothing"
    assert attended[4, 0].isfinite().tolist() == [place != 40 for place in range(48)]
    assert attended[4, 1].isfinite().all()


def test_half_precision_is_taken_too(given: tuple[Tensor, Tensor, Tensor]) -> None:
    half = OwnPositions(SLOTS, LENGTHS).attend(*(part.bfloat16() for part in given))
    torch.testing.assert_close(half.float(), OwnPositions(SLOTS, LENGTHS).attend(*given), atol=0.05, rtol=0.05)
