"""Rewriting a text in one pass: at each place where something may start, the first rule that fits says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

DIGITS = "0123456789"
# How far a rule looks around what it says: no word is longer, and no text costs more than its length.
NEARBY = 60


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


def text_before(match: re.Match[str]) -> str:
    """The NEARBY characters that stand before a match."""
    return match.string[max(0, match.start() - NEARBY) : match.start()]


def text_after(match: re.Match[str]) -> str:
    """The NEARBY characters that stand after a match."""
    return match.string[match.end() : match.end() + NEARBY]


def rewriter(rules: Sequence[Rule]) -> Callable[[str], str]:
    """A function that replaces every written form of `rules` in a text, left to right, words set apart by blanks.

    Letters start a form at the beginning of a word only. Characters that start no form cost one scan in C, the others
    one attempt at all forms that may start so; only the forms from the first that fits on are tried one by one.
    """
    by_start: dict[str, tuple[Rule, ...]] = {}
    for one in rules:
        for character in one.starts:
            by_start[character] = (*by_start.get(character, ()), one)
    forms = {character: (_any_form(started), started) for character, started in by_start.items()}
    next_start = re.compile(_start_of(by_start)).search

    def rewrite(text: str) -> str:
        said: list[str] = []
        done = at = 0
        while found := next_start(text, at):
            at = found.start()
            fits, started = forms[text[at]]
            first = fits(text, at)
            for one in started[_place(first) :] if first else ():
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


def _start_of(by_start: Iterable[str]) -> str:
    letters = "".join(character for character in by_start if character.isalpha())
    others = "".join(character for character in by_start if not character.isalpha())
    return "|".join(
        f"{before}[{re.escape(characters)}]" for before, characters in ((r"\b", letters), ("", others)) if characters
    )


def _any_form(rules: Sequence[Rule]) -> Callable[[str, int], re.Match[str] | None]:
    """Match the first of the rules that fits; the name of the match's last group tells which."""
    return re.compile("|".join(f"(?P<_{place}>{one.pattern.pattern})" for place, one in enumerate(rules))).match


def _place(match: re.Match[str]) -> int:
    return int(str(match.lastgroup)[1:])
