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
from pathlib import Path
from typing import Any

from tests.benchmarks.sides.request_rules import screen_request, standalone

__all__ = [
    "first_reason",
    "length",
    "quality",
    "read_rules",
    "screen_request",
    "speakable",
    "standalone",
    "written_length",
]

Rule = tuple[str, Callable[[str, str], bool]]
Found = dict[str, re.Pattern[str]]

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
    return {name: re.compile(pattern) for name, pattern in content["patterns"].items()}, content["thresholds"]


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
        ("too_short", lambda prompt, _: len(_WORDS.findall(prompt[:60])) < few),
        ("too_short", lambda prompt, _: len(prompt.strip()) < limits["min_characters"]),
        ("too_many_characters", lambda prompt, _: len(prompt.strip()) > limits["max_characters"]),
    ]


def quality(found: Found, limits: dict[str, Any]) -> list[Rule]:
    def in_prompt(name: str) -> Callable[[str, str], bool]:
        return lambda prompt, _: found[name].search(prompt.strip()) is not None

    def in_answer(name: str) -> Callable[[str, str], bool]:
        return lambda _, answer: found[name].search(answer.strip()) is not None

    def in_answer_but_code(name: str, tail: int) -> Callable[[str, str], bool]:
        def applies(_: str, answer: str) -> bool:
            return found[name].search(answer.strip()[-tail:]) is not None and not found["code_answer"].search(answer)

        return applies

    def echoed(prompt: str, answer: str) -> bool:
        return abs(len(prompt) - len(answer)) <= 6 and _bare(prompt) == _bare(answer)

    def too_few_words(prompt: str, answer: str) -> bool:
        least = "min_written_words" if found["asks_for_text"].search(prompt.strip()) else "min_answer_words"
        return len(_WORDS.findall(answer.strip()[:80])) < limits[least]

    return [
        ("empty_prompt", lambda prompt, _: found["content"].search(prompt) is None),
        ("empty_answer", lambda _, answer: not answer.strip()),
        ("template_leftover", in_prompt("template")),
        ("template_leftover", in_prompt("slot")),
        ("template_leftover", in_answer_but_code("template", 1_000_000)),
        ("template_leftover", lambda prompt, answer: _has_placeholder(found, prompt, answer)),
        ("cut_off_prompt", in_prompt("open_end")),
        ("cut_off_prompt", in_prompt("open_bracket")),
        ("repetition", lambda prompt, _: repeats(prompt[:600], limits["max_prompt_repeats"])),
        ("repetition", lambda _, answer: repeats(answer[-300:], limits["max_answer_repeats"])),
        ("repetition", lambda _, answer: _looped_words(answer.strip()[-1200:]) > limits["max_looped_words"]),
        ("character_run", in_prompt("run")),
        ("answer_without_content", lambda _, answer: found["content"].search(answer) is None),
        ("answer_without_content", in_answer("no_answer")),
        ("answer_without_content", lambda _, a: len(a) < 240 and found["empty_talk"].search(a.strip()) is not None),
        ("cut_off_answer", lambda _, answer: _breaks_off(found, answer)),
        ("answer_repeats_prompt", echoed),
        ("answer_too_short", too_few_words),
        ("ai_disclaimer", in_answer("disclaimer")),
        ("refusal", lambda prompt, answer: _refuses(found, prompt, answer)),
    ]


def _has_placeholder(found: Found, prompt: str, answer: str) -> bool:
    if not found["placeholders.signs"].search(answer) or not found["placeholders.placeholder"].search(answer):
        return False
    return not found["subjects.of_code"].search(prompt) and not found["code_answer"].search(answer.strip())


