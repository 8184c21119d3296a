"""Answers without the marks that programs leave in them, one at a time."""

from __future__ import annotations

import re
from typing import Any

from tests.benchmarks.sides.expressions import Expression, Signs

Found = dict[str, Expression]

_BOX = re.compile(r"\\f?box(?:ed)?\s*\{")
_PLAIN = re.compile(r"\A\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}\Z")
_OPENS = re.compile(r"(\$\$?|\\\[|\\\()\s*\Z")
_CLOSES = re.compile(r"\A\s*(\$\$?|\\\]|\\\))")
_PAIRS = {"$": "$", "$$": "$$", r"\[": r"\]", r"\(": r"\)"}


class Cleaning:
    """What is taken out of answers, in order."""

    def __init__(self, found: Found, limits: dict[str, Any]) -> None:
        self._found, self._signs = found, Signs(limits["signs_of_marks"])
        self._steps = {
            "reasoning": self._without_reasoning,
            "calculator": lambda text: self._cut("gadget", self._cut("calculator", text)),
            "final_line": self._without_final_line,
            "box": _without_boxes,
            "end_of_text": lambda text: self._cut("end_of_text", text),
        }

    def clean(self, answer: str) -> tuple[str, list[str]]:
        """An answer without marks, and which kinds it had."""
        taken_out: list[str] = []
        if self._signs.search(answer):
            for kind, step in self._steps.items():
                cleaned = step(answer)
                if cleaned != answer:
                    answer = cleaned
                    taken_out.append(kind)
        return answer, taken_out

    def _cut(self, name: str, text: str, by: str = "") -> str:
        return self._found[f"cleaning.{name}"].sub(by, text)

    def _has(self, name: str, text: str) -> bool:
        return self._found[f"cleaning.{name}"].search(text) is not None

    def _without_reasoning(self, text: str) -> str:
        if not self._has("reasoning_mark", text):
            return text
        left = self._found["cleaning.at_start"].sub("", text, count=1)
        opens, closes = self._has("opens", left), self._has("closes", left)
        if closes and not opens:
            left = self._found["cleaning.without_opening"].sub(r"\1", left, count=1).lstrip()
        elif opens and closes and "```" not in left:
            left = self._found["cleaning.on_its_line"].sub("", left, count=1)
        said = text
        if len(left) < len(text):
            said = self._found["cleaning.answer"].sub(r"\1", left, count=1)
            said = self._found["cleaning.solution"].sub(r"\1", said, count=1)
        withheld = self._has("opens_at_start", left) or (len(left) < len(text) and not said.strip())
        return text if withheld else said

    def _without_final_line(self, text: str) -> str:
        last = self._found["cleaning.final_line"].first(text)
        if last is None:
            return text
        before = text[: last.start()]
        said = _numbers(last[1]) in _numbers(before)
        if said and (re.search(r"\d", last[1]) or last[1] in before):
            return before
        return f"{before}\n{last[1]}".strip("\n")


def _numbers(text: str) -> str:
    together = re.sub(r"[^\d.]+", " ", re.sub(r"(\d)[ ,](\d\d\d)", r"\1\2", text))
    return " " + re.sub(r"\.+(?: |$)", " ", together).strip(" ") + " "


def _without_boxes(text: str) -> str:
    for _ in range(20):
        box = _BOX.search(text)
        end = _closing(text, box.end()) if box else None
        if box is None or end is None:
            break
        before, inside, behind = text[: box.start()], text[box.end() : end].strip(), text[end + 1 :]
        plain = _PLAIN.match(inside)
        inside = plain[1] if plain else inside
        opens, closes = _OPENS.search(before), _CLOSES.search(behind)
        if opens and closes and _PAIRS[opens[1]] == closes[1] and not re.search(r"[\\^_{}]", inside):
            before, behind = before[: opens.start()], behind[closes.end() :]
        text = before + inside + behind
    return text


def _closing(text: str, start: int) -> int | None:
    depth = 1
    for place in range(start, min(len(text), start + 2000)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
    return None
