"""Row filters, one file each, and the order in which they are asked."""

from __future__ import annotations

from pydantic import BaseModel

from sayso.filters.answer_language import AnswerLanguage
from sayso.filters.answer_text import AnswerText
from sayso.filters.language import Language
from sayso.filters.on_screen import OnScreen
from sayso.filters.privacy import Privacy
from sayso.filters.profanity import Profanity
from sayso.filters.pronounceable import Pronounceable
from sayso.filters.quality import Quality
from sayso.filters.reading import Reading
from sayso.filters.screen_request import ScreenRequest
from sayso.filters.self_description import SelfDescription
from sayso.filters.speakable import Speakable
from sayso.filters.spoken_length import SpokenLength
from sayso.filters.standalone import Standalone
from sayso.filters.written_length import WrittenLength

# First those that look at the row as it is written. Only what they keep is put into spoken words, which costs as much
# as all of them together, for the others. Privacy stands before Speakable, which turns down every address, number and
# key in a prompt as well: that they are somebody's is the graver reason, and the one to count. Speakable is left with
# those that nobody owns.
DEFAULT_FILTERS = (
    WrittenLength(),
    Quality(),
    AnswerText(),
    SelfDescription(),
    Privacy(),
    Speakable(),
    ScreenRequest(),
    Standalone(),
    Language(),
    AnswerLanguage(),
    SpokenLength(),
    Pronounceable(),
    Reading(),
)
# What people have said is no instruction, and nobody has to say it: what is asked is whether it may be published, and
# whether it is in a language that is wanted.
RECORDED_FILTERS = (Privacy(), Language())
# The others are asked only where a recipe names them.
FILTERS: tuple[type[BaseModel], ...] = (*map(type, DEFAULT_FILTERS), OnScreen, Profanity)
