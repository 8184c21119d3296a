"""Rows that a stage decided about in some way, drawn by a seed: their texts, values and thresholds."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from pydantic import BaseModel, ConfigDict

from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import LIST_NAME
from sayso.manifests.reading import readable
from sayso.manifests.records import Count, Record, verdicts_name
from sayso.manifests.reports.explanation import TEXT_COLUMNS, Step, step_in, texts_in
from sayso.manifests.suggestions import suggestion

# So many times as many rows as are wanted are drawn, for some are duplicates of each other.
SPARE = 3
# Of a row that was dropped as a duplicate, the one that stays in its place.
STAYS = "duplicates.of"


class NoSuchRows(SaysoError):
    """Raised where a run has no rows as they are asked for; says which there are."""

    exit_code = ExitCode.NOT_FOUND


class WrongCondition(SaysoError):
    """Raised for a condition that is none, or that names what no stage measured."""

    exit_code = ExitCode.WRONG_USE


@dataclass(frozen=True)
class Wanted:
    """Which rows: all that is given has to be true of them, and where nothing is given, that they fell out.

    `where` is a condition in SQL over the columns of verdicts.
    """

    reason: str | None = None
    filter: str | None = None
    stage: str | None = None
    source: str | None = None
    where: str | None = None

    def __str__(self) -> str:
        named = (*self.exact.items(), ("stage", self.stage), ("where", self.where))
        return ", ".join(f"{name} {value}" for name, value in named if value is not None) or "those that fell out"

    def rows_in(self, record: Record) -> int:
        """How many there are in a shard, as its record has counted them; `where` aside."""
        if self.stage not in (None, record.key.stage):
            return 0
        return sum(count.rows for count in record.counts if self._is_of(count))

    @property
    def condition(self) -> pl.Expr:
        """The same for rows of verdicts, `where` included. Raises WrongCondition."""
        true = [pl.col(name) == value for name, value in self.exact.items()]
        if self._only_lost:
            true.append(pl.col("reason").is_not_null())
        return pl.all_horizontal(pl.lit(True), *true, *([] if self.where is None else [self._parsed]))

    @property
    def columns(self) -> list[str]:
        """The columns that `where` speaks of. Raises WrongCondition."""
        return [] if self.where is None else self._parsed.meta.root_names()

    @cached_property
    def _parsed(self) -> pl.Expr:
        try:
            return pl.sql_expr(self.where or "true")
        except pl.exceptions.PolarsError as error:
            raise WrongCondition(f"{self.where!r} is no condition in SQL: {error}") from error

    @property
    def exact(self) -> dict[str, str]:
        named = {"reason": self.reason, "filter": self.filter, "source": self.source}
        return {name: value for name, value in named.items() if value is not None}

    @property
    def _only_lost(self) -> bool:
        return self.reason is self.filter is self.stage is self.where is None

    def _is_of(self, count: Count) -> bool:
        return not (self._only_lost and count.reason is None) and all(
            getattr(count, name) == value for name, value in self.exact.items()
        )


class Example(BaseModel):
    """A row, its texts as it came into the stage or went on from it, and what the stage decided."""

    model_config = ConfigDict(frozen=True)

    id: str
    source: str
    position: str
    texts: dict[str, str]
    step: Step


class Examples(BaseModel):
    """Rows that were drawn, and how many there are to be drawn from."""

    model_config = ConfigDict(frozen=True)

    of: int
    rows: tuple[Example, ...]

    def table(self) -> pl.DataFrame:
        """A line a row: id, source, position, its texts, what was decided, then each value that was measured."""
        lines = [
            {
                **row.model_dump(include={"id", "source", "position"}),
                **{name: row.texts.get(name) for name in TEXT_COLUMNS},
                **row.step.model_dump(include={"stage", "verdict", "filter", "reason", "detail"}),
                **row.step.values,
            }
            for row in self.rows
        ]
        return pl.DataFrame(lines, infer_schema_length=None)


def examples(ledger: Ledger, wanted: Wanted, number: int, seed: int) -> Examples:
    """At most `number` of the rows that are wanted, each as likely as another; of duplicates of one row, one.

    The same seed draws the same rows of the same run. Raises NoSuchRows, WrongCondition or DamagedShard.
    """
    held = [record for stage in ledger.plan().stages for record in ledger.records(stage)]
    among = [place for place, record in enumerate(held) if wanted.rows_in(record)]
    draws = random.Random(seed)
    if wanted.where is None:
        counts = [wanted.rows_in(held[place]) for place in among]
        total = sum(counts)
        shares = Counter(draws.sample(among, counts=counts, k=min(number * SPARE, total)) if among else ())
        found = [
            _some(_matching(ledger, held[place], wanted, place), share, draws)
            for place, share in sorted(shares.items())
        ]
    else:
        found = [_matching(ledger, held[place], wanted, place) for place in _measuring(ledger, wanted, held, among)]
        total = sum(rows.height for rows in found)
    if not total:
        raise NoSuchRows(f"no row of this run is one of {wanted}{_known(held, wanted)}")
    drawn = _some(pl.concat(found), number * SPARE, draws).unique("cluster", keep="first", maintain_order=True)
    return Examples(of=total, rows=_with_texts(ledger, held, drawn, number))


def _some(rows: pl.DataFrame, number: int, draws: random.Random) -> pl.DataFrame:
    return rows[draws.sample(range(rows.height), min(number, rows.height))]


def _matching(ledger: Ledger, record: Record, wanted: Wanted, place: int) -> pl.DataFrame:
    """The rows of a shard that are wanted: id, source, position, `cluster`, and the `place` of the shard."""
    stage, shard = record.key.stage, record.key.shard
    held = _columns(ledger, record)
    needed = {"id", "source", "position", "filter", "reason", *wanted.columns, *({STAYS} & held)}
    verdicts = ledger.verdicts(stage, [shard], sorted(needed))
    try:
        found = verdicts.filter(wanted.condition)
    except pl.exceptions.PolarsError as error:
        raise WrongCondition(f"{wanted.where!r} cannot be asked of {stage}: {error}") from error
    cluster = pl.coalesce(STAYS, "id") if STAYS in held else pl.col("id")
    return found.select("id", "source", "position", cluster.alias("cluster"), pl.lit(place).alias("place"))


def _columns(ledger: Ledger, record: Record) -> set[str]:
    """The columns of a shard's verdicts, by the footer alone."""
    table = ledger.table_in(record, verdicts_name(record.key.stage, record.key.shard))
    with readable(table):
        return {*table.columns}


