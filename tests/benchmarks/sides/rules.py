"""The screening rules of the project's filters for one row at a time, as they are written for Python's `re`.

The expressions are the project's own: `tests.benchmarks.python_patterns` wrote them to rules.json. Rules stand in the
project's order, and the first that applies decides, so that no row is measured further than it must be.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from math import log
from operator import eq
from pathlib import Path
from typing import Any

from tests.benchmarks.sides.answer_rules import (
    Found,
    Rule,
    answer_text,
    breaks_off,
    claims_an_action,
    has_placeholder,
    looped_words,
    self_description,
    text_of_language,
)
from tests.benchmarks.sides.expressions import Expression, Signs
from tests.benchmarks.sides.ngram_model import NgramModel
from tests.benchmarks.sides.private_rules import privacy
from tests.benchmarks.sides.request_rules import screen_request, standalone
from tests.benchmarks.sides.speakable_rules import speakable

__all__ = [
    "Found",
    "Rule",
    "answer_text",
    "first_reason",
    "privacy",
    "quality",
    "read_rules",
    "screen_request",
    "self_description",
    "speakable",
    "spoken_length",
    "standalone",
    "text_of_language",
    "written_length",
]

LONGEST_PHRASE = 6
_WORDS = re.compile(r"[^\W_]+")
# What is left of a text that is folded: words, signs that always carry meaning, and others where they do.
_FOLDED = re.compile(
    r"""[^\W_]+
    | [+/%^@&$<>]
    | (?<![=])={1,2}(?!=)
    | (?<=[^\W_])\# | \#(?=[^\W_])
    | (?<=\d)\.(?=\d) | (?:(?<![^\s(\[{"'=<>+*/^,:$])|(?<=-)(?=.\d))\.(?=[^\W_])
    | (?<=[\d)])-(?=\d|[($.]\d) | (?<=[\d)])[ \t]+-[ \t]+(?=[\d(])
    | (?<![^\s(\[{"'=<>+*/^,:$-])-(?=\d|[($.]\d)
    | (?<=\d)!(?=[ \t]*[-+*/^=<>)])
    | (?<!\*)\*{1,2}(?=\.[^\W\d_])
    | (?<=[^\W_])\*{1,2}(?=[^\W_(]) | (?<=[)])\*{1,2}(?=[^\W_(])
    | (?<=[^\W_])[ \t]+\*{1,2}[ \t]+(?=[^\W_(]) | (?<=[)])[ \t]+\*{1,2}[ \t]+(?=[^\W_(])
    | [^\x00-\x7f]""",
    re.VERBOSE,
)
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SAME = str.maketrans("‐‑‒–—−×⋅÷⁄", "------**//")
_SPELLED = re.compile(r"[^\W\d_]{2}")


def read_rules(file: Path) -> tuple[Found, dict[str, Any]]:
    """The compiled expressions by name, and the thresholds."""
    content = json.loads(file.read_text(encoding="utf-8"))
    found: Found = {name: Expression(**parts) for name, parts in content["patterns"].items()}
    return found | {name: Signs(signs) for name, signs in content["signs"].items()}, content["thresholds"]


def read_words(file: Path) -> dict[str, float]:
    """What each word says for English."""
    words: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))["words"]
    return words


def log_odds_of_english(
    found: Found, limits: dict[str, Any], words: dict[str, float], text: str, probability: float
) -> float:
    """As the project's filter works it out of fastText's probability and the words."""
    least, most = limits["no_probability"], limits["most_characters"]
    weight = limits["at_least"] + limits["each_character"] * min(len(text), most)
    start = text[:most]
    total, unknown = 0.0, -len(found["name"].findall(start))
    for word in _WORDS.findall(start.lower()):
        if word in words:
            total += words[word]
        elif _SPELLED.search(word):
            unknown += 1
    total += limits["unknown_word"] * min(max(unknown, 0), limits["most_unknown"])
    if not start.isascii():
        letters = [letter for letter in start if letter.isalpha() and not letter.isascii()]
        foreign = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
        total += limits["foreign_letter"] * foreign
    return weight * log((probability + least) / (1 - probability + least)) + total + limits["before"]


def written_length(found: Found, limits: dict[str, Any]) -> list[Rule]:
    few = limits["min_words"]
    return [
        ("too_short", lambda prompt, _: len(found["first_word"].findall(prompt.strip()[:60])) < few),
        ("too_short", lambda prompt, _: len(prompt.strip()) < limits["min_characters"]),
        ("too_many_characters", lambda prompt, _: len(prompt.strip()) > limits["max_characters"]),
    ]


def quality(found: Found, limits: dict[str, Any]) -> list[Rule]:
    refusals = NgramModel(limits["refusals"])

    def in_prompt(name: str) -> Callable[[str, str], bool]:
        return lambda prompt, _: found[name].search(prompt.strip()) is not None

    def in_answer(name: str) -> Callable[[str, str], bool]:
        return lambda _, answer: found[name].search(answer.strip()) is not None

    def in_answer_but_code(name: str, tail: int) -> Callable[[str, str], bool]:
        def applies(_: str, answer: str) -> bool:
            return found[name].search(answer.strip()[-tail:]) is not None and not found["code_answer"].search(answer)

        return applies

    def cut_off(prompt: str, _: str) -> bool:
        prompt = prompt.strip()
        # No more of the end can be part of a match.
        open_ended = found["open_end"].search(prompt[-40:]) or found["open_bracket"].search(prompt[-125:])
        return open_ended is not None and not found["to_go_on"].search(prompt)

    def echoed(prompt: str, answer: str) -> bool:
        return abs(len(prompt) - len(answer)) <= 6 and _bare(prompt) == _bare(answer)

    def too_few_words(prompt: str, answer: str) -> bool:
        least = "min_written_words" if found["asks_for_text"].search(prompt.strip()) else "min_answer_words"
        return len(_WORDS.findall(answer.strip()[:80])) < limits[least]

    def template(prompt: str, _: str) -> bool:
        prompt = prompt.strip()
        slot = found["slot"].search(prompt.partition("\n")[0]) or found["slot_alone"].search(prompt)
        return slot is not None or found["template"].search(prompt) is not None

    def answered_anyway(answer: str) -> bool:
        return found["answers_anyway"].search(answer.strip()[:600].replace("’", "'")) is not None

    def disclaims(_: str, answer: str) -> bool:
        return found["disclaimer"].search(answer.strip()) is not None and not answered_anyway(answer)

    def refuses(prompt: str, answer: str) -> bool:
        if answered_anyway(answer):
            return False
        return refusals.log_odds(answer.strip(), prompt.strip()) > limits["max_refusal_log_odds"]

    return [
        ("empty_prompt", lambda prompt, _: found["content"].search(prompt) is None),
        ("empty_answer", lambda _, answer: not answer.strip()),
        ("template_leftover", template),
        ("template_leftover", in_answer_but_code("template", 1_000_000)),
        ("template_leftover", lambda prompt, answer: has_placeholder(found, prompt, answer)),
        ("cut_off_prompt", cut_off),
        ("repetition", lambda prompt, _: repeats(prompt[:600], limits["max_prompt_repeats"])),
        ("repetition", lambda _, answer: repeats(answer[-300:], limits["max_answer_repeats"])),
        ("repetition", lambda _, answer: looped_words(answer.strip()[-1200:]) > limits["max_looped_words"]),
        ("character_run", in_prompt("run")),
        ("answer_without_content", lambda _, answer: found["content"].search(answer) is None),
        ("answer_without_content", in_answer("no_answer")),
        ("answer_without_content", lambda _, a: len(a) < 240 and found["empty_talk"].search(a.strip()) is not None),
        ("cut_off_answer", lambda _, answer: breaks_off(found, answer)),
        ("answer_repeats_prompt", echoed),
        ("answer_too_short", too_few_words),
        ("ai_disclaimer", disclaims),
        ("claims_an_action", lambda prompt, answer: claims_an_action(found, prompt, answer)),
        ("refusal", refuses),
    ]


def spoken_length(found: Found, limits: dict[str, Any]) -> list[Rule]:
    """On the prompt as written, for only the project puts it into spoken words."""
    longest = limits["max_seconds"] * limits["characters_per_second"]
    return [
        ("too_many_seconds", lambda prompt, _: len(prompt) > longest),
        ("too_many_words", lambda prompt, _: len(prompt.split()) > limits["max_words"]),
        ("too_many_bytes", lambda prompt, _: len(prompt.encode()) > limits["max_bytes"]),
    ]


def first_reason(rules: list[Rule], prompt: str, answer: str) -> str | None:
    for reason, applies in rules:
        if applies(prompt, answer):
            return reason
    return None


def folded(text: str) -> list[str]:
    """The words and signs of a text that tell it from another: NFKC, lower case, without punctuation."""
    if not text.isascii():
        powers = _SUPERSCRIPTS.sub(lambda found: "^" + found[0], text)
        text = unicodedata.normalize("NFKC", powers).lower().translate(_SAME)
        text = re.sub("-([^\x00-\x7f])", lambda found: found[1] + "-" if _is_mark(found[1], {"Sc"}) else found[0], text)
        text = "".join(f" {each} " if _is_mark(each, {"Sm", "Sc", "So"}) else each for each in text)
    found = (token.strip() for token in _FOLDED.findall(text.lower()))
    return [part for token in found for part in ([token] if token[0].isalnum() else token) if _stays(part)]


def _is_mark(character: str, categories: set[str]) -> bool:
    return ord(character) > 127 and character not in "©®" and unicodedata.category(character) in categories


def _stays(part: str) -> bool:
    return part.isascii() or part[0].isalnum() or _is_mark(part, {"Sm", "Sc", "So"})


def repeats(text: str, most: int) -> bool:
    """Whether a phrase of up to six words stands more than `most` times in a row; signs and figures do not count."""
    words = _WORDS.findall(text.lower())
    for size in range(1, min(LONGEST_PHRASE, len(words) // (most + 1)) + 1):
        # One byte a word: whether it is the one so many words before.
        same = bytes(map(eq, words[size:], words))
        start = same.find(b"\1" * (size * most))
        while start >= 0:
            end = start + size * most
            if any(len(word) > 1 and word.isalpha() for word in words[end - size : end]):
                return True
            start = same.find(b"\1" * (size * most), start + 1)
    return False


def _bare(text: str) -> str:
    return " ".join(_WORDS.findall(text[:100].lower()))
