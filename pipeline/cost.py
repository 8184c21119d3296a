"""What a run would do again in its folder, and why: known before anything is done."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.records import Change
from sayso.pipeline.resources import PoolName
from sayso.pipeline.stage_names import SPEECH

Why = Change | Literal["new", "damaged"]


class ShardsToDo(BaseModel):
    """Shards of one stage that are to do for the same reason, and what the records tell of the last time."""

    model_config = ConfigDict(frozen=True)

    stage: str
    shards: int
    why: tuple[Why, ...] = Field(description="empty where that depends on what another stage will make")
    follows_from: str | None = Field(description="the stage before, of which all depends")
    rows: int = Field(description="that came in the last time; none for what was never done")
    seconds: float = Field(description="that they took the last time, of one worker")


class Cost(BaseModel):
    """What a run has to do. Exact for the first stage that has something to do, and for what is behind it as far as
    that is known."""

    model_config = ConfigDict(frozen=True)

    finished: int = Field(description="shards that are finished")
    kept_speech: int = Field(description="those of them that an earlier version of the code spoke")
    to_do: tuple[ShardsToDo, ...]
    not_planned: tuple[str, ...] = Field(description="stages whose shards are known only after those before them")

    def seconds_in(self, pool: PoolName) -> float:
        """The seconds of one worker of a pool that all of it took the last time."""
        return sum(part.seconds for part in self.to_do if (part.stage == SPEECH) == (pool == "speech"))

    @property
    def repeats(self) -> bool:
        """Whether something is done again that was done before."""
        return any(part.why != ("new",) for part in self.to_do)