def _measuring(ledger: Ledger, wanted: Wanted, held: Sequence[Record], among: Iterable[int]) -> list[int]:
    """Those shards that have what a condition speaks of. Raises WrongCondition where none has."""
    asked, known = {*wanted.columns}, dict[str, None]()
    found = []
    for place in among:
        columns = _columns(ledger, held[place])
        known |= dict.fromkeys(sorted(columns))
        if asked <= columns:
            found.append(place)
    if not found and (missing := [name for name in sorted(asked) if name not in known]):
        raise WrongCondition(
            f"{missing[0]}: none of these rows has such a value{suggestion(missing[0], known)} A name with a dot "
            'stands in double quotes, as in "speech.wer" > 0.2'
        )
    return found


def _known(held: Iterable[Record], wanted: Wanted) -> str:
    """The end of a sentence: what there is of what was asked for in vain."""
    counts = [(record.key.stage, count) for record in held for count in record.counts]
    for name, value in wanted.exact.items():
        known = {found for _, count in counts if (found := getattr(count, name))}
        if value not in known:
            return suggestion(value, sorted(known))
    stages = dict.fromkeys(stage for stage, _ in counts)
    return suggestion(wanted.stage, stages) if wanted.stage is not None and wanted.stage not in stages else ""


def _with_texts(ledger: Ledger, held: Sequence[Record], drawn: pl.DataFrame, number: int) -> tuple[Example, ...]:
    """The first rows of those drawn, no two with one prompt. A dataset by itself has no texts of rows on their way."""
    places = _places(ledger, held, drawn) if ledger.storage.size(LIST_NAME) is None else {}
    rows: dict[str, Example] = {}
    for row_id, source, position, _, place in drawn.iter_rows():
        texts: dict[str, str] = {}
        for holds_it in places.get(row_id, ()):
            key = held[holds_it].key
            texts = texts_in(ledger, key.stage, key.shard, row_id) | texts
        step = step_in(ledger, held[place], row_id)
        assert step is not None
        example = Example(id=row_id, source=source, position=position, texts=texts, step=step)
        rows.setdefault(texts.get("prompt", row_id), example)
        if len(rows) == number:
            break
    return tuple(rows.values())


def _places(ledger: Ledger, held: Sequence[Record], drawn: pl.DataFrame) -> dict[str, list[int]]:
    """Which shards hold the texts of each row, up to the stage that decided about it: the last first, to its prompt.

    Most often that is the shard of the same name; only where it is not are all shards of a stage looked through.
    """
    without_prompt, found = {*drawn["id"]}, dict[str, list[int]]()
    last = held[max(drawn["place"])].key.stage
    names = {held[place].key.shard for place in drawn["place"].unique()}
    stages = list(dict.fromkeys(record.key.stage for record in held))
    for stage in reversed(stages[: stages.index(last) + 1]):
        of_stage = [place for place, record in enumerate(held) if record.key.stage == stage and record.rows_out]
        left = {*without_prompt}
        for place in sorted(of_stage, key=lambda place: held[place].key.shard not in names):
            if not left:
                break
            table = ledger.table_in(held[place], held[place].rows_file.name)
            with readable(table):
                if not {*TEXT_COLUMNS} & {*table.columns}:
                    break
                here = left.intersection(table.read(["id"])["id"])
                left -= here
                for row_id in here:
                    found.setdefault(row_id, []).append(place)
                if "prompt" in table.columns:
                    without_prompt -= here
    return found
