"""Jobs of which some rows end the process that judges them. Workers and what they start import this file."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from sayso.manifests.records import ShardKey
from sayso.manifests.verdicts import outcome
from sayso.stages.jobs.job import Done


@dataclass(frozen=True)
class DeadlyRows:
    """A job of numbered rows. `ends`: position to a signal, below 0, or an exit code; so many `times` in all."""

    key: ShardKey
    count: int
    ends: dict = field(default_factory=dict)
    drops: tuple = ()
    times: int = 1_000
    parameters: dict = field(default_factory=dict)

    def outcome(self, ledger):
        return self.judge(ledger, self.rows(ledger))

    def rows(self, ledger):
        numbers = range(self.count)
        columns = {"id": [f"{number * 7919 % 10_007:05}" for number in numbers], "source": "made"}
        return pl.DataFrame({**columns, "position": [f"made.jsonl:{number + 1}" for number in numbers]})

    def judge(self, ledger, rows):
        for code in map(self.ends.get, rows["position"]):
            if code is not None and self.is_deadly(ledger):
                os.kill(os.getpid(), -code) if code < 0 else os._exit(code)
        reason = pl.when(pl.col("position").is_in(self.drops)).then(pl.lit("unwanted"))
        size = pl.col("position").str.len_chars().alias("made.size")
        return Done(outcome(rows, "made", reason, [size], kept=["id", "position"]), rows.height)

    def is_deadly(self, ledger):
        ended = Path(ledger.storage.root, f"{self.key.shard}-ended")
        before = ended.stat().st_size if ended.exists() else 0
        ended.write_bytes(b"." * (before + 1))
        return before < self.times


def deadly(shard, count, ends, **more):
    """A job whose rows of these numbers, from 1, end the process."""
    positions = {f"made.jsonl:{number}": code for number, code in ends.items()}
    return DeadlyRows(ShardKey(stage="screen", shard=shard, fingerprint="f", input="i"), count, positions, **more)
