"""Inaudible rows: noise where a question should be, and an answer that asks to hear it again."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import xxhash

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.mix.refusals import REFUSALS
from sayso.stages.rows.draws import draw, splitmix
from sayso.stages.rows.kinds import Kind

INAUDIBLE: Kind = "inaudible"
LICENSE = "Apache-2.0"
_GOLDEN, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


def inaudible_ids(count: int, seed: int) -> pl.DataFrame:
    """`id` and `number` (from 1) of so many rows, sorted by id; the first ones are the same for any count."""
    ids = [xxhash.xxh3_128_hexdigest(f"{INAUDIBLE}\x1f{seed}\x1f{number}".encode()) for number in range(1, count + 1)]
    table = pl.DataFrame({"id": ids, "number": range(1, count + 1)}, schema={"id": pl.String, "number": pl.Int64})
    return table.sort("id")


def lengths(counts: Iterable[pl.Series], sound: SoundFormat) -> npt.NDArray[np.int64]:
    """How often each number of tokens, up to the most that a message has, occurs in series of them."""
    tally = np.zeros(sound.max_tokens + 1, np.int64)
    for each in counts:
        tally += np.bincount(each.to_numpy(), minlength=len(tally))
    return tally


def inaudible(named: pl.DataFrame, histogram: npt.NDArray[np.int64], sound: SoundFormat, seed: int) -> pl.DataFrame:
    """Rows for the given `id` and `number`: random tokens, as long as rows that are said, and a refusal.

    `histogram` is that of `lengths`, of one row at least. Everything is drawn from the seed and the row's id: the j-th
    token is the code, of those that stand for sound, that the upper half of the (j + 1)-th number of splitmix64
    (Steele, Lea and Flood 2014) falls on when all have an equal part of its range.
    """
    shares = np.cumsum(histogram) / max(1, histogram.sum())
    counts = np.searchsorted(shares, draw(named["id"], seed, "inaudible length").to_numpy(), side="right")
    tokens = _tokens(named["id"], counts, sound, seed)
    refusal = (draw(named["id"], seed, "refusal") * len(REFUSALS)).cast(pl.Int64)
    return named.select(
        "id",
        pl.lit(INAUDIBLE).alias("source"),
        pl.format("{}:{}", pl.lit(INAUDIBLE), "number").alias("position"),
        pl.lit(LICENSE).alias("license"),
        pl.lit(INAUDIBLE).alias("kind"),
        pl.lit("en").alias("language"),
        pl.Series("answer", REFUSALS).gather(refusal),
        tokens,
        pl.Series("tokens_per_turn", counts[:, None], dtype=pl.List(pl.UInt16)),
        pl.Series("duration", counts / sound.tokens_per_second, dtype=pl.Float64),
    )


def _tokens(ids: pl.Series, counts: npt.NDArray[np.int64], sound: SoundFormat, seed: int) -> pl.Series:
    low = ids.str.slice(16).str.to_integer(base=16, dtype=pl.UInt64).to_numpy()
    starts = low + np.uint64(xxhash.xxh3_64_intdigest(b"inaudible tokens", seed=seed))
    ends = np.cumsum(counts)
    place = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
    numbers = splitmix(np.repeat(starts, counts) + (place.astype(np.uint64) + np.uint64(1)) * _GOLDEN)
    codes = ((numbers >> _HALF) * np.uint64(sound.codes) >> _HALF).astype(np.uint16)
    if sound.mask_code is not None:
        codes += codes >= sound.mask_code
    return pl.Series("sound_tokens", pl.from_arrow(pa.LargeListArray.from_arrays(np.append(0, ends), codes)))
