"""The filters' regular expressions and thresholds for Python's `re`, so that other tools screen by the same rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from sayso.filters import language, quality, speakable
from sayso.filters.language import Language
from sayso.filters.languages import english_words
from sayso.filters.quality import Quality
from sayso.filters.requests import missing_input, references, screen_forms, sentences, transcripts, unfinished
from sayso.filters.screen_request import ScreenRequest
from sayso.filters.speakable import Speakable
from sayso.filters.spoken_length import CHARACTERS_PER_SECOND, SpokenLength
from sayso.filters.written_length import WrittenLength

QUALITY = (
    "content open_end open_bracket template slot code_answer no_answer empty_talk open_answer "
    "asks_for_text refusal sorry disclaimer run"
)
SPEAKABLE = (
    "url email code literal markup latex operator hard_maths table item inline_item q_and_a label emoji odd odd_run "
    "unreadable consonants capitals mark number_mark"
)
# Of what the words of a text say for English, beside their weights.
OF_ENGLISH = (
    *((language, name) for name in ("AT_LEAST", "EACH_CHARACTER", "MOST_CHARACTERS", "NO_PROBABILITY", "BEFORE")),
    *((english_words, name) for name in ("UNKNOWN_WORD", "MOST_UNKNOWN", "FOREIGN_LETTER")),
)
# Of what prompts ask for and speak of: the module's own names, in capitals, after those here.
REQUESTS = {
    sentences: "end:sentence_end tells requests asks sets_scene",
    references: "reference named clause task opening names nouns figure suspect",
    missing_input: "material nothing_follows said label:label_before of_figures figures of_several several of_question "
    "shows how_to handed ordered before_question afterwards pronoun introduced",
    unfinished: "unfinished asks_within complete talks completing title labelled heads greets",
    screen_forms: "any_form wishes counts",
    transcripts: "transcript choice_a choice_b",
}
OTHERS = {"line": r"(?m:^.*\S)", "digit": "[0-9]"}

# What Rust's engine writes in another way than Python's.
_DIALECT = {
    r"\\x\{([0-9A-Fa-f]+)\}": lambda found: f"\\U{int(found[1], 16):08X}",
    r"\(\?-u:\\b\)": lambda _: r"\b",
    r"\[\\p\{L\}\\p\{N\}\]": lambda _: r"[^\W_]",
    r"\[\\p\{L\}\\p\{M\}\]|\\p\{L\}": lambda _: r"[^\W\d_]",
    r"\\p\{Lu\}": lambda _: r"[A-ZÀ-ÖØ-Þ]",
    r"^\(\?i\)((?s:.*))$": lambda found: f"(?i:{found[1]})",
}


def python_pattern(pattern: str) -> str:
    """The same expression for `re`."""
    for rust, python in _DIALECT.items():
        pattern = re.sub(rust, python, pattern)
    return pattern


def write_rules(file: Path) -> None:
    """The expressions and the default thresholds, as `sides.rules` reads them."""
    patterns = dict(OTHERS)
    for module, names in ((quality, QUALITY), (speakable, SPEAKABLE)):
        for name in names.split():
            patterns[name] = python_pattern(getattr(module, f"_{name.upper()}"))
            re.compile(patterns[name])
    patterns["name"] = python_pattern(english_words.NAME)
    patterns |= {name: python_pattern(pattern) for name, pattern in _request_patterns()}
    thresholds = {"characters_per_second": CHARACTERS_PER_SECOND}
    thresholds |= {name.lower(): getattr(module, name) for module, name in OF_ENGLISH}
    for one in (WrittenLength(), Quality(), Speakable(), ScreenRequest(), Language(), SpokenLength()):
        thresholds |= one.model_dump(mode="json", exclude={"filter"})
    rules = {"patterns": patterns, "thresholds": thresholds, "words": english_words.weights_of_words()}
    file.write_text(json.dumps(rules, ensure_ascii=False), encoding="utf-8")


def _request_patterns() -> Iterator[tuple[str, str]]:
    for module, names in REQUESTS.items():
        for name, _, known_as in (entry.partition(":") for entry in names.split()):
            found = getattr(module, name.upper(), None) or getattr(module, f"_{name.upper()}")
            yield known_as or name, found if isinstance(found, str) else _with_flags(found)
    for name, form in screen_forms.FORMS.items():
        yield from ((f"{name}_hint", form.hint), (f"{name}_asks", form.asks.pattern))
        yield f"{name}_not_meant", form.not_meant.pattern


def _with_flags(found: re.Pattern[str]) -> str:
    return f"(?i:{found.pattern})" if found.flags & re.IGNORECASE else found.pattern
