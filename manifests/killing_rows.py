"""The rows of a run that killed each process that was given them by themselves: which, and what was seen of it.

They lie in a file of their own until their shard is done and after, so that nobody is killed by them again. It names
machines, so it stays in the run's folder, and what is published has their verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from pydantic import BaseModel, ConfigDict

from sayso.manifests.ledger import Ledger
from sayso.manifests.names import KILLING_ROWS_NAME
from sayso.manifests.records import ShardKey
from sayso.manifests.sealing import seal, unseal

# What a verdict on such a row names as its filter, and as its reason.
ENGINE, KILLS_THE_WORKER = "engine", "kills_the_worker"


class Kill(BaseModel):
    """How a process ended that was given one row: by which signal or exit code, at how much memory, and where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    how: str
    mebibytes: int
    host: str
    process: int


class KillingRow(BaseModel):
    """A row that killed several processes by itself, and the key of the job to whose rows it belongs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ShardKey
    id: str
    position: str
    kills: tuple[Kill, ...]

    @property
    def how(self) -> str:
        """The signals or exit codes that it ended processes by, each once."""
        return ", ".join(dict.fromkeys(kill.how for kill in self.kills))

    @property
    def measured(self) -> dict[str, object]:
        """What was seen, by the names of measured values."""
        return {
            f"{ENGINE}.signal": self.how,
            f"{ENGINE}.mebibytes": max(kill.mebibytes for kill in self.kills),
            f"{ENGINE}.nodes": ", ".join(dict.fromkeys(kill.host for kill in self.kills)),
        }


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: tuple[KillingRow, ...]


def read_killing_rows(ledger: Ledger) -> tuple[KillingRow, ...]:
    """Those of a run, none where it has no such file. Raises ValueError where that is not as it was written."""
    try:
        content = ledger.storage.read(KILLING_ROWS_NAME)
    except FileNotFoundError:
        return ()
    return _File.model_validate_json(unseal(content)).rows


def known_killing_rows(ledger: Ledger) -> tuple[KillingRow, ...]:
    """The same, or none: what a damaged file said is found out again."""
    with suppress(ValueError):
        return read_killing_rows(ledger)
    return ()


def record_killing_rows(ledger: Ledger, rows: Sequence[KillingRow]) -> None:
    """Put rows of one job to those of the run; what an earlier job of its shard found, with another key, goes."""
    ledger.check_claim()
    key = rows[0].key
    others = [row for row in known_killing_rows(ledger) if row.key == key or _place(row.key) != _place(key)]
    content = _File(rows=(*others, *rows)).model_dump_json(indent=1)
    ledger.storage.write(KILLING_ROWS_NAME, seal(content.encode()))


def remove_if_damaged(ledger: Ledger) -> bool:
    """Take the file away if it is not as it was written, and say whether it was so."""
    try:
        read_killing_rows(ledger)
    except ValueError:
        ledger.check_claim()
        ledger.storage.remove(KILLING_ROWS_NAME)
        return True
    return False


def _place(key: ShardKey) -> tuple[str, str]:
    return key.stage, key.shard
