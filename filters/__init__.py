"""Questions about a row, one file each, and the order in which they are asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from filters.language import Language
from filters.length import Length
from filters.quality import Quality
from filters.speakable import Speakable

FILTERS = (Quality, Length, Speakable, Language)

AnyFilter = Annotated[Quality | Length | Speakable | Language, Field(discriminator="filter")]

# Cheap ones first; language identification, ten times dearer than the rest, sees what is left.
DEFAULT_FILTERS: tuple[AnyFilter, ...] = (Quality(), Length(), Speakable(), Language())
