"""What a recipe says of the dataset card."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Card(BaseModel):
    """What the dataset card says beyond what the run knows by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = Field(default=None, description="heading of the card; the recipe's name when not given")
    description: str = Field(default="", description="a paragraph in Markdown under the heading")
    language: tuple[str, ...] = Field(
        default=(), description="ISO codes for the Hub; those that the filter `language` found when not given"
    )
    repository: str = Field(
        default="PATH_OR_HUB_NAME", description="ORG/NAME on the Hub, for the example that loads it"
    )
