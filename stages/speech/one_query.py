"""Attention of one query for each row and head over the row's own positions, by a kernel on CUDA.

A step of one token asks once in each row, and each row has positions of its own. Under a mask, torch's kernels go over
those of the longest row; this one reads those that a row has, and no more. Where all positions count, torch's own
choice is as fast on an H200 and is taken. It needs Triton, which comes with torch for CUDA.
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


def heard(query: Tensor, keys: Tensor, values: Tensor, last: Tensor) -> Tensor:
    """What each row hears, (rows, heads, width), of keys and values (rows, heads, positions, width), by the kernel.

    A row listens to its positions up to `last` (rows,). Only where `kernel_on` says so.
    """
    rows, heads, width = query.shape
    result = torch.empty(query.shape, dtype=query.dtype, device=query.device)
    with torch.cuda.device(query.device) if query.is_cuda else nullcontext():
        _kernel()[(rows * heads,)](
            query, keys, values, result, last, *query.stride()[:2], *keys.stride()[:3], *values.stride()[:3],
            last.stride(0), heads, width**-0.5, WIDTH=width, BLOCK=BLOCK, LOWEST=LOWEST,
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
    mask = (torch.arange(300, device=device) <= last[:, None])[:, None, None]
    theirs = F.scaled_dot_product_attention(query[:, :, None], keys, values, attn_mask=mask)[:, :, 0]
    return float((heard(query, keys, values, last) - theirs).abs().max())


@cache
def _kernel() -> Any:
    """Compiled for a device when it is first launched there."""
    import triton
    import triton.language as tl

    @triton.jit
    def attend(  # type: ignore[no-untyped-def]
        query, keys, values, result, last, query_row, query_head, keys_row, keys_head, keys_place, values_row,
        values_head, values_place, last_row, heads, scale, WIDTH: tl.constexpr,
        BLOCK: tl.constexpr, LOWEST: tl.constexpr,
    ):  # fmt: skip
        place = tl.program_id(0)
        row = (place // heads).to(tl.int64)
        head = place % heads
        across = tl.arange(0, WIDTH)
        asked = tl.load(query + row * query_row + head * query_head + across).to(tl.float32) * scale
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
        heard = tl.sum(mixed * shares[:, None], 0) / tl.sum(total * shares, 0)
        tl.store(result + place.to(tl.int64) * WIDTH + across, heard.to(result.dtype.element_ty))

    return attend
