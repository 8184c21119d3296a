"""The job of the mixture, for one range of ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.stages.jobs.job import Done
from sayso.stages.mix.inaudible import inaudible
from sayso.stages.mix.mix import mix
from sayso.stages.rows.kinds import Kind
from sayso.stages.synthesize.spoken_rows import spoken_rows


@dataclass(frozen=True)
class MixJob:
    """Bring the rows of one range of ids to the mixture, and make the inaudible ones of that range.

    `made` names these, and `histogram` says how long rows are that are said.
    """

    key: ShardKey
    parameters: dict[str, object]
    cutoffs: Mapping[Kind, float]
    made: pl.DataFrame
    histogram: npt.NDArray[np.int64]
    sound: SoundFormat
    seed: int

    def outcome(self, ledger: Ledger) -> Done:
        return self.judge(ledger, self.rows(ledger))

    def rows(self, ledger: Ledger) -> pl.DataFrame:
        return spoken_rows(ledger, self.key.shard)

    def judge(self, ledger: Ledger, rows: pl.DataFrame) -> Done:
        made = inaudible(self.made, self.histogram, self.sound, self.seed)
        return Done(mix(rows, made, self.cutoffs, self.seed), rows.height + made.height)