def _breaks_off(found: Found, answer: str) -> bool:
    answer = answer.strip()
    end = answer[-300:]

    def has(name: str) -> bool:
        return found[f"endings.{name}"].search(end) is not None

    if end.endswith(("...", "…", '..."', '…"')) and has("ellipsis") and not has("meant"):
        broken = True
    elif has("closed"):
        broken = end.endswith((".", "*", ")")) and has("opened")
    else:
        broken = has("never") or (has("seldom") and not has("shortened")) or has("opened")
        broken = broken or (end.endswith((":", ":*", ":**")) and has("announced"))
        broken = broken or (len(answer.encode()) > 400 and has("ran_out") and not has("markless"))
    return broken and not found["code_answer"].search(answer)


def _refuses(found: Found, prompt: str, answer: str) -> bool:
    opening = answer.strip()[:320]
    text = opening.lower().replace("’", "'")

    def has(name: str) -> bool:
        return found[f"refusals.{name}"].search(text) is not None

    if not has("possible") or found["refusals.letter"].search(opening):
        return False
    text = found["refusals.quotation"].sub("…", text)
    kinds = ("declines", "firm", "curtly", "lacks", "for_me", "would_be_wrong", "ai", "barely", "does_not_know")
    if not any(map(has, kinds)) and not (len(answer.strip()) < 320 and _asks_for_input(found, text)):
        return False
    return not has("mentioned") and (not found["refusals.in_somebodys_name"].search(prompt.strip()) or has("surely"))


def _asks_for_input(found: Found, text: str) -> bool:
    if not found["missing_input.needs"].search(text):
        return False
    accepts, material = found["missing_input.accepts"], found["missing_input.material"]
    return not accepts.search(text) or material.search(text) is not None


def answer_text(found: Found, limits: dict[str, Any]) -> list[Rule]:
    def has(signs: str, pattern: str, text: str) -> bool:
        possible = found[f"answer_text.{signs}"].search(text)
        return possible is not None and found[f"answer_text.{pattern}"].search(text) is not None

    def about(subject: str, prompt: str) -> bool:
        return found[f"subjects.{subject}"].search(prompt) is not None

    def calls(prompt: str, answer: str) -> bool:
        if has("tool_marks", "tool_mark", answer):
            return True
        brief = len(answer.encode()) < 400
        if answer.lstrip()[:1] in ("[", "{", "`") and answer.strip():
            listed = brief and found["answer_text.listed_call"].search(answer)
            if listed or found["answer_text.json_call"].search(answer):
                return True
        bare = brief and answer.endswith((")", ");")) and found["answer_text.bare_call"].search(answer)
        return bool(bare) and not about("of_code", prompt)

    def turns(prompt: str, answer: str) -> bool:
        told = has("turns", "turn", answer) or has("turns", "question", answer)
        return told and not about("of_turns", prompt)

    def residue(prompt: str, answer: str) -> bool:
        left = has("residues", "residue", answer) or has("entities", "entity", answer)
        return left and not found["answer_text.code_answer"].search(answer) and not about("of_code", prompt)

    def detached(_: str, answer: str) -> bool:
        if not found["answer_text.blanks_before"].search(answer):
            return False
        return _count(found["answer_text.detached"], answer[:2000]) > limits["max_detached_marks"]

    def words_beside(name: str, answer: str) -> int:
        return len(_WORDS.findall(found[f"answer_text.{name}"].sub(" ", answer)[:600]))

    def only_links(_: str, answer: str) -> bool:
        if found["answer_text.links"].search(answer) and words_beside("link", answer) < limits["min_words_beside"]:
            return True
        return len(answer.encode()) < 80 and found["answer_text.lone_domain"].search(answer) is not None

    def only_a_table(_: str, answer: str) -> bool:
        if ("|" not in answer and "\t" not in answer) or not found["answer_text.table"].search(answer):
            return False
        return words_beside("table_line", answer) < 3 * limits["min_words_beside"]

    return [
        ("tool_call", calls),
        ("chat_mark", lambda prompt, a: has("chat_marks", "chat_mark", a) and not about("of_marks", prompt)),
        ("leaked_turn", turns),
        ("tokenizer_residue", residue),
        ("tokenizer_residue", detached),
        ("only_links", only_links),
        ("only_a_table", only_a_table),
    ]


