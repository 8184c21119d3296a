"""The plan of a run: which shards each of its stages has, as far as it has come."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.names import ShardName, StageName, fault_of
from sayso.manifests.sealing import unseal

# It counts up when what lies in a run's folder is written otherwise: names of columns, features or keys of the recipe,
# or the form of a file. What has another format is not read.
FORMAT = 2


class StagePlan(BaseModel):
    """The shards of one stage that belong to the run as it is now, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: StageName
    shards: tuple[ShardName, ...]
    code: str = Field("", description="of the version that planned them; empty where they do not all have the same")


class RunPlan(BaseModel):
    """What is known of a run: its recipe's name, the recipe as it is carried out, its stages as far as planned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    name: str
    recipe: dict[str, Any] = {}
    commits: dict[str, str] = Field({}, description="the commit that each dataset of the Hub had at first")
    stages: tuple[StagePlan, ...] = ()
    tables: tuple[StagePlan, ...] = Field((), description="stages that decide about no row, but make what others use")

    def shards_of(self, stage: str) -> tuple[str, ...]:
        """The shards of a stage or table, none where it is not planned yet."""
        return next((planned.shards for planned in (*self.stages, *self.tables) if planned.stage == stage), ())

    def with_stage(self, stage: str, shards: Sequence[str], code: str = "") -> RunPlan:
        """The plan with `stage` planned as `shards`; stages after it are planned anew."""
        before = tuple(takewhile(lambda planned: planned.stage != stage, self.stages))
        return self.model_copy(update={"stages": (*before, StagePlan(stage=stage, shards=tuple(shards), code=code))})

    def with_code(self, stage: str, code: str) -> RunPlan:
        """The plan with a stage planned by other code as it was; the stages after it stay as they are."""
        stages = (one.model_copy(update={"code": code}) if one.stage == stage else one for one in self.stages)
        return self.model_copy(update={"stages": tuple(stages)})

    def up_to(self, stages: Sequence[str]) -> RunPlan:
        """The plan with no other stages than these; tables stay as they are."""
        kept = tuple(planned for planned in self.stages if planned.stage in stages)
        return self.model_copy(update={"stages": kept})

    def without_stage(self, stage: str) -> RunPlan:
        """The plan without a stage or table that the recipe no longer asks for."""
        stages = tuple(planned for planned in self.stages if planned.stage != stage)
        tables = tuple(planned for planned in self.tables if planned.stage != stage)
        return self.model_copy(update={"stages": stages, "tables": tables})

    def with_table(self, stage: str, shards: Sequence[str]) -> RunPlan:
        """The plan with the shards of a table; the stages stay as they are."""
        others = tuple(planned for planned in self.tables if planned.stage != stage)
        return self.model_copy(update={"tables": (*others, StagePlan(stage=stage, shards=tuple(shards)))})


class _Format(BaseModel):
    """Of a plan of any version only what tells which it is; the first version did not say."""

    format: int = 1


class NotARun(SaysoError):
    """Raised when a folder holds no run, or one that has not come far enough."""

    exit_code = ExitCode.NOT_FOUND


class DamagedPlan(NotARun):
    """Raised when the plan of a run is not as it was written."""


class OtherVersion(SaysoError):
    """Raised for a run of a version of sayso whose files are not as this version writes them."""


def read_plan(content: bytes, where: str) -> RunPlan:
    """The plan in a file. Raises DamagedPlan or OtherVersion naming `where`."""
    try:
        body = unseal(content)
        found = _Format.model_validate_json(body).format
    except ValueError as error:
        if _is_plan(content):
            raise OtherVersion(
                f"{where} is of an earlier version of sayso, whose files carry no checksums; run the recipe into "
                "another folder with --to"
            ) from None
        raise _damaged(where, error) from None
    if found != FORMAT:
        version = "an earlier" if found < FORMAT else "a later"
        raise OtherVersion(
            f"{where} is of {version} version of sayso (its format is {found}, and this version reads {FORMAT}); run "
            "the recipe into another folder with --to, or verify, pull and push this run with the version that made it"
        )
    try:
        return RunPlan.model_validate_json(body)
    except ValueError as error:
        raise _damaged(where, error) from None


def _damaged(where: str, error: ValueError) -> DamagedPlan:
    what = f"is no plan of a run: {fault_of(error)}" if isinstance(error, ValidationError) else error
    return DamagedPlan(f"{where} {what}; run the recipe into this folder again")


def _is_plan(content: bytes) -> bool:
    try:
        RunPlan.model_validate_json(content)
    except ValueError:
        return False
    return True
