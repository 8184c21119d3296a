"""What a source says of how its rows are read, whatever their schema."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sayso.stages.sources.limits import USUAL
from sayso.stages.sources.schemas.messages.roles import Role, Roles
from sayso.stages.sources.schemas.messages.system_prompts import SystemPrompts
from sayso.stages.sources.schemas.messages.turn_choice import TurnChoice

# The number of the first choice, where answers are numbers written as text.
FirstChoice = Literal[0, 1]


class ReadingOptions(BaseModel):
    """How rows are read; `Source` has the same fields, or its limits have, and explains them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn: TurnChoice = "first"
    system: SystemPrompts = "keep"
    roles: dict[str, Role] = {}
    max_input_characters: int | None = None
    ignored_columns: tuple[str, ...] = ()
    first_choice: FirstChoice | None = None
    text_bytes: int = USUAL.text_bytes
    later_turns: int = Field(0, ge=0, description="turns after the first one that are kept at most")
    seed: int = Field(0, description="seed of the draws that choose a turn; 0 where none is drawn")

    @field_validator("roles")
    @classmethod
    def _in_one_order(cls, roles: dict[str, Role]) -> dict[str, Role]:
        return dict(sorted(roles.items()))

    @field_validator("ignored_columns")
    @classmethod
    def _each_once(cls, columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(columns)))

    @property
    def known_roles(self) -> Roles:
        """The roles of messages by their names, as published sets and the source have them."""
        return Roles(self.roles)


AS_FOUND = ReadingOptions()
