"""A job is carried out and filed, or says why not."""

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.jobs.job import Done, Table, carry_out
from tests.stages.sources.formats.test_parquet_rows import INTERVAL


@dataclass(frozen=True)
class Panicking:
    """A job at which Polars panics, as at a column of a type that it lacks."""

    key: ShardKey
    parameters: dict[str, object] = field(default_factory=dict)

    def outcome(self, ledger: Ledger) -> Done | Table:
        return Table(pl.read_parquet(INTERVAL))


def test_what_polars_panics_at_is_an_error_like_any_other(tmp_path: Path) -> None:
    job = Panicking(ShardKey(stage="survey", shard="00000", fingerprint="f", input="i"))
    with pytest.raises(RuntimeError, match=r"Polars broke off: .*month_day_millisecond_interval"):
        carry_out(Ledger(str(tmp_path)), job)
