"""How the work of a run is spread: the workers of the text side, those of speech, and the units of their work."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

PoolName = Literal["text", "speech"]


class TextWorkers(BaseModel):
    """The workers of all stages but `synthesize`.

    Without a `label` they keep off machines with a GPU, as long as there are others: text is to keep no GPU awake.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    workers: int | None = Field(
        default=None, gt=0, description="at most so many at work; as many as there is room for when not given"
    )
    cpus: float = Field(default=1, gt=0, description="processors that each one gets")
    memory: float | None = Field(default=None, gt=0, description="GiB kept for each one; nothing when not given")
    label: dict[str, str] | None = Field(
        default=None,
        description="labels of the machines that they work on, as Ray selects by them (`{ray.io/market-type: spot}`); "
        "`{}` takes any machine",
    )


class SpeechWorkers(BaseModel):
    """The workers of `synthesize`. They are asked for when there is something to say, and give their GPUs back when
    nothing is left for them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    workers: int | None = Field(
        default=None, gt=0, description="at most so many at work; as many as there is room for when not given"
    )
    gpus: float | None = Field(
        default=None,
        ge=0,
        description="GPUs that each one gets, or its share of one; 1 when not given and a voice or the tokenizer "
        "computes on a GPU, else 0",
    )
    cpus: float = Field(default=1, gt=0, description="processors that each one gets")
    memory: float | None = Field(default=None, gt=0, description="GiB kept for each one; nothing when not given")
    label: dict[str, str] | None = Field(
        default=None,
        description="labels of the machines that they work on, as Ray selects by them; any machine when not given",
    )

    @field_validator("gpus")
    @classmethod
    def _is_share_or_whole(cls, gpus: float | None) -> float | None:
        if gpus and gpus > 1 and not gpus.is_integer():
            raise ValueError(f"a worker gets a share of one GPU, such as 0.25, or whole ones, and not {gpus:g}")
        return gpus


class Resources(BaseModel):
    """How the work is spread. Nothing here changes a byte of the dataset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: TextWorkers = TextWorkers()
    speech: SpeechWorkers = SpeechWorkers()
    batch: int = Field(
        default=16,
        gt=0,
        description="clips that the sound tokenizer gets at once; a voice gets all texts of a unit of work",
    )
    text_shard_rows: int = Field(default=50_000, gt=0, description="rows of a source that are one unit of work")
    speech_shard_rows: int = Field(default=64, gt=0, description="rows to say that are one unit of work")
    stall_seconds: float = Field(default=600, gt=0, description="warn when nothing has finished for so long")
    silent_seconds: float = Field(
        default=60, gt=0, description="give the job of a worker to another one when it answers nothing for so long"
    )
