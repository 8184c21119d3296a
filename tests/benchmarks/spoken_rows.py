"""A run that has come as far as `synthesize`: as many spoken rows as are wanted, with texts of real rows.

The tokens are drawn one by one, each the same as the one before or else any of the others, as often as it happened in
speech that was encoded: that packs worse than speech does. Lengths are those of instructions, 8 seconds on average.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
import pyarrow as pa

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.verdicts import KEPT, VERDICT_SCHEMA, Outcome
from sayso.stages.rows.turns import LATER_TURNS
from tests.sound_formats import SOUND_FORMAT

SHARD_ROWS = 10_000
# Rows that are written together have no text twice, as real ones have none.
GROUP_ROWS = 4_096
# The share of tokens that repeat the one before, over the 159 rows of the demo.
REPEATED = 0.24
MEAN_SECONDS = 8.0
# What speech makes of a row; all else is the sample's.
MADE = ("sound_tokens", "tokens_per_turn", "duration", "voice", "transcript", "wer", "cer")
KINDS, SHARES = ("instruction", "transcription", "text"), (0.7, 0.2, 0.1)


def spoken_run(ledger: Ledger, texts: pl.DataFrame, rows: int, seed: int) -> None:
    """Commit so many rows to a ledger as shards of `sample` and `synthesize`, one in memory at a time.

    `texts` has `prompt`, `spoken`, `answer`, `source`, `license` and `language`, at least `GROUP_ROWS` of them.
    """
    shards = -(-rows // SHARD_ROWS)
    names = [f"{number:05d}" for number in range(shards)]
    numbers = np.random.default_rng(seed)
    for number, name in enumerate(names):
        count = min(SHARD_ROWS, rows - number * SHARD_ROWS)
        table = _rows(texts, _ids(numbers, number, shards, count), numbers)
        spoken = table.select("id", "source", "position", "kind", "spoken", *MADE)
        for stage, part in (("sample", table.drop(MADE)), ("synthesize", spoken)):
            key = ShardKey(stage=stage, shard=name, fingerprint="bench", input=f"{seed}")
            ledger.commit(key, Outcome(part, _kept(part)), count, {}, 0.0, {})
    ledger.write_plan(RunPlan(name="bench").with_stage("sample", names).with_stage("synthesize", names))


def _ids(numbers: np.random.Generator, shard: int, shards: int, count: int) -> list[str]:
    """Random ids within the range of a shard, sorted."""
    first, following = -(-shard * 2**32 // shards), -(-(shard + 1) * 2**32 // shards)
    high = numbers.integers(first, following, count, np.uint64)
    low = numbers.integers(0, 2**62, (count, 2), np.uint64) % np.uint64(2**48)
    return sorted(f"{a:08x}{b:012x}{c:012x}" for a, (b, c) in zip(high.tolist(), low.tolist(), strict=True))


def _rows(texts: pl.DataFrame, ids: list[str], numbers: np.random.Generator) -> pl.DataFrame:
    count = len(ids)
    places = np.concatenate(list(_places(texts.height, count, numbers)))
    kind = numbers.choice(len(KINDS), count, p=SHARES)
    is_text = kind == KINDS.index("text")
    lengths = numbers.gamma(3.0, MEAN_SECONDS / 3, count) * SOUND_FORMAT.tokens_per_second
    lengths = np.where(is_text, 0, np.clip(lengths, SOUND_FORMAT.tokens_per_second, SOUND_FORMAT.max_tokens)).astype(
        np.int64
    )
    said = pl.Series(~is_text)
    wer = np.where(numbers.random(count) < 0.7, 0.0, numbers.random(count) * 0.3)
    table = texts[places].with_columns(
        pl.Series("id", ids),
        pl.Series("kind", pl.Series(KINDS).gather(kind)),
        pl.Series("position", [f"rows.jsonl:{place}" for place in places.tolist()]),
        pl.lit(None, LATER_TURNS).alias("later_turns"),
        _lists("sound_tokens", _tokens(int(lengths.sum()), numbers), lengths),
        _lists("tokens_per_turn", lengths[~is_text].astype(np.uint16), (~is_text).astype(np.int64)),
        pl.when(said).then(pl.Series(lengths / SOUND_FORMAT.tokens_per_second)).alias("duration"),
        pl.when(said).then(pl.lit("heart")).alias("voice"),
        pl.when(said).then("spoken").alias("transcript"),
        pl.when(said).then(pl.Series(wer)).alias("wer"),
        pl.when(said).then(pl.Series(wer / 2)).alias("cer"),
        pl.when(said).then("spoken").alias("spoken"),
    )
    return table.select("id", "source", "position", pl.exclude("id", "source", "position"))


def _places(height: int, count: int, numbers: np.random.Generator) -> Iterator[np.ndarray]:
    while count > 0:
        yield numbers.choice(height, min(count, GROUP_ROWS), replace=False)
        count -= GROUP_ROWS


def _tokens(count: int, numbers: np.random.Generator) -> np.ndarray:
    drawn = numbers.integers(0, SOUND_FORMAT.codes, count, np.uint16)
    fresh = numbers.random(count) >= REPEATED
    fresh[:1] = True
    return drawn[np.maximum.accumulate(np.where(fresh, np.arange(count), 0))]


def _lists(name: str, values: np.ndarray, lengths: np.ndarray) -> pl.Series:
    ends = pa.array(np.append(0, np.cumsum(lengths)), pa.int64())
    return pl.Series(name, pl.from_arrow(pa.LargeListArray.from_arrays(ends, pa.array(values))))


def _kept(rows: pl.DataFrame) -> pl.DataFrame:
    nothing = [pl.lit(None, VERDICT_SCHEMA[name]).alias(name) for name in ("filter", "reason", "detail")]
    return rows.select("id", "source", "position", pl.lit(KEPT).alias("verdict"), *nothing)
