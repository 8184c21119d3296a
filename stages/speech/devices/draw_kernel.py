"""A kernel that draws a token for each row, in place of some fifty of torch's, of which most write all numbers."""

from __future__ import annotations

import importlib.util
import warnings
from contextlib import nullcontext
from functools import cache
from typing import Any

import torch
from torch import Tensor

from sayso.stages.speech.devices import sampling

# Of those that are drawn to try it out.
ROWS, CODES = 96, 1026


def draw(logits: Tensor, temperatures: Tensor, seeds: Tensor, steps: Tensor) -> Tensor:
    """What `sampling.draw_tokens` gives, by the kernel where that works."""
    by = draw_by_kernel if draws_on(logits.device) else sampling.draw_tokens
    return by(logits, temperatures, seeds, steps)


def draw_by_kernel(logits: Tensor, temperatures: Tensor, seeds: Tensor, steps: Tensor) -> Tensor:
    """The same. Only where `draws_on` says so."""
    rows, codes = logits.shape
    tokens = torch.empty(rows, dtype=torch.long, device=logits.device)
    with torch.cuda.device(logits.device) if logits.is_cuda else nullcontext():
        _kernel()[(rows,)](
            logits, temperatures.contiguous(), seeds.contiguous(), steps.contiguous(), tokens, *logits.stride(), codes,
            NOT_A_NUMBER=sampling.NOT_A_NUMBER, SEED_STRIDE=sampling.SEED_STRIDE, STEP_STRIDE=sampling.STEP_STRIDE,
            GOLDEN=sampling.GOLDEN, FIRST=sampling.FIRST, SECOND=sampling.SECOND, LARGEST=sampling.LARGEST,
            BLOCK=1 << (codes - 1).bit_length(),
        )  # fmt: skip
    return tokens


@cache
def draws_on(device: torch.device) -> bool:
    """Whether the kernel works there and draws what torch draws; warns where it should and does not."""
    if device.type != "cuda" or importlib.util.find_spec("triton") is None:
        return False
    try:
        wrong = rows_drawn_otherwise(device)
    except Exception as error:  # of whatever kind: compilers and drivers have many
        warnings.warn(f"no kernel for draws, so speech is slower: {error}", stacklevel=2)
        return False
    if wrong:
        warnings.warn(f"the kernel for draws has {wrong} of {2 * ROWS} rows wrong, so speech is slower", stacklevel=2)
        return False
    return True


def rows_drawn_otherwise(device: torch.device) -> int:
    """Of rows in both precisions, some likeliest and most drawn, with equal logits, infinite ones and no numbers."""
    random = torch.Generator().manual_seed(0)
    temperatures = torch.tensor([0.0, 0.3, 0.7, 1.5]).repeat(ROWS // 4).to(device)
    seeds = torch.randint(-(2**62), 2**62, (ROWS,), generator=random).to(device)
    steps = torch.arange(ROWS, device=device)
    logits = 3 * torch.randn(ROWS, CODES, generator=random)
    logits[:8] = logits[:8].round()
    logits[8:16, :] = -torch.inf
    logits[8:12, 5], logits[16:20, 7], logits[20:24, CODES - 1] = 1.0, torch.nan, torch.inf
    wrong = 0
    for precision in (torch.float32, torch.float16):
        given = logits.to(device, precision), temperatures, seeds, steps
        wrong += int((draw_by_kernel(*given) != sampling.draw_tokens(*given)).sum())
    return wrong


@cache
def _kernel() -> Any:
    """Compiled for a device when it is first launched there."""
    import triton
    import triton.language as tl

    @triton.jit
    def draw_kernel(  # type: ignore[no-untyped-def]
        logits, temperatures, seeds, steps, tokens, row_stride, code_stride, codes, NOT_A_NUMBER: tl.constexpr,
        SEED_STRIDE: tl.constexpr, STEP_STRIDE: tl.constexpr, GOLDEN: tl.constexpr, FIRST: tl.constexpr,
        SECOND: tl.constexpr, LARGEST: tl.constexpr, BLOCK: tl.constexpr,
    ):  # fmt: skip
        row = tl.program_id(0).to(tl.int64)
        places = tl.arange(0, BLOCK)
        inside = places < codes
        scores = tl.load(logits + row * row_stride + places * code_stride, mask=inside, other=-float("inf"))
        scores = scores.to(tl.float32)
        temperature = tl.load(temperatures + row)
        bits = tl.load(seeds + row) * SEED_STRIDE + tl.load(steps + row) * STEP_STRIDE
        bits = (bits ^ (bits >> 30 & 0x3FFFFFFFF)) * FIRST
        bits = (bits ^ (bits >> 27 & 0x1FFFFFFFFF)) * SECOND
        bits = (bits ^ (bits >> 31 & 0x1FFFFFFFF)) + places.to(tl.int64) * GOLDEN
        bits = (bits ^ (bits >> 30 & 0x3FFFFFFFF)) * FIRST
        bits = (bits ^ (bits >> 27 & 0x1FFFFFFFFF)) * SECOND
        bits = bits ^ (bits >> 31 & 0x1FFFFFFFF)
        # In float32 first, as torch adds a number to whole ones.
        uniform = ((bits >> 40 & 0xFFFFFF).to(tl.float32) + 0.5).to(tl.float64) * (1.0 / 16777216)
        noise = (-tl.log(-tl.log(tl.minimum(uniform, LARGEST)))).to(tl.float32)
        drawn = tl.div_rn(scores, tl.zeros_like(scores) + tl.maximum(temperature, 1e-5)) + noise
        scores = tl.where(temperature > 0, drawn, scores)
        is_number = tl.abs(scores) >= 0
        strange = tl.sum((inside & (is_number == 0)).to(tl.int32), 0)
        scores = tl.where(inside & is_number, scores, -float("inf"))
        best = tl.max(scores, 0)
        # Of several it is the first.
        token = tl.min(tl.where(inside & (scores == best), places, BLOCK), 0)
        finite = (strange == 0) & (best > -float("inf")) & (best < float("inf"))
        tl.store(tokens + row, tl.where(finite, token, NOT_A_NUMBER).to(tl.int64))

    return draw_kernel
