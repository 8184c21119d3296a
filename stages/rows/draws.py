"""Random choices that are no accident: a number for each row from a seed, a purpose and the row's id alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import xxhash


def draw(ids: pl.Series, seed: int, purpose: str) -> pl.Series:
    """A number in [0, 1) for each id (32 hexadecimal digits), the same wherever and in whatever order it is drawn.

    The last 64 bits of the id, which is a hash already, are added to a key made of seed and purpose and mixed by
    the finalizer of splitmix64 (Steele, Lea and Flood 2014); the highest 53 bits of that are the number. What is
    drawn for two purposes is unrelated, and so are the draw and the first digits, by which rows are cut into ranges.
    """
    low = ids.str.slice(16).str.to_integer(base=16, dtype=pl.UInt64).to_numpy()
    mixed = splitmix(low + key_of(seed, purpose))
    return pl.Series("draw", (mixed >> np.uint64(11)) * 2.0**-53, dtype=pl.Float64)


def key_of(seed: int, purpose: str) -> np.uint64:
    """What draws for a purpose begin with."""
    return np.uint64(xxhash.xxh3_64_intdigest(purpose.encode(), seed=seed))


def splitmix(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finalizer of splitmix64: unrelated numbers of any numbers, however close these are to each other."""
    mixed = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
