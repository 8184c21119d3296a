"""The store of attempts: what was synthesized once is judged again, and not said again, by whatever run asks for it."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.attempt_files import AttemptFile, AttemptFiles, DamagedAttempts, beside_run
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import ATTEMPTS
from sayso.manifests.storage import Storage
from sayso.stages.speech.protocols import SynthesisError
from sayso.stages.synthesize.attempts import ATTEMPT_SCHEMA, MADE, SynthesisSettings

GIGABYTE = 10**9
# A store is looked through for what is too much by each worker, no more often than this.
SECONDS_BETWEEN_LOOKS = 60.0

# What stands for an attempt, the row and turn that it was made for, what was asked for beside tokens, and what came.
STORED: dict[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "id": pl.String,
    "turn": pl.Int64,
    "speech.attempts": pl.Int64,
    "spoken": pl.String,
    "is_transcribed": pl.Boolean,
    "has_audio": pl.Boolean,
    **{name: ATTEMPT_SCHEMA[name] for name in MADE},
}


class StoreConfig(BaseModel):
    """Where attempts are kept for later runs. It changes no byte of the dataset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: str | None = Field(
        default=None,
        min_length=1,
        description="a folder or URL that all workers see, which several runs may share; a relative one begins at the "
        "recipe's. In the folder of the run when not given",
    )
    max_gigabytes: float = Field(
        default=10.0,
        ge=0,
        description="the oldest files go where there is more; 1 holds about 2 million attempts, or with `audio` 20 "
        "hours of speech. 0: nothing is kept",
    )

    def root(self, base: Path) -> str | None:
        """The folder, seen from that of the recipe; None for the folder of the run."""
        return self.folder if self.folder is None or "://" in self.folder else str(base / self.folder)

    def files(self, ledger: Ledger, base: Path) -> AttemptFiles:
        """The files that are kept for a run."""
        return _files(ledger, self.root(base))


@dataclass(frozen=True)
class AttemptStore:
    """The store as a job gets it.

    `root`: where it is, None for the folder of the run. `engines`: the hash of each voice. `near`: the files that may
    hold attempts at the job's rows, the oldest first.
    """

    root: str | None
    max_bytes: int
    engines: Mapping[str, str]
    near: Sequence[str]

    def kept(self, ledger: Ledger) -> KeptAttempts:
        """What may be of use to the job. Raises DamagedAttempts, when the damaged files were taken away."""
        files, tables, damaged = _files(ledger, self.root), list[pl.DataFrame](), list[DamagedAttempts]()
        for file in map(AttemptFile, self.near):
            try:
                tables.append(_read(files.read(file), files.path(file.name)))
            except FileNotFoundError:
                # It was the oldest meanwhile.
                continue
            except DamagedAttempts as damage:
                ledger.check_claim()
                files.remove(file)
                damaged.append(damage)
        if damaged:
            raise damaged[0]
        return KeptAttempts(self.engines, pl.concat([_table(()), *tables]))

    def add(self, ledger: Ledger, kept: KeptAttempts) -> None:
        """Write what is new as one file, and now and then take the oldest ones away."""
        new = kept.new()
        if new.is_empty() or not self.max_bytes:
            return
        ledger.check_claim()
        files, content = _files(ledger, self.root), io.BytesIO()
        new.sort("id", "turn", "speech.attempts").write_parquet(content, compression="zstd", compression_level=1)
        files.write(str(new["id"].min()), str(new["id"].max()), content.getvalue())
        if _last_look(self.root or ledger.storage.root).is_long_ago():
            files.remove_oldest(self.max_bytes)


@dataclass
class KeptAttempts:
    """Attempts by their keys, and those that are made on the way.

    `said`: ids of the rows for which something had to be synthesized.
    """

    engines: Mapping[str, str]
    known: pl.DataFrame
    said: set[str] = field(default_factory=set)
    _new: list[pl.DataFrame] = field(default_factory=list)

    def find(self, planned: pl.DataFrame, settings: SynthesisSettings) -> pl.DataFrame:
        """Those of planned attempts (with `key`) that were made before: `ATTEMPT_SCHEMA`, as `make_attempt` has them.

        Of two with one key the first that was made. One without audio, or without its transcript, is none where the
        settings ask for that.
        """
        known = self.known.filter(
            pl.col("is_transcribed") | (not settings.listen), pl.col("has_audio") | (not settings.audio)
        ).unique("key", keep="first", maintain_order=True)
        # What was not asked for is not told, whoever asked for it before.
        unasked = [
            pl.lit(None, dtype).alias(name)
            for name, dtype, asked in (
                ("speech.audio_transcript", pl.String, settings.listen),
                ("audio", pl.Binary, settings.audio),
            )
            if not asked
        ]
        known = known.select("key", *MADE).with_columns(unasked)
        return planned.join(known, on="key", how="inner", maintain_order="left")

    def add(self, made: pl.DataFrame, settings: SynthesisSettings) -> None:
        """Keep attempts (with `key`) that were made now.

        Not those that ended in an error other than an engine's own about the text: that may be the machine's, and is
        no outcome to keep to.
        """
        self.said.update(made["id"])
        own = pl.col("speech.error").is_null() | pl.col("speech.error").str.starts_with(f"{SynthesisError.__name__}:")
        asked = made.with_columns(is_transcribed=pl.lit(settings.listen), has_audio=pl.lit(settings.audio))
        self._new.append(asked.filter(own).select(*STORED))

    def new(self) -> pl.DataFrame:
        """What was added."""
        return pl.concat([_table(()), *self._new])


def clear_store(ledger: Ledger, config: StoreConfig) -> list[str]:
    """Take away what is damaged of the attempts beside a run, and the oldest of what is too much; the damaged by name.

    A store that several runs share is looked at by the jobs that read it.
    """
    ledger.check_claim()
    files = beside_run(ledger.storage)
    damaged = [file for file, _ in files.damaged()]
    for file in damaged:
        files.remove(file)
    files.remove_oldest(round(config.max_gigabytes * GIGABYTE))
    return [f"{ATTEMPTS}{file.name}" for file in damaged]


def nothing_kept(voices: Iterable[str]) -> KeptAttempts:
    """No attempts at all, for these voices."""
    return KeptAttempts(dict.fromkeys(voices, ""), _table(()))


def _files(ledger: Ledger, root: str | None) -> AttemptFiles:
    return beside_run(ledger.storage) if root is None else AttemptFiles(Storage(root), "")


def _table(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=STORED, orient="row")


def _read(content: bytes, path: str) -> pl.DataFrame:
    """The attempts in a file; none where its columns are those of another version. Raises DamagedAttempts."""
    try:
        found = pl.read_parquet(io.BytesIO(content))
    except pl.exceptions.PolarsError as error:
        # Somebody made it like this.
        raise DamagedAttempts(path) from error
    return found if found.schema == STORED else _table(())


@dataclass
class _LastLook:
    seconds: float | None = None

    def is_long_ago(self) -> bool:
        """Whether it is time for a look, which then is the last."""
        now = time.monotonic()
        if self.seconds is not None and now - self.seconds < SECONDS_BETWEEN_LOOKS:
            return False
        self.seconds = now
        return True


@cache
def _last_look(root: str) -> _LastLook:
    return _LastLook()
