"""Questions about a row, one file each, and the order in which they are asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sayso.filters.language import Language
from sayso.filters.on_screen import OnScreen
from sayso.filters.privacy import Privacy
from sayso.filters.profanity import Profanity
from sayso.filters.pronounceable import Pronounceable
from sayso.filters.quality import Quality
from sayso.filters.speakable import Speakable
from sayso.filters.spoken_length import SpokenLength
from sayso.filters.written_length import WrittenLength

FILTERS = (WrittenLength, Quality, Privacy, Speakable, Language, SpokenLength, Pronounceable, OnScreen, Profanity)

AnyFilter = Annotated[
    WrittenLength | Quality | Privacy | Speakable | Language | SpokenLength | Pronounceable | OnScreen | Profanity,
    Field(discriminator="filter"),
]

# First those that look at the row as it is written. Only what they keep is put into spoken words, which costs as much
# as all of them together, for the others. Privacy stands before Speakable, which turns down every address, number and
# key in a prompt as well: that they are somebody's is the graver reason, and the one to count. Speakable is left with
# those that nobody owns. OnScreen and Profanity are asked only where a recipe names them.
DEFAULT_FILTERS: tuple[AnyFilter, ...] = (
    WrittenLength(),
    Quality(),
    Privacy(),
    Speakable(),
    Language(),
    SpokenLength(),
    Pronounceable(),
)
