"""Jobs: what a worker carries out for one shard of one stage. Each knows its key and makes its outcome."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

import polars as pl

from manifests.ledger import Ledger
from manifests.records import Record, ShardKey
from manifests.verdicts import Outcome
from stages.compose import account, compose, parquet_bytes
from stages.sample import Cutoffs, sample
from stages.screen import Screen, screen
from stages.speech.models import load_tokenizer, load_voice
from stages.synthesize import SpeechModels, Synthesize, synthesize


@dataclass(frozen=True)
class Done:
    """What a job made of its shard."""

    outcome: Outcome
    rows_in: int
    published: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """What a job made for later stages to work with; it decides about no row."""

    rows: pl.DataFrame


class Job(Protocol):
    """One shard of one stage: picklable, and the same outcome wherever and however often it is carried out."""

    @property
    def key(self) -> ShardKey: ...

    @property
    def parameters(self) -> dict[str, object]: ...

    def outcome(self, ledger: Ledger) -> Done | Table: ...


def carry_out(root: str, job: Job) -> Record:
    """Do a job and commit what came of it to the ledger of the run in `root`."""
    started = time.monotonic()
    ledger = Ledger(root)
    done = job.outcome(ledger)
    seconds = time.monotonic() - started
    if isinstance(done, Table):
        return ledger.commit_table(job.key, done.rows, job.parameters, seconds)
    return ledger.commit(job.key, done.outcome, done.rows_in, job.parameters, seconds, done.published)


@dataclass(frozen=True)
class ScreenJob:
    """Screen the rows of one ingested shard."""

    key: ShardKey
    parameters: dict[str, object]
    config: Screen

    def outcome(self, ledger: Ledger) -> Done:
        rows = ledger.rows("ingest", [self.key.shard]).collect()
        return Done(screen(rows, self.config), rows.height)


@dataclass(frozen=True)
class SampleJob:
    """Decide which rows of one range of ids are said, and gather them."""

    key: ShardKey
    parameters: dict[str, object]
    screened: tuple[str, ...]
    partitions: tuple[str, ...]
    ids: tuple[str, str]
    limits: dict[str, Cutoffs]
    seed: int

    def outcome(self, ledger: Ledger) -> Done:
        first, following = self.ids
        in_range = (pl.col("id") >= first) & (pl.col("id") < following)
        unique = ledger.rows("deduplicate", self.partitions).filter(in_range).select("id").collect()
        rows = ledger.rows("screen", self.screened).filter(in_range).collect()
        rows = rows.join(unique, on="id", how="semi")
        return Done(sample(rows, self.limits, self.seed), rows.height)


@dataclass(frozen=True)
class SynthesizeJob:
    """Say, encode and check the rows of one range of ids."""

    key: ShardKey
    parameters: dict[str, object]
    config: Synthesize
    seed: int
    batch: int

    def outcome(self, ledger: Ledger) -> Done:
        rows = ledger.rows("sample", [self.key.shard]).collect()
        return Done(synthesize(rows, speech_models(self.config), self.config, self.seed, self.batch), rows.height)


@cache
def speech_models(config: Synthesize) -> SpeechModels:
    """The models of a recipe, loaded once in each worker."""
    import torch

    # More threads would fight with the other workers, and sums taken in another order give other bits.
    torch.set_num_threads(1)
    voices = {voice.name: load_voice(voice) for voice in config.voices}
    return SpeechModels(voices, load_tokenizer(config.tokenizer))


@dataclass(frozen=True)
class Slice:
    """Some rows of a synthesized shard, by their place in it."""

    shard: str
    offset: int
    rows: int


@dataclass(frozen=True)
class ComposeJob:
    """Write one shard of the published dataset from consecutive slices of the synthesized ones."""

    key: ShardKey
    parameters: dict[str, object]
    slices: tuple[Slice, ...]

    def outcome(self, ledger: Ledger) -> Done:
        parts = [ledger.rows("synthesize", [part.shard]).slice(part.offset, part.rows) for part in self.slices]
        spoken = pl.concat(parts).collect()
        published = compose(spoken)
        file = {f"dataset/data/{self.key.shard}.parquet": parquet_bytes(published)}
        return Done(account(published, spoken, self.key.shard), spoken.height, file)
