"""Draws by a kernel of their own: where it is used, and that it draws what torch draws."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import torch

from sayso.stages.speech.devices import draw_kernel
from sayso.stages.speech.devices.sampling import draw_tokens

GPU, CPU = torch.device("cuda", 0), torch.device("cpu")


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    draw_kernel.draws_on.cache_clear()
    yield
    draw_kernel.draws_on.cache_clear()


@pytest.fixture
def triton(monkeypatch: pytest.MonkeyPatch) -> None:
    """Triton is there, as far as can be seen."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())


def test_it_is_for_gpus_with_triton(monkeypatch: pytest.MonkeyPatch, triton: None) -> None:
    monkeypatch.setattr(draw_kernel, "rows_drawn_otherwise", lambda device: 0)
    assert draw_kernel.draws_on(GPU)
    assert not draw_kernel.draws_on(CPU)
    draw_kernel.draws_on.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert not draw_kernel.draws_on(GPU)


def test_one_that_fails_or_draws_a_row_otherwise_is_not_used_and_it_says_so_once(
    monkeypatch: pytest.MonkeyPatch, triton: None
) -> None:
    def fails(device: torch.device) -> int:
        raise OSError("no C compiler")

    monkeypatch.setattr(draw_kernel, "rows_drawn_otherwise", fails)
    with pytest.warns(UserWarning, match="no kernel for draws, so speech is slower: no C compiler") as warned:
        assert [draw_kernel.draws_on(GPU) for _ in range(3)] == [False] * 3
    assert len(warned) == 1
    draw_kernel.draws_on.cache_clear()
    monkeypatch.setattr(draw_kernel, "rows_drawn_otherwise", lambda device: 1)
    with pytest.warns(UserWarning, match="has 1 of 192 rows wrong, so speech is slower"):
        assert not draw_kernel.draws_on(GPU)


def test_what_it_is_tried_on_has_rows_of_all_kinds_and_one_wrong_row_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def one_wrong(*given: torch.Tensor) -> torch.Tensor:
        seen.append(draw_tokens(*given))
        return torch.cat([seen[-1][:-1], seen[-1][-1:] + 1])

    monkeypatch.setattr(draw_kernel, "draw_by_kernel", one_wrong)
    assert draw_kernel.rows_drawn_otherwise(CPU) == 2, "one in each precision"
    for drawn in seen:
        assert drawn[8:12].tolist() == [5] * 4, "the only code that can be"
        assert drawn[12:24].tolist() == [-1] * 12, "none, not a number, and endless"
        assert len(set(drawn[24:].tolist())) > 60


def test_it_is_taken_where_it_works_and_torch_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    given = torch.randn(3, 5), torch.ones(3), torch.arange(3), torch.arange(3)
    assert torch.equal(draw_kernel.draw(*given), draw_tokens(*given))
    monkeypatch.setattr(draw_kernel, "draws_on", lambda device: True)
    monkeypatch.setattr(draw_kernel, "draw_by_kernel", lambda *given: "by the kernel")
    assert draw_kernel.draw(*given) == "by the kernel"


@pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="needs Triton")
def test_it_draws_what_torch_draws() -> None:
    imports = "import torch; from sayso.stages.speech.devices.draw_kernel import rows_drawn_otherwise"
    code = f"{imports}; print(rows_drawn_otherwise(torch.device('cpu')))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TRITON_INTERPRET": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "0\n"