def self_description(found: Found, limits: dict[str, Any]) -> list[Rule]:
    def has(signs: str, pattern: str, answer: str) -> bool:
        text = answer.replace("’", "'")
        possible = found[f"self_description.{signs}"].search(text)
        return possible is not None and found[f"self_description.{pattern}"].search(text) is not None

    def maker(prompt: str, answer: str) -> bool:
        return has("makers", "maker", answer) and not found["subjects.in_anothers_name"].search(prompt)

    return [("knowledge_cutoff", lambda _, answer: has("cutoffs", "cutoff", answer)), ("names_its_maker", maker)]


def speakable(found: Found, limits: dict[str, Any]) -> list[Rule]:
    def holds(name: str) -> Callable[[str, str], bool]:
        return lambda prompt, _: found[name].search(prompt) is not None

    def more_than(limit: str, name: str) -> Callable[[str, str], bool]:
        return lambda prompt, _: _count(found[name], prompt) > limits[limit]

    def punctuation(prompt: str, _: str) -> bool:
        if len(prompt) < 24:
            return False
        count = _count(found["mark"], prompt) - _count(found["number_mark"], prompt)
        return count / len(prompt) > limits["max_punctuation_share"]

    def lettered(prompt: str, _: str) -> bool:
        return found["choice_b"].search(prompt) is not None and found["choice_a"].search(prompt) is not None

    def capitals(prompt: str, _: str) -> bool:
        count = _count(found["capitals"], prompt)
        return count >= 6 and count / (prompt.count(" ") + 1) > limits["max_capital_share"]

    def digits(prompt: str, _: str) -> bool:
        count = _count(found["digit"], prompt)
        return count > limits["max_digits"] and count / len(prompt) > limits["max_digit_share"]

    return [
        ("email", holds("email")),
        ("url", holds("url")),
        ("latex", holds("latex")),
        ("markup", holds("markup")),
        ("code", holds("code")),
        ("code", holds("literal")),
        ("table", holds("table")),
        ("transcript", holds("transcript")),
        ("lettered_choices", lettered),
        ("question_answer_markers", holds("q_and_a")),
        ("emoji", holds("emoji")),
        ("list", more_than("max_items", "item")),
        ("list", more_than("max_inline_items", "inline_item")),
        ("field_labels", more_than("max_labels", "label")),
        ("maths", holds("hard_maths")),
        ("maths", more_than("max_operators", "operator")),
        ("unreadable", holds("unreadable")),
        ("unreadable", more_than("max_unpronounceable", "consonants")),
        ("odd_symbols", holds("odd_run")),
        ("odd_symbols", more_than("max_odd_symbols", "odd")),
        ("too_many_lines", more_than("max_lines", "line")),
        ("too_many_digits", digits),
        ("too_many_capitals", capitals),
        ("too_much_punctuation", punctuation),
    ]


def length(found: Found, limits: dict[str, Any]) -> list[Rule]:
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
        run = 0
        for at, same in enumerate(map(str.__eq__, words[size:], words)):
            run = run + 1 if same else 0
            if run >= size * most and any(len(word) > 1 and word.isalpha() for word in words[at : at + size]):
                return True
    return False


def _looped_words(text: str) -> int:
    """How many words at the end only say again what stands before them, three times or more."""
    words = _WORDS.findall(text.lower())
    most = 0
    for size in range(1, min(60, (len(words) + 1) // 3) + 1):
        run = 0
        while run < len(words) - size and words[-1 - run] == words[-1 - run - size]:
            run += 1
        if run >= 2 * size - 1 and run > most and any(len(word) > 1 and word.isalpha() for word in words[-size:]):
            most = run
    return most


def _bare(text: str) -> str:
    return " ".join(_WORDS.findall(text[:100].lower()))


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))
