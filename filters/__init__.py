"""Questions about a row, one file each, and the order in which they are asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from filters.language import Language
from filters.length import Length
from filters.on_screen import OnScreen
from filters.privacy import Privacy
from filters.profanity import Profanity
from filters.quality import Quality
from filters.speakable import Speakable

FILTERS = (Quality, Length, Privacy, Speakable, Language, OnScreen, Profanity)

AnyFilter = Annotated[
    Quality | Length | Privacy | Speakable | Language | OnScreen | Profanity, Field(discriminator="filter")
]

# Cheap ones first; language identification, ten times dearer than the rest, sees what is left. Privacy stands before
# Speakable, which turns down every address, number and key in a prompt as well: that they are somebody's is the graver
# reason, and the one to count. Speakable is left with those that nobody owns. OnScreen and Profanity are asked only
# where a recipe names them.
DEFAULT_FILTERS: tuple[AnyFilter, ...] = (Quality(), Length(), Privacy(), Speakable(), Language())
