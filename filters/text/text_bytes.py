"""A column of texts as compiled code takes it: one array of bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Bytes = npt.NDArray[np.uint8]


def text_bytes(texts: pl.Series) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """The UTF-8 bytes of all texts, one after the other, and where each begins; one more start than texts.

    The texts must hold no null.
    """
    column: Any = texts.to_arrow()
    _, starts, data = column.buffers()
    offsets = np.frombuffer(starts, np.int64)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8), offsets
