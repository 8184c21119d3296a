"""What the rows of a published shard must be like, checked over a table of any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from sayso.manifests.dataset.contract import PRETRAINING, findings
from sayso.manifests.dataset.sound_format import LENGTH_TOLERANCE, SoundFormat

_TOKENS, _TURNS = pl.col("sound_tokens"), pl.col("tokens_per_turn")
_LENGTH = _TOKENS.list.len().fill_null(0)


@cache
def _breaches_of(config: str, sound: SoundFormat) -> Mapping[str, pl.Expr]:
    """Of a config, what is wrong with a row in which the expression is true."""
    if config == "ichigo":
        return {
            "a token out of range": ~pl.col("tokens").list.eval(pl.element().is_between(0, sound.highest)).list.all(),
            "another length than its tokens": pl.col("length") != pl.col("tokens").list.len(),
            "no sound tokens": pl.col("tokens").list.len().fill_null(0) == 0,
            "an empty answer": pl.col("answer").str.len_bytes().fill_null(0) == 0,
        }
    return {
        "an id that is not 32 hexadecimal digits": ~pl.col("id").str.contains(r"^[0-9a-f]{32}$"),
        f"a token above {sound.highest}": _TOKENS.list.max() > sound.highest,
        "no sound tokens": (_LENGTH == 0) & pl.col("kind").ne_missing("text"),
        "sound tokens though it is text": (_LENGTH > 0) & (pl.col("kind") == "text"),
        "turns that do not add up to its tokens": _TURNS.list.eval(pl.element().cast(pl.Int64)).list.sum() != _LENGTH,
        "a duration that does not fit its tokens": (pl.col("duration").is_null() != (_LENGTH == 0))
        | ((pl.col("duration") * sound.tokens_per_second - _LENGTH).abs() > LENGTH_TOLERANCE * _TURNS.list.len()),
        "an empty answer": (pl.col("answer").str.len_bytes().fill_null(0) == 0)
        & pl.col("kind").ne_missing(PRETRAINING),
        "an answer though it is for pre-training": pl.col("answer").is_not_null() & (pl.col("kind") == PRETRAINING),
    }


# The column by which rows of a split are in order, each value once.
ORDERED_BY = {"default": "id", "ichigo": "index"}
# What the checks read; a file without one of these is of another dataset.
COLUMNS = {
    "default": {
        "id": pl.String,
        "source": pl.String,
        "kind": pl.String,
        "sound_tokens": pl.List(pl.UInt16),
        "tokens_per_turn": pl.List(pl.UInt16),
        "duration": pl.Float32,
        "answer": pl.String,
        "conversations": pl.List(pl.Struct({"role": pl.String, "content": pl.String})),
    },
    "ichigo": {"index": pl.Int64, "tokens": pl.List(pl.Int64), "length": pl.Int64, "answer": pl.String},
}


@dataclass
class Breaches:
    """What is wrong with rows: how many have each breach, and which was the first."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, rows: Iterable[object]) -> None:
        """Count the rows, given by id or index, that have a breach."""
        for row in rows:
            self.counts[what] += 1
            self.first.setdefault(what, str(row))

    def merge(self, other: Breaches) -> None:
        """Take in what was found in rows after these."""
        self.counts += other.counts
        self.first = other.first | self.first

    def sentences(self) -> list[str]:
        """One for each breach."""
        return [
            f"row {self.first[what]} has {what}" + (f", and {count - 1:,} more" if count > 1 else "")
            for what, count in self.counts.items()
        ]


def breaches(rows: pl.DataFrame, config: str, sound: SoundFormat, before: str | int | None) -> Breaches:
    """What is wrong with consecutive rows of a split; `before` is the last id or index before them, None at first."""
    found = Breaches()
    name = ORDERED_BY[config]
    checks = _breaches_of(config, sound)
    broken = rows.select(name, *(expression.alias(what) for what, expression in checks.items()))
    for what in checks:
        found.add(what, broken.filter(pl.col(what).fill_null(False))[name])
    previous = rows[name].shift(1, fill_value=before)
    found.add(f"an {name} that is not above the one before", rows.filter(rows[name] <= previous)[name])
    if config == "default":
        for row_id, message, what in findings(rows, sound).rows():
            found.add(f"message {message}, which {what}" if message else what.removeprefix("has "), [row_id])
    return found
