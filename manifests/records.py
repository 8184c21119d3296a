"""The record of one shard in one stage: written last, so a shard is done when its record is there and true."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, model_validator

from sayso.manifests.names import DATASET, PARTS, RUN_FILES, ForeignName, ShardName, StageName, check_name, files_of
from sayso.manifests.plugins import installed_plugins
from sayso.manifests.storage import StoredFile

RECORDED_PACKAGES = (
    "sayso",
    "polars",
    "pyarrow",
    "ray",
    "torch",
    "whisper-normalizer",
    "hibari-tts",
    "datasets",
)


# Why a shard is done again: for its code, for its part of the recipe with models and packages, for the bytes it reads.
Change = Literal["input", "recipe", "code", "recipe or code"]


class ShardKey(BaseModel):
    """Which shard of which stage, and everything its result depends on.

    `fingerprint` stands for the stage's parameters and code, `input` for the bytes it reads. Because the
    input is known by its content, it stands for all the stages before, too: a change there that leaves the
    bytes alone re-does nothing here. `code` and `recipe` are the two parts of the fingerprint, by which they are told
    apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: StageName
    shard: ShardName
    fingerprint: str
    input: str
    code: str = ""
    recipe: str = ""

    def changes_since(self, earlier: ShardKey) -> tuple[Change, ...]:
        """What is other than in an earlier key of the shard; nothing where both have one outcome.

        What a job holds may be drawn from its input, so where that is another one nothing is said about the recipe.
        """
        has_other_code = bool(self.code and earlier.code) and self.code != earlier.code
        if self.input != earlier.input:
            return ("input", "code") if has_other_code else ("input",)
        if self.fingerprint == earlier.fingerprint:
            return ()
        if not (self.recipe and earlier.recipe):
            return ("recipe or code",)
        has_other_recipe = self.recipe != earlier.recipe
        changes: tuple[tuple[Change, bool], ...] = (("recipe", has_other_recipe), ("code", has_other_code))
        return tuple(change for change, is_there in changes if is_there)

    @property
    def rows_name(self) -> str:
        return rows_name(self.stage, self.shard)

    @property
    def verdicts_name(self) -> str:
        return verdicts_name(self.stage, self.shard)

    @property
    def record_name(self) -> str:
        return record_name(self.stage, self.shard)


class Count(BaseModel):
    """How many rows of one source got one verdict, for one reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    verdict: str
    filter: str | None
    reason: str | None
    rows: int


class StoreUse(BaseModel):
    """How many rows something was synthesized for, and how many were judged by what the store of attempts had."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    synthesized: int
    from_store: int


class Record(BaseModel):
    """What became of one shard. `counts` are counted from its verdicts, never kept up on the way."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: ShardKey
    rows_in: int
    rows_out: int
    counts: tuple[Count, ...]
    files: tuple[StoredFile, ...]
    parameters: dict[str, object]
    seconds: float
    worker: str
    versions: dict[str, str]
    store: StoreUse | None = None

    @model_validator(mode="after")
    def _names_its_own_files(self) -> Record:
        own = files_of(self.key.stage, self.key.shard)
        for file in self.files:
            check_name(file.name, RUN_FILES, "it")
            if file.name not in own and not PARTS.has(file.name.removeprefix(DATASET)):
                raise ForeignName(f"it names {file.name}, which is a file of another shard")
        return self

    @property
    def rows_file(self) -> StoredFile:
        """The file that holds the rows that went on."""
        return self.files[0]

    @property
    def has_verdicts(self) -> bool:
        """Whether it was decided about rows; what makes a table for later stages gives no verdict."""
        return any(file.name == self.key.verdicts_name for file in self.files)


def rows_name(stage: str, shard: str) -> str:
    """Where the rows of a shard are kept, below the run's folder."""
    return f"work/{stage}/{shard}.parquet"


def verdicts_name(stage: str, shard: str) -> str:
    """Where the verdicts on a shard's rows are kept, below the run's folder."""
    return f"manifests/{stage}/{shard}.verdicts.parquet"


def record_name(stage: str, shard: str) -> str:
    """Where the record of a shard is kept, below the run's folder."""
    return f"manifests/{stage}/{shard}.record.json"


def count_verdicts(verdicts: pl.DataFrame) -> tuple[Count, ...]:
    """Count a table of verdicts by source, verdict, filter and reason, in a fixed order."""
    by = ["source", "verdict", "filter", "reason"]
    counted = verdicts.group_by(by).len("rows").sort(by, nulls_last=False)
    return tuple(Count(**row) for row in counted.iter_rows(named=True))


def made_by_earlier_code(records: Iterable[Record], code: str) -> int:
    """How many shards were made by other code than this one; none where `code` is empty."""
    return sum(bool(code and record.key.code) and record.key.code != code for record in records)


def installed_versions() -> dict[str, str]:
    """The versions of the packages whose results end up in a shard, those of plugins included."""
    return _recorded_versions() | {plugin.package: plugin.version for plugin in installed_plugins()}


@cache
def _recorded_versions() -> dict[str, str]:
    """Asked once a process: the answer costs 6 ms."""
    found = {}
    for package in RECORDED_PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
