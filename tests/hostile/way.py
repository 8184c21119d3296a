"""The way of rows from files to what is published, through the stages themselves and without speech."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from sayso.filters import FILTERS
from sayso.filters.text.folding import text_hash
from sayso.manifests.verdicts import KEPT, Outcome, check_accounted
from sayso.stages.compose.compose import Compose, compose
from sayso.stages.decontaminate.decontaminate import decontaminate
from sayso.stages.decontaminate.overlap import Index, fingerprints, index_of
from sayso.stages.deduplicate.frames import Frames
from sayso.stages.deduplicate.signatures import signatures
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.screen.screen import Screen, screen
from sayso.stages.sources.source import Source
from tests.hostile.rows import HostileFile
from tests.sound_formats import SOUND_FORMAT

EVERY_FILTER = tuple(one() for one in FILTERS)
SCREENS = (Screen(), Screen(filters=EVERY_FILTER, features="all"))


@dataclass
class Account:
    """What became of rows: how many came in, and how many were kept or dropped for each reason."""

    rows: int = 0
    kept: int = 0
    composed: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    def add(self, stage: str, verdicts: pl.DataFrame) -> None:
        """Count the rows that a stage dropped."""
        gone = verdicts.filter(pl.col("verdict") != KEPT)
        self.dropped.update(f"{stage}: {reason}" for reason in gone["reason"])


def evaluations() -> Index:
    """An evaluation text that no row has, and one that all good rows share words with."""
    texts = pl.Series(["What should I see in Rome, and what should I do there after dark?", "Who wrote Hamlet?"])
    return index_of(fingerprints(pl.Series(["a", "b"]), texts, 8), 8)


def judged(files: Sequence[HostileFile], folder: Path, config: Screen, account: Account) -> pl.DataFrame:
    """All verdicts of ingest and screening on the rows of files, in order, with the way gone to its end by those left.

    The columns of screening have `screen.` before them.
    """
    for file in files:
        (folder / file.name).write_bytes(file.content)
    found: list[pl.DataFrame] = []
    for shard in plan_shards(Source(name="hostile", paths=(".",), max_lost_share=1), folder, most_turns=4):
        ingested = ingest(shard)
        check_accounted(ingested, shard.rows, "ingest")
        screened = screen(ingested.rows, config)
        check_accounted(screened, ingested.rows.height, "screen")
        account.rows += shard.rows
        account.add("ingest", ingested.verdicts)
        account.add("screen", screened.verdicts)
        account.kept += screened.rows.height
        account.composed += _to_the_end(screened)
        of_screen = screened.verdicts.drop("source", "position").select(pl.all().name.prefix("screen."))
        found.append(ingested.verdicts.join(of_screen, left_on="id", right_on="screen.id", how="left"))
    return pl.concat(found, how="diagonal")


def positions(files: Sequence[HostileFile]) -> list[str]:
    """Those of the good rows of files, file after file."""
    return [f"{file.name}:{number}" for file in files for number in file.good]


def _to_the_end(screened: Outcome) -> int:
    """What comes after screening, for the rows that are left; gives how many were composed."""
    rows = screened.rows
    found = signatures(rows, 3, 12, 5, Frames.of(np.empty(0, np.uint32), 10))
    assert found["id"].equals(rows["id"])
    assert rows["text_hash"].equals(text_hash(rows["prompt"]))
    check_accounted(decontaminate(rows, evaluations(), 0.5), rows.height, "decontaminate")
    as_text = rows.with_columns(
        *(pl.lit(None, pl.String).alias(name) for name in ("voice", "transcript")),
        *(pl.lit(None, pl.Float64).alias(name) for name in ("duration", "wer", "cer")),
        pl.lit("text").alias("kind"),
        pl.lit([], pl.List(pl.UInt16)).alias("sound_tokens"),
        pl.lit([], pl.List(pl.UInt16)).alias("tokens_per_turn"),
    )
    return compose(as_text, Compose(), SOUND_FORMAT, 0).height
