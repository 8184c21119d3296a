"""Attention of one query for each row and head, as a step of one token takes it, by a kernel of its own on CUDA.

Under a mask, torch's kernels go over the positions of the longest row; this one reads those that a row has, and no
more. What it adds up for a row, and in which order, is the same in a batch of any size. So it is taken where all
positions count, too, although torch's own choice takes 8 to 15% less time for that (H100 and H200, 256 and 384 rows).
In float16, with random weights, 64 of 64 rows came out of a batch of 256 as of one of 64, and 256 of 256 out of one of
384 (H200). With torch's choice for all positions it was 39 of 64 and 79 of 128, out of batches of 128 and 256 (H100);
there the mels of a batch were also taken all at once, which `mels` avoids since. Which of the two it was is not known.

It needs Triton, which comes with torch for CUDA.
"""

from __future__ import annotations

import importlib.util
import warnings
from contextlib import nullcontext
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

# By how much the kernel and torch's own may differ where values are about 1, for 16 bits of precision.
TOLERANCE = 0.02
BLOCK = 64
# Below any score, and not infinite: less itself, it is zero.
LOWEST = -1e30


def attend(query: Tensor, keys: Tensor, values: Tensor, last: Tensor | None, longest: int) -> Tensor:
    """What each row takes from keys and values (rows, heads, positions, width), (rows, heads, width), by the kernel.

    A row attends to its positions up to `last` (rows,), or to the first `longest` where that is None. Only where
    `kernel_on` says so.
    """
    rows, heads, width = query.shape
    result = torch.empty(query.shape, dtype=query.dtype, device=query.device)
    lasts = torch.zeros(rows, dtype=torch.long, device=query.device) if last is None else last
    with torch.cuda.device(query.device) if query.is_cuda else nullcontext():
        _kernel()[(rows * heads,)](
            query, keys, values, result, lasts, *query.stride()[:2], *keys.stride()[:3], *values.stride()[:3],
            lasts.stride(0), longest, heads, width**-0.5, UP_TO_LAST=last is not None, WIDTH=width, BLOCK=BLOCK,
            LOWEST=LOWEST,
        )  # fmt: skip
    return result


@cache
def kernel_on(device: torch.device, width: int) -> bool:
    """Whether the kernel works there and gives what torch gives; warns where it should and does not."""
    if device.type != "cuda" or importlib.util.find_spec("triton") is None or width & (width - 1) or width < 16:
        return False
    try:
        worst = greatest_difference(device, width)
    except Exception as error:  # of whatever kind: compilers and drivers have many
        warnings.warn(f"no kernel for single queries, so speech is slower: {error}", stacklevel=2)
        return False
    if not worst < TOLERANCE:
        warnings.warn(f"the kernel for single queries is off by {worst}, so speech is slower", stacklevel=2)
        return False
    return True


def greatest_difference(device: torch.device, width: int) -> float:
    """Between the kernel's numbers and torch's, of random rows at different places, in half precision."""
    random = torch.Generator().manual_seed(0)

    def some(*shape: int) -> Tensor:
        return torch.randn(shape, generator=random).to(device, torch.float16)

    query, keys, values = some(3, 2, width), some(3, 2, 300, width), some(3, 2, 300, width)
    last = torch.tensor([0, 70, 255], device=device)
    masks = {None: None, last: (torch.arange(256, device=device) <= last[:, None])[:, None, None]}
    worst = 0.0
    for given, mask in masks.items():
        theirs = F.scaled_dot_product_attention(query[:, :, None], keys[:, :, :256], values[:, :, :256], attn_mask=mask)
        ours = attend(query, keys, values, given, 256)
        worst = max(worst, float((ours - theirs[:, :, 0]).abs().max()))
    return worst


@cache
def _kernel() -> Any:
    """Compiled for a device when it is first launched there."""
    import triton
    import triton.language as tl

    @triton.jit
    def attend_kernel(  # type: ignore[no-untyped-def]
        query, keys, values, result, last, query_row, query_head, keys_row, keys_head, keys_place, values_row,
        values_head, values_place, last_row, longest, heads, scale, UP_TO_LAST: tl.constexpr, WIDTH: tl.constexpr,
        BLOCK: tl.constexpr, LOWEST: tl.constexpr,
    ):  # fmt: skip
        place = tl.program_id(0)
        row = (place // heads).to(tl.int64)
        head = place % heads
        across = tl.arange(0, WIDTH)
        asked = tl.load(query + row * query_row + head * query_head + across).to(tl.float32) * scale
        count = longest
        if UP_TO_LAST:
            count = tl.load(last + row * last_row).to(tl.int32) + 1
        # Each lane goes over every BLOCKth position with a softmax of its own, so that none waits for another.
        greatest = tl.full([BLOCK], LOWEST, dtype=tl.float32)
        total = tl.zeros([BLOCK], dtype=tl.float32)
        mixed = tl.zeros([BLOCK, WIDTH], dtype=tl.float32)
        for start in range(0, count, BLOCK):
            places = start + tl.arange(0, BLOCK)
            inside = places < count
            at = keys + row * keys_row + head * keys_head + places[:, None] * keys_place + across[None, :]
            key = tl.load(at, mask=inside[:, None], other=0.0).to(tl.float32)
            scores = tl.where(inside, tl.sum(key * asked[None, :], 1), -float("inf"))
            higher = tl.maximum(greatest, scores)
            weights = tl.exp(scores - higher)
            shrunk = tl.exp(greatest - higher)
            at = values + row * values_row + head * values_head + places[:, None] * values_place + across[None, :]
            value = tl.load(at, mask=inside[:, None], other=0.0).to(tl.float32)
            mixed = mixed * shrunk[:, None] + weights[:, None] * value
            total = total * shrunk + weights
            greatest = higher
        shares = tl.exp(greatest - tl.max(greatest, 0))
        attended = tl.sum(mixed * shares[:, None], 0) / tl.sum(total * shares, 0)
        tl.store(result + place.to(tl.int64) * WIDTH + across, attended.to(result.dtype.element_ty))

    return attend_kernel
