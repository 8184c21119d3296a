"""Questions about a row, one file each, and the order in which they are asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from filters.language import Language
from filters.length import Length
from filters.quality import Quality
from filters.sayable import Sayable
from filters.speakable import Speakable
from filters.written_length import WrittenLength

FILTERS = (WrittenLength, Quality, Speakable, Language, Length, Sayable)

AnyFilter = Annotated[WrittenLength | Quality | Speakable | Language | Length | Sayable, Field(discriminator="filter")]

# First those that look at the row as it is written. Only what they keep is put into spoken words, which costs as much
# as all of them together, for the others.
DEFAULT_FILTERS: tuple[AnyFilter, ...] = (WrittenLength(), Quality(), Speakable(), Language(), Length(), Sayable())
