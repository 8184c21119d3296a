"""The rules on what a prompt looks like, for one row at a time, as in `sides.rules`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.benchmarks.sides.expressions import Expression

Rule = tuple[str, Callable[[str, str], bool]]
Found = dict[str, Expression]


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

    def open_field(prompt: str, _: str) -> bool:
        end = prompt[-120:]
        if not end.rstrip().endswith(":") or not found["open_field"].search(end):
            return False
        return found["field_only"].search(end) is not None or not found["requested"].search(end)

    def unreadable(prompt: str, _: str) -> bool:
        if not found["unreadable"].search(prompt):
            return False
        return found["unreadable"].search(found["read"].sub(" ", prompt)) is not None

    def odd_symbols(prompt: str, _: str) -> bool:
        count = _count(found["odd"], prompt)
        if count and ("{" in prompt or "\\" in prompt):
            count -= 2 * _count(found["braced"], prompt) + _count(found["escaped"], prompt)
        return count > limits["max_odd_symbols"]

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
        ("tokenizer_residue", holds("residue")),
        ("emoji", holds("emoji")),
        ("list", more_than("max_items", "item")),
        ("list", more_than("max_inline_items", "inline_item")),
        ("field_labels", more_than("max_labels", "label")),
        ("field_labels", open_field),
        ("maths", holds("hard_maths")),
        ("maths", more_than("max_operators", "operator")),
        ("unreadable", unreadable),
        ("unreadable", more_than("max_unpronounceable", "consonants")),
        ("odd_symbols", holds("odd_run")),
        ("odd_symbols", odd_symbols),
        ("too_many_lines", more_than("max_lines", "line")),
        ("too_many_digits", digits),
        ("too_many_capitals", capitals),
        ("too_much_punctuation", punctuation),
    ]


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))
