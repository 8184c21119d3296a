"""Sources, as a recipe names them: which files they are, and what of their rows is wanted."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sayso.stages.sources.files import File, UnreadableFiles
from sayso.stages.sources.hub_datasets import HubDataset, commit_of, hub_files, name_in_address
from sayso.stages.sources.limits import USUAL, Limits
from sayso.stages.sources.listing import list_files
from sayso.stages.sources.schemas.known_schemas import AUTO, SchemaChoice
from sayso.stages.sources.schemas.messages.roles import Role, check_distinct
from sayso.stages.sources.schemas.messages.system_prompts import SystemPrompts
from sayso.stages.sources.schemas.messages.turn_choice import TurnChoice
from sayso.stages.sources.schemas.reading_options import FirstChoice, ReadingOptions

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Source(BaseModel):
    """A set of files that belong together, as a recipe names it; the order in the recipe is the priority."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    name: str = Field(
        max_length=100,
        description="goes into every row, its id and file names",
        json_schema_extra={"pattern": f"^{NAME.pattern}$"},
    )
    paths: tuple[str, ...] = Field(
        (), min_length=1, description="files, folders or globs, relative to the recipe or URLs such as s3://…"
    )
    hub: HubDataset | None = Field(None, description="a dataset on the Hub instead of paths")
    license: str | None = Field(None, description="travels with every row")
    revision: str = Field("", description="version of the data in paths; part of every id")
    schema_name: SchemaChoice = Field(AUTO, alias="schema", validate_default=True, description="what the columns mean")
    columns: dict[str, str] = Field({}, description="our field → the column of the files, such as output: reply")
    ignored_columns: tuple[str, ...] = Field(
        (), description="columns that change nothing, though their names say so: without this, `unread_column`"
    )
    rows_at: str | None = Field(
        None,
        min_length=1,
        description="where the rows of a JSON document are that is no array: the keys that lead to their list, parted "
        "by dots, such as data.train",
    )
    limit: int | None = Field(None, gt=0, description="take the first rows only")
    turn: TurnChoice = Field(
        "first",
        description="which turn of a conversation is said: the first, or the last or any (drawn) that is answered",
    )
    roles: dict[str, Role] = Field(
        {}, description="a role in the files that is not known → what it stands for, such as narrator: system"
    )
    system: SystemPrompts = Field(
        "keep",
        description="a system prompt stays in `messages`, is taken out, or its row is dropped: `has_system_prompt`",
    )
    max_input_characters: int | None = Field(
        None,
        ge=0,
        description="longest input that is said after its instruction; others are dropped: `has_attached_input`",
    )
    first_choice: FirstChoice | None = Field(
        None,
        description="the number of the first choice, where answers to choices are numbers; digits as text need it, "
        "others count from 0",
    )
    unreadable_files: UnreadableFiles = Field(
        "stop",
        description="a file that cannot be read stops the run, or is one dropped row: `unreadable_file`",
    )
    max_lost_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="largest share of a file's rows that may be unreadable or incomplete, judged by a sample; "
        "a file with more, and at least 20 in the sample, stops the run",
    )
    limits: Limits = USUAL
    expected_rows: int | None = Field(
        None, gt=0, description="how many there should be, for `sayso doctor`; rounded where it ends in zeros"
    )

    @field_validator("name")
    @classmethod
    def _names_files(cls, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} can name no file; take letters without accents, digits, dots, - and _, and begin with a "
                "letter or a digit"
            )
        return name

    @field_validator("paths")
    @classmethod
    def _paths_hold_no_secret(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        for path in paths:
            dataset = name_in_address(path) if "://" in path and "/resolve/" not in path else None
            if path.startswith("hf://") or dataset:
                raise ValueError(
                    f"{path}: name a dataset of the Hub under `hub`, which pins the commit, as in "
                    f"`hub: {{repository: {dataset or 'OWNER/NAME'}, files: [data]}}` in place of `paths`"
                )
            if "://" in path and urlsplit(path).password is not None:
                raise ValueError(
                    "a URL in a recipe holds no password; its store's library takes it from the environment"
                )
        return paths

    @field_validator("roles")
    @classmethod
    def _roles_are_distinct(cls, roles: dict[str, Role]) -> dict[str, Role]:
        check_distinct(roles)
        return roles

    @model_validator(mode="after")
    def _is_in_one_place(self) -> Source:
        if bool(self.paths) == bool(self.hub):
            found = "both" if self.hub else "neither"
            raise ValueError(f"source {self.name} needs either paths or hub, and has {found}")
        if self.hub and self.revision:
            raise ValueError(f"source {self.name}: a dataset of the Hub has its revision under hub.revision")
        return self

    def reading_options(self, seed: int, most_turns: int) -> ReadingOptions:
        """How its rows are read, when a row has `most_turns` turns at most.

        The seed counts only where a turn is drawn; only the first turn of a conversation has others after it.
        """
        given = ("turn", "roles", "system", "max_input_characters", "ignored_columns", "first_choice")
        fields = {name: getattr(self, name) for name in given}
        later_turns = most_turns - 1 if self.turn == "first" else 0
        drawn = seed if self.turn == "any" else 0
        return ReadingOptions(**fields, text_bytes=self.limits.text_bytes, later_turns=later_turns, seed=drawn)


def find_files(source: Source, base: Path, commit: str | None) -> list[File]:
    """The files of a source: what its paths name, seen from `base`, or what its dataset holds at `commit`.

    Raises SourceError where there are none or they cannot be listed.
    """
    if source.hub is None:
        found = list_files(source.paths, base)
    else:
        found = hub_files(source.hub, commit or commit_of(source.hub))
    return [replace(file, limits=source.limits, rows_at=source.rows_at) for file in found]
