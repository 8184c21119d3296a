"""Find one row of a run: by its id or how that begins, by its position, or by a piece of its prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import LIST_NAME
from sayso.manifests.reading import readable
from sayso.manifests.run_plan import StagePlan

WHERE = ("id", "source", "position")
# Fewer digits than six are a number or a word more often than an id.
BEGINNING = re.compile(r"[0-9a-fA-F]{6,31}")
MOST_LISTED = 10
SHOWN_OF_PROMPT = 60


class UnknownRow(SaysoError):
    """Raised when no row of the run is the one that was asked for, or several are, which it lists."""

    exit_code = ExitCode.NOT_FOUND


def find_row(ledger: Ledger, row: str) -> tuple[str, str, str]:
    """The id, source and position of the row with this id or position.

    Where there is none, of the one whose id begins so, with six digits or more, or else of the one with this text in
    its prompt as it was ingested, whatever the case. Raises UnknownRow or DamagedShard.
    """
    stages = ledger.plan().stages
    is_beginning = pl.lit(False)
    if BEGINNING.fullmatch(row):
        is_beginning = pl.col("id").str.starts_with(row.lower())
    is_row = (pl.col("id") == row.lower()) | (pl.col("position") == row)
    begun = []
    # Made rows begin at a later stage than others.
    for stage in stages:
        shards = [record.key.shard for record in ledger.records(stage)]
        if not shards:
            break
        verdicts = (ledger.verdicts(stage.stage, [shard], WHERE) for shard in shards)
        found = pl.concat(each.filter(is_row | is_beginning) for each in verdicts)
        exact = found.filter(is_row)
        if exact.height:
            return _only(exact, exact.height, f"{row} names")
        begun.append(found)
    among = pl.concat(begun).unique("id", maintain_order=True) if begun else pl.DataFrame()
    if among.height:
        return _only(among, among.height, f"{row} begins the ids of")
    # A dataset by itself has no rows of its stages.
    if stages and row.strip() and ledger.storage.size(LIST_NAME) is None:
        among, rows = _with_text(ledger, stages[0], row)
        if rows:
            return _only(among, rows, f"{row!r} is in the prompts of")
    raise UnknownRow(f"{row}: no row of this run has that id or position (ids are 32 hexadecimal digits)")


def _only(found: pl.DataFrame, rows: int, beginning: str) -> tuple[str, str, str]:
    if rows > 1:
        listed = "".join(f"\n  {line}" for line in _lines(found.head(MOST_LISTED)))
        more = rows - MOST_LISTED
        raise UnknownRow(
            f"{beginning} {rows:,} rows; ask for one by its id:{listed}"
            + (f"\n  and {more:,} more" if more > 0 else "")
        )
    row_id, source, position = found.select(WHERE).row(0)
    return row_id, source, position


def _lines(found: pl.DataFrame) -> Iterator[str]:
    for row in found.iter_rows(named=True):
        prompt = " ".join((row.get("prompt") or "").split())
        cut = f"{prompt[:SHOWN_OF_PROMPT]} …" if len(prompt) > SHOWN_OF_PROMPT else prompt
        yield "  ".join(part for part in (row["id"], row["source"], row["position"], cut) if part)


def _with_text(ledger: Ledger, stage: StagePlan, text: str) -> tuple[pl.DataFrame, int]:
    """The first rows with a text in their prompt, `WHERE` and `prompt`, and how many there are."""
    has_text = pl.col("prompt").str.to_lowercase().str.contains(text.lower(), literal=True)
    found, listed, every = [], 0, 0
    for record in ledger.records(stage):
        table = ledger.table_in(record, record.rows_file.name)
        with readable(table):
            rows = table.read(("id", "prompt")).filter(has_text)
        every += rows.height
        first = rows.head(MOST_LISTED - listed)
        if first.height:
            found.append(first.join(ledger.verdicts(stage.stage, [record.key.shard], WHERE), on="id"))
            listed += first.height
    return pl.concat(found) if found else pl.DataFrame(), every
