"""The filters' regular expressions and thresholds for Python's `re`, so that other tools screen by the same rules."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from sayso.filters import (
    answer_language,
    answer_text,
    language,
    quality,
    screen_request,
    self_description,
    speakable,
    text,
)
from sayso.filters.answer_language import AnswerLanguage
from sayso.filters.answer_text import AnswerText
from sayso.filters.answers import code, deeds, endings, placeholders, refusals, subjects
from sayso.filters.language import Language
from sayso.filters.languages import english_words
from sayso.filters.privacy import Privacy
from sayso.filters.quality import Quality
from sayso.filters.requests import (
    at_hand,
    fields,
    missing_input,
    notations,
    references,
    referents,
    screen_forms,
    sentences,
    transcripts,
    unfinished,
    unreadable,
)
from sayso.filters.screen_request import ScreenRequest
from sayso.filters.sensitive import credentials, national_numbers, personal_data, spelled_email
from sayso.filters.speakable import Speakable
from sayso.filters.spoken_length import CHARACTERS_PER_SECOND, SpokenLength
from sayso.filters.standalone import Standalone
from sayso.filters.text import ngram_model
from sayso.filters.written_length import WrittenLength
from sayso.stages.screen import cleaning
from sayso.stages.sources.schemas.messages import reasoning
from tests.benchmarks.required_literals import alternatives, is_anchored

QUALITY = (
    "content open_end open_bracket to_go_on template slot code_answer no_answer empty_talk asks_for_text disclaimer "
    "run slot_alone answers_anyway"
)
SPEAKABLE = "url email table item inline_item q_and_a emoji capitals mark number_mark residue"
NOTATIONS = "CODE LITERAL MARKUP LATEX OPERATOR HARD_MATHS"
# What is asked of answers: patterns of a module, named with it, and literals one of which each match has.
OF_ANSWERS = (
    (endings, "_CLOSED _NEVER _SELDOM _SHORTENED _ELLIPSIS _MEANT _OPENED _ANNOUNCED _RAN_OUT _MARKLESS"),
    (placeholders, "_PLACEHOLDER"),
    (deeds, "DEED WANTED TOLD"),
    (code, "_LINE _AMONG _COMMAND _FENCED"),
    (subjects, "OF_CODE OF_MARKS OF_TURNS IN_ANOTHERS_NAME OF_LANGUAGES"),
    (
        answer_text,
        "_CHAT_MARK _TURN _QUESTION _SPEAKER _SPEAKERS _TOOL_MARK _JSON_CALL _LISTED_CALL _BARE_CALL _RESIDUE _ENTITY",
    ),
    (answer_text, "_DETACHED _CODE_ANSWER _LINK _LONE_DOMAIN _TABLE _TABLE_LINE"),
    (self_description, "_MAKER _CUTOFF"),
)
SIGNS_OF_ANSWERS = (
    (code, "_SIGNS"),
    (answer_text, "_LINKS _BLANKS_BEFORE"),
)
# What is taken out of answers.
CLEANING = (
    (reasoning, "_AT_START _OPENS_AT_START _WITHOUT_OPENING _ON_ITS_LINE _ANSWER _SOLUTION _OPENS _CLOSES"),
    (reasoning, "REASONING_MARK"),
    (cleaning, "_CALCULATOR _GADGET _FINAL_LINE _END_OF_TEXT"),
)
# Of personal data: what tells that a number or an address is somebody's.
PRIVATE = (
    (personal_data, "_NOBODYS_DOMAIN _NO_ADDRESS _DRAMA _CARD"),
    (credentials, "_PLACEHOLDER _IN_ADDRESS _VALUE"),
    (national_numbers, "_SAID _OWN_NUMBERS"),
    (spelled_email, "_PARTS _MAILBOXES _DOT"),
)
PRIVATE_LISTS = ((personal_data, "_TEST_NUMBERS _EVERYBODYS"), (national_numbers, "_EXAMPLES"))
PRIVATE_WORDS = ((spelled_email, "_ENDINGS _NO_NAMES"),)
# Of what the words of a text say for English, beside their weights.
OF_ENGLISH = (
    *((language, name) for name in ("AT_LEAST", "EACH_CHARACTER", "MOST_CHARACTERS", "NO_PROBABILITY", "BEFORE")),
    *((english_words, name) for name in ("UNKNOWN_WORD", "MOST_UNKNOWN", "FOREIGN_LETTER")),
)
# Of what prompts ask for and speak of: the module's own names, in capitals, after those here.
REQUESTS = {
    fields: "open_field requested field_only label",
    unreadable: "unreadable read odd odd_run braced escaped consonants",
    sentences: "end:sentence_end tells requests asks sets_scene",
    references: "reference named clause task opening names suspects:suspect",
    at_hand: "at_hand task_at_hand at_hand_suspects:at_hand_suspect",
    referents: "nouns figure",
    missing_input: "material nothing_follows said label:label_before of_figures figures of_several several of_question "
    "shows how_to handed ordered before_question afterwards pronoun introduced",
    unfinished: "unfinished is_rated asks_within complete talks completing title labelled heads greets",
    screen_forms: "any_form wishes counts",
    transcripts: "transcript choice_a choice_b",
}
THRESHOLDS = (
    *(WrittenLength(), Quality(), AnswerText(), Privacy(), Speakable(), ScreenRequest(), Language(), SpokenLength()),
    Standalone(),
)
# Han, Hiragana, Katakana, Thai, Lao, Khmer and Myanmar.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
OTHERS = {"line": r"(?m:^.*\S)", "digit": "[0-9]", "first_word": rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+"}

# What Rust's engine writes in another way than Python's.
_DIALECT = {
    r"\\x\{([0-9A-Fa-f]+)\}": lambda found: f"\\U{int(found[1], 16):08X}",
    r"\(\?-u:\\b\)": lambda _: r"\b",
    r"\[\\p\{L\}\\p\{N\}\]": lambda _: r"[^\W_]",
    r"\[\\p\{L\}\\p\{M\}\]|\\p\{L\}": lambda _: r"[^\W\d_]",
    r"\\z": lambda _: r"\Z",
    r"\\p\{Lu\}": lambda _: r"[A-ZÀ-ÖØ-Þ]",
    r"^\(\?i\)((?s:.*))$": lambda found: f"(?i:{found[1]})",
}


def python_pattern(pattern: str) -> str:
    """The same expression for `re`."""
    for rust, python in _DIALECT.items():
        pattern = re.sub(rust, python, pattern)
    return pattern


def _python_expression(pattern: str | re.Pattern[str]) -> str:
    return python_pattern(pattern) if isinstance(pattern, str) else _with_flags(pattern)


def _key(module: ModuleType, name: str) -> str:
    """What `sides.rules` calls a pattern of a module that asks about answers, as in `endings.never`."""
    return f"{module.__name__.rpartition('.')[2]}.{_short(name)}"


def _short(name: str) -> str:
    return name.strip("_").lower()


def write_rules(file: Path) -> None:
    """The expressions and the default thresholds, as `sides.rules` reads them."""
    patterns, signs = dict(OTHERS), {}
    for module, names in ((quality, QUALITY), (speakable, SPEAKABLE), (screen_request, "on_code to_see")):
        for name in names.split():
            patterns[name] = python_pattern(getattr(module, f"_{name.upper()}"))
            re.compile(patterns[name])
    patterns |= {name.lower(): python_pattern(getattr(notations, name)) for name in NOTATIONS.split()}
    for module, names in OF_ANSWERS:
        for name in names.split():
            patterns[_key(module, name)] = python_pattern(getattr(module, name))
    for module, names in SIGNS_OF_ANSWERS:
        for name in names.split():
            signs[_key(module, name)] = list(getattr(module, name))
    for folder, modules in (("cleaning", CLEANING), ("private", PRIVATE)):
        for module, names in modules:
            patterns |= {
                f"{folder}.{_short(name)}": _python_expression(getattr(module, name)) for name in names.split()
            }
    for kind, detectors in personal_data.KINDS.items():
        for number, detector in enumerate(detectors):
            patterns[f"private.{kind}_{number}"] = python_pattern(detector.pattern)
    # Its first alternative is a long run of letters.
    patterns["private.key"] = python_pattern(credentials.SECRET_HINT.partition("|")[2])
    patterns["private.word"] = python_pattern(spelled_email.SPELLED_EMAIL_HINT)
    signs["private.spelled"] = list(spelled_email.SPELLED_EMAIL_WORDS)
    patterns["name"] = python_pattern(english_words.NAME)
    patterns |= {name: python_pattern(pattern) for name, pattern in _request_patterns()}
    thresholds = {"characters_per_second": CHARACTERS_PER_SECOND}
    thresholds |= {name.lower(): getattr(module, name) for module, name in OF_ENGLISH}
    thresholds["signs_of_marks"], thresholds["private"] = cleaning._SIGNS, _private_lists()
    thresholds["answer_language"] = AnswerLanguage().model_dump(mode="json", exclude={"filter"})
    thresholds["answer_language"] |= {"english": answer_language._ENGLISH, "code": answer_language._CODE}
    thresholds |= {"refusals": _model(refusals), "missing": _model(missing_input)}
    thresholds["fewest_words"] = screen_request._FEWEST_WORDS
    thresholds |= {"holds": missing_input.HOLDS, "refers": missing_input.REFERS}
    for one in THRESHOLDS:
        thresholds |= one.model_dump(mode="json", exclude={"filter"})
    rules = {
        "patterns": {name: _parts(pattern) for name, pattern in patterns.items()},
        "signs": signs,
        "thresholds": thresholds,
        "words": english_words.weights_of_words(),
    }
    file.write_text(json.dumps(rules, ensure_ascii=False), encoding="utf-8")


def _model(module: Any) -> dict[str, Any]:
    """The weights that a module names, and what is added to their sum."""
    weights = Path(text.__file__).parent / "weights"
    content = {"weights": weights / module.WEIGHTS, "classes": weights / ngram_model.CLASSES}
    return {name: b64encode(path.read_bytes()).decode() for name, path in content.items()} | {"bias": module.BIAS}


def _private_lists() -> dict[str, Any]:
    """The patterns in order, what is `nobodys`, and the modules of python-stdnum by shape, and for any shape."""
    nobodys = {_short(name): sorted(getattr(module, name)) for module, names in PRIVATE_LISTS for name in names.split()}
    for module, names in PRIVATE_WORDS:
        nobodys |= {_short(name): getattr(module, name).split() for name in names.split()}
    return {
        "nobodys": nobodys,
        "shapes": [(shape, module.__name__) for shape, module in national_numbers._BY_SHAPE.items()],
        "named": [module.__name__ for module in national_numbers._BY_NAME],
        "detectors": [
            (kind, number, detector.hint)
            for kind, detectors in personal_data.KINDS.items()
            for number, detector in enumerate(detectors)
        ],
    }


def _parts(pattern: str) -> dict[str, Any]:
    return {"pattern": pattern, "alternatives": alternatives(pattern), "anchored": is_anchored(pattern)}


def _request_patterns() -> Iterator[tuple[str, str]]:
    for module, names in REQUESTS.items():
        for name, _, known_as in (entry.partition(":") for entry in names.split()):
            found = getattr(module, name.upper(), None) or getattr(module, f"_{name.upper()}")
            if isinstance(found, tuple):
                found = f"(?i:{'|'.join(found)})"
            yield known_as or name, found if isinstance(found, str) else _with_flags(found)
    for name, form in screen_forms.FORMS.items():
        yield from ((f"{name}_hint", form.hint), (f"{name}_asks", form.asks.pattern))
        yield f"{name}_not_meant", form.not_meant.pattern


def _with_flags(found: re.Pattern[str]) -> str:
    flags = "".join(sign for sign, flag in (("i", re.IGNORECASE), ("s", re.DOTALL)) if found.flags & flag)
    return f"(?{flags}:{found.pattern})" if flags else found.pattern
