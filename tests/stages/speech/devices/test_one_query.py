"""Attention of one query a row: where the kernel is used, and what takes its place."""

import copy
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.stages.speech.devices import one_query
from sayso.stages.speech.protocols import Tokens
from sayso.stages.speech.tokenizers.whispervq import whisper_decoder
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.whisper.model import Whisper
from tests.stages.speech import accelerator

GPU = torch.device("cuda", 0)


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    one_query.kernel_on.cache_clear()
    yield
    one_query.kernel_on.cache_clear()


@pytest.fixture
def triton(monkeypatch: pytest.MonkeyPatch) -> None:
    """Triton is there, as far as can be seen."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())


def in_words(query: Tensor, keys: Tensor, values: Tensor, last: Tensor | None, longest: int) -> Tensor:
    """What the kernel does, row by row."""
    found = torch.empty_like(query)
    for row in range(len(query)):
        count = longest if last is None else int(last[row]) + 1
        mixed = F.scaled_dot_product_attention(query[row, :, None], keys[row, :, :count], values[row, :, :count])
        found[row] = mixed[:, 0]
    return found


def test_it_is_for_gpus_with_triton_and_heads_of_a_width_that_it_takes(
    monkeypatch: pytest.MonkeyPatch, triton: None
) -> None:
    monkeypatch.setattr(one_query, "greatest_difference", lambda device, width: 0.001)
    assert one_query.kernel_on(GPU, 64)
    assert not one_query.kernel_on(torch.device("cpu"), 64)
    assert not one_query.kernel_on(GPU, 48)
    one_query.kernel_on.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert not one_query.kernel_on(GPU, 64)


def test_a_kernel_that_fails_or_is_wrong_is_not_used_and_it_says_so_once(
    monkeypatch: pytest.MonkeyPatch, triton: None
) -> None:
    def fails(device: torch.device, width: int) -> float:
        raise OSError("no C compiler")

    monkeypatch.setattr(one_query, "greatest_difference", fails)
    with pytest.warns(UserWarning, match="no kernel for single queries, so speech is slower: no C compiler") as warned:
        assert [one_query.kernel_on(GPU, 64) for _ in range(3)] == [False] * 3
    assert len(warned) == 1
    for wrong in (0.5, float("nan")):
        one_query.kernel_on.cache_clear()
        monkeypatch.setattr(one_query, "greatest_difference", lambda device, width, wrong=wrong: wrong)
        with pytest.warns(UserWarning, match=f"is off by {wrong}, so speech is slower"):
            assert not one_query.kernel_on(GPU, 64)


def test_the_word_pieces_of_rows_are_the_same_with_it(
    whisper: Whisper, tokenizer: WhisperVQ, tokens: list[Tokens], monkeypatch: pytest.MonkeyPatch
) -> None:
    over_all: list[bool] = []

    def kernel(query: Tensor, keys: Tensor, values: Tensor, last: Tensor | None, longest: int) -> Tensor:
        over_all.append(last is None)
        return in_words(query, keys, values, last, longest)

    accelerator.register()
    monkeypatch.setattr(whisper_decoder, "kernel_on", lambda device, width: True)
    monkeypatch.setattr(whisper_decoder, "attend", kernel)
    device = WhisperVQ.load("whispervq-tiny-en", copy.deepcopy(whisper), accelerator.NAME, 2)
    assert device.decode_text(tokens[::2]) == tokenizer.decode_text(tokens[::2])
    assert over_all.count(True) == over_all.count(False) > 0, "torch's own may depend on the batch"


@pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="needs Triton")
def test_its_numbers_are_those_of_torch() -> None:
    imports = "import torch; from sayso.stages.speech.devices.one_query import greatest_difference"
    code = f"{imports}; print(greatest_difference(torch.device('cpu'), 64))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TRITON_INTERPRET": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(run.stdout) < one_query.TOLERANCE
