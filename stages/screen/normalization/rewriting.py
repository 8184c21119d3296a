"""Rewriting a text in one pass: at each place where something may start, the first rule that fits says it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

DIGITS = "0123456789"
# How far a rule looks around what it says: no word is longer, and no text costs more than its length.
NEARBY = 60
# How many forms are tried in one attempt.
_BLOCK = 12


class Doubtful(ValueError):
    """Raised for a written form that can be read in several ways, none of them certain; the message says which."""


@dataclass(frozen=True)
class Rule:
    """A written form, the characters it may start with, where it may open, and how to say it.

    `opens` is a pattern that finds quickly where the form can be; by default any of its characters, letters at the
    beginning of a word and a point before a digit only. `say` returns None where the form is something else after all.
    """

    pattern: re.Pattern[str]
    starts: str
    opens: str
    say: Callable[[re.Match[str]], str | None]


# What a sign may stand before: numbers, and what stands before those.
_BEFORE_NUMBERS = r"0-9.$€£¥₹₩₽₺₪₱₦₿฿¢A-Z"


def rule(
    pattern: str, starts: str = DIGITS, opens: str | None = None
) -> Callable[[Callable[[re.Match[str]], str | None]], Rule]:
    """Make a Rule of the decorated function."""
    return lambda say: Rule(re.compile(pattern), starts, _start_of(starts) if opens is None else opens, say)


def without_letters(form: Rule) -> Rule:
    """The form, looked for at digits and signs alone."""
    starts = "".join(character for character in form.starts if not character.isalpha())
    return replace(form, starts=starts, opens=_start_of(starts) if form.opens == _start_of(form.starts) else form.opens)


def text_before(match: re.Match[str]) -> str:
    """The NEARBY characters that stand before a match."""
    return match.string[max(0, match.start() - NEARBY) : match.start()]


def text_after(match: re.Match[str]) -> str:
    """The NEARBY characters that stand after a match."""
    return match.string[match.end() : match.end() + NEARBY]


def speaks_of(words: str) -> Callable[[str], bool]:
    """A function that tells whether a text has one of some words; kept for the last text, since each form asks."""
    search = re.compile(words).search
    return lru_cache(maxsize=1)(lambda text: search(text) is not None)


def between(match: re.Match[str]) -> str:
    """What is said for the dash of a range: "and" after "between", else "to"."""
    return "and" if re.search(r"(?i)\bbetween (?:the )?(?:years )?$", text_before(match)) else "to"


def describes_a_thing(match: re.Match[str]) -> bool:
    """Whether an amount says what kind of thing follows and so stands in the singular: "a $10 bill", "a 9V battery"."""
    return bool(
        re.search(r"\b[Aa]n? $", text_before(match))
        and re.match(
            r" (?!(?:of|to|in|for|per|and|or|at|is|was|from|on|by|with|each|every|if|as|than|less|more)\b)[a-zA-Z]",
            text_after(match),
        )
    )


def starts(words: Iterable[str]) -> str:
    """The characters that some of the words start with."""
    return "".join(sorted({word[0] for word in words}))


def key(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def rewriter(rules: Sequence[Rule]) -> Callable[[str], str]:
    """A function that replaces every written form of `rules` in a text, left to right, words set apart by blanks.

    Characters that open no form cost one scan in C, the others one attempt at each block of the forms that may start
    so; only the forms of a block from the first that fits on are tried one by one. What is compiled of them is compiled
    when a text asks for it, for it takes a second, and most processes rewrite no text.
    """
    next_start = cache(lambda: re.compile(_any_start(rules)).search)
    forms = _Forms(rules)

    def rewrite(text: str) -> str:
        said: list[str] = []
        done = at = 0
        search = next_start()
        while found := search(text, at):
            at = found.start()
            match, words = _first_said(forms[text[at]], text, at)
            if match is None:
                at += 1
                continue
            said.append(text[done:at])
            if at and text[at - 1].isalnum():
                said.append(" ")
            said.append(words)
            done = at = match.end()
            if at < len(text) and text[at].isalnum():
                said.append(" ")
        said.append(text[done:])
        return "".join(said)

    return rewrite


_Block = tuple[Callable[[str, int], re.Match[str] | None], Sequence[Rule]]


class _Forms(dict[str, list[_Block]]):
    """The blocks of the rules that may start with a character, made when it is first met."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, character: str) -> list[_Block]:
        self[character] = _blocks([one for one in self._rules if character in one.starts])
        return self[character]


def _blocks(rules: Sequence[Rule]) -> list[_Block]:
    """The rules in their order, some at a time, with what tells in one attempt which of them is the first to fit."""
    parts = [rules[start : start + _BLOCK] for start in range(0, len(rules), _BLOCK)]
    return [(_any_form(part), part) for part in parts]


def _first_said(blocks: list[_Block], text: str, at: int) -> tuple[re.Match[str] | None, str]:
    """The first form that says what stands at a place, and its words."""
    for fits, started in blocks:
        first = fits(text, at)
        for one in started[_place(first) :] if first else ():
            match = one.pattern.match(text, at)
            words = one.say(match) if match else None
            if match is not None and words is not None and match.end() > at:
                return match, words
    return None, ""


def _start_of(starts: str) -> str:
    """Where one of the characters may start a form: letters at the beginning of a word, a point before a digit, a sign
    before a number or what has one."""
    letters = "".join(character for character in starts if character.isalpha())
    signs = "".join(character for character in starts if character in "-–+")
    others = "".join(character for character in starts if not character.isalpha() and character not in ".-–+")
    classes = (("", others, ""), (r"\b", letters, ""), ("", signs, rf"(?= ?[{_BEFORE_NUMBERS}])"))
    found = [f"{before}[{re.escape(characters)}]{after}" for before, characters, after in classes if characters]
    return "|".join([*found, r"\.(?=[0-9])"] if "." in starts else found)


def _any_start(rules: Sequence[Rule]) -> str:
    """Where any of the rules may open: each character by itself, so that a scan looks at few patterns at each."""
    found = []
    for character in sorted({character for one in rules for character in one.starts}):
        opens = dict.fromkeys(
            _start_of(character) if one.opens == _start_of(one.starts) else one.opens
            for one in rules
            if character in one.starts
        )
        anywhere = f"[{re.escape(character)}]" in opens
        found.append(re.escape(character) + ("" if anywhere else f"(?<=(?={_by_words(opens)}).)"))
    return "|".join(found)


def _by_words(opens: Iterable[str]) -> str:
    """The patterns as one, those at the beginning of a word together."""
    each = [part for one in opens for part in _alternatives(one)]
    at_words = [part.removeprefix(r"\b") for part in each if part.startswith(r"\b")]
    others = [part for part in each if not part.startswith(r"\b")]
    return "|".join([*([rf"\b(?:{'|'.join(at_words)})"] if at_words else []), *others])


def _alternatives(pattern: str) -> list[str]:
    """The parts of a pattern that stand between bars outside of brackets."""
    parts, depth, part = [], 0, ""
    for token in re.findall(r"\\.|\[(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL):
        depth += (token == "(") - (token == ")")
        if token == "|" and not depth:
            parts.append(part)
            part = ""
        else:
            part += token
    return [*parts, part]


def _any_form(rules: Sequence[Rule]) -> Callable[[str, int], re.Match[str] | None]:
    """Match the first of the rules that fits; the name of the match's last group tells which."""
    return re.compile("|".join(f"(?P<_{place}>{one.pattern.pattern})" for place, one in enumerate(rules))).match


def _place(match: re.Match[str]) -> int:
    return int(str(match.lastgroup)[1:])
