"""Rewriting a text in one pass: at each place where something may start, the first rule that fits says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

DIGITS = "0123456789"


@dataclass(frozen=True)
class Rule:
    """A written form, the characters it may start with, and how to say it.

    `say` returns None where the form turns out to be something else.
    """

    pattern: re.Pattern[str]
    starts: str
    say: Callable[[re.Match[str]], str | None]


def rule(pattern: str, starts: str = DIGITS) -> Callable[[Callable[[re.Match[str]], str | None]], Rule]:
    """Make a Rule of the decorated function."""
    return lambda say: Rule(re.compile(pattern), starts, say)


def rewriter(rules: Sequence[Rule]) -> Callable[[str], str]:
    """A function that replaces every written form of `rules` in a text, left to right, words set apart by blanks.

    Characters that start no form cost one scan in C; the others are tried against their own rules only.
    """
    by_start: dict[str, tuple[Rule, ...]] = {}
    for one in rules:
        for character in one.starts:
            by_start[character] = (*by_start.get(character, ()), one)
    next_start = re.compile(f"[{re.escape(''.join(by_start))}]").search

    def rewrite(text: str) -> str:
        said: list[str] = []
        done = at = 0
        while found := next_start(text, at):
            at = found.start()
            for one in by_start[text[at]]:
                match = one.pattern.match(text, at)
                words = one.say(match) if match else None
                if match is None or words is None:
                    continue
                said.append(text[done:at])
                if at and text[at - 1].isalnum():
                    said.append(" ")
                said.append(words)
                done = at = match.end()
                if at < len(text) and text[at].isalnum():
                    said.append(" ")
                break
            else:
                at += 1
        said.append(text[done:])
        return "".join(said)

    return rewrite
