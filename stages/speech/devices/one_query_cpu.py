"""Attention of one query for each row and head on a CPU: each row by itself, over the positions that it has.

Of a row with hundreds of positions, torch's own attention reads keys and values at half the speed of the memory; the
loops here, which Numba compiles, read them nearly as fast as it gives them, and one call takes all rows of a step.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor


class OwnPositions:
    """The rows in `slots`, which attend to their first `lengths` positions each."""

    def __init__(self, slots: Sequence[int], lengths: Sequence[int]) -> None:
        self._slots, self._lengths = np.asarray(slots), np.asarray(lengths)

    def attend(self, query: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """What the rows take from keys and values (slots, heads, positions, width), (slots, heads, width).

        The bits of a row depend on that row alone. Zero for slots without a row. In half precision, and without Numba,
        torch does it.
        """
        attended = torch.zeros_like(query)
        loops = _loops() if query.dtype == torch.float32 else None
        if loops is not None:
            arrays = (part.numpy() for part in (query, keys, values, attended))
            loops(*arrays, self._slots, self._lengths)
            return attended
        for slot, length in zip(self._slots.tolist(), self._lengths.tolist(), strict=True):
            row = slice(slot, slot + 1)
            mixed = F.scaled_dot_product_attention(query[row, :, None], keys[row, :, :length], values[row, :, :length])
            attended[slot] = mixed[0, :, 0]
        return attended


@cache
def _loops() -> Any:
    """Compiled when they are first called; None where there is nothing to compile them."""
    if importlib.util.find_spec("numba") is None:
        return None
    import numba

    # Sums in any order, which is what makes them fast; not-a-number must stay what it is, for it ends a row.
    @numba.njit(cache=True, fastmath={"reassoc", "contract", "arcp", "nsz"}, error_model="numpy")
    def attend_rows(query, keys, values, attended, slots, lengths):  # type: ignore[no-untyped-def]
        heads, width = query.shape[1:]
        scale = np.float32(1 / np.sqrt(width))
        shares = np.empty(max(lengths), dtype=np.float32)
        for row in range(len(slots)):
            slot, count = slots[row], lengths[row]
            for head in range(heads):
                asked, key, value = query[slot, head], keys[slot, head], values[slot, head]
                highest = np.float32(-np.inf)
                for place in range(count):
                    score = np.float32(0)
                    for across in range(width):
                        score += asked[across] * key[place, across]
                    shares[place] = score
                    highest = max(highest, score)
                total = np.float32(0)
                for place in range(count):
                    shares[place] = np.exp((shares[place] - highest) * scale)
                    total += shares[place]
                mixed = attended[slot, head]
                for place in range(count):
                    share = shares[place]
                    for across in range(width):
                        mixed[across] += share * value[place, across]
                for across in range(width):
                    mixed[across] /= total

    return attend_rows
