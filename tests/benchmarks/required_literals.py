"""What every match of a regular expression has in it: looking for that first is the fastest way to use Python's `re`.

Rust's engine finds it out by itself; Python's looks at a text letter by letter, with every alternative.
"""

from __future__ import annotations

import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Collection
from itertools import product
from typing import Any, NamedTuple

Literals = frozenset[str]

# More literals cost as much as the expression; of more ways to write a part, none is written out.
MOST, MOST_WAYS = 400, 400
# Letters alone are in every text if they are few.
FEWEST_LETTERS = 3
# Nor are these worth looking for.
_COMMON = """
    the this that these from for with you your and are was what which who how when where why have has does did can will
    would could should not all any some more most one there here they their its but just about give make tell then
"""
COMMON = frozenset(_COMMON.split())
# Stands for one in a literal.
BOUNDARY = "\0"
_WORD = re.compile(r"\w")
_CLASS_BEGINS = re.compile(r"\^?\]?")
_WITH_FLAGS = re.compile(r"\(\?[ims]*:")
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


class Alternative(NamedTuple):
    """An alternative of an expression: every match of it has one of these words or, within one or not, literals.

    All in small letters; there are neither where none are worth looking for.
    """

    words: list[str]
    literals: list[str]
    pattern: str


def alternatives(pattern: str) -> list[Alternative]:
    """The alternatives of an expression."""
    return [_alternative(part) for part in split(pattern)]


def _alternative(pattern: str) -> Alternative:
    words, literals = set(), set()
    for found in required(parser.parse(pattern)) or ():
        word, bare = _longest_word(found), found.strip(BOUNDARY)
        if len(word) < FEWEST_LETTERS or (word in COMMON and word != bare):
            literals.add(bare)
        else:
            words.add(word)
    return Alternative(sorted(words), sorted(shortest(literals)), pattern)


def is_anchored(pattern: str) -> bool:
    """Whether an expression matches at the start of a text only."""
    return _begins_text(parser.parse(pattern), parser.parse(pattern).state.flags)


def _begins_text(sequence: Any, flags: int) -> bool:
    for code, value in sequence:
        if code is codes.AT:
            return value is codes.AT_BEGINNING_STRING or (value is codes.AT_BEGINNING and not flags & re.MULTILINE)
        if code is codes.SUBPATTERN:
            return _begins_text(value[3], (flags | value[1]) & ~value[2])
        if code is codes.BRANCH:
            return all(_begins_text(one, flags) for one in value[1])
        return False
    return False


def split(pattern: str) -> list[str]:
    """The alternatives of an expression, those within flags for all of it included."""
    parts = _at_bars(pattern)
    if len(parts) > 1:
        return [one for part in parts for one in split(part)]
    flags = _WITH_FLAGS.match(pattern)
    if flags and _closes(pattern) == len(pattern) - 1:
        inside = _at_bars(pattern[flags.end() : -1])
        return [flags[0] + part + ")" for part in inside]
    return parts


def _at_bars(pattern: str) -> list[str]:
    parts, start = [], 0
    for place, mark, depth in _marks(pattern):
        if mark == "|" and not depth:
            parts.append(pattern[start:place])
            start = place + 1
    return [*parts, pattern[start:]]


def _closes(pattern: str) -> int:
    """Where the bracket closes that the expression begins with."""
    return next(place for place, mark, depth in _marks(pattern) if mark == ")" and not depth)


def _marks(pattern: str) -> Any:
    """Places of brackets and bars that mean something, and how deep in brackets each stands."""
    place = depth = 0
    while place < len(pattern):
        mark = pattern[place]
        if mark == "\\":
            place += 1
        elif mark == "[":
            begins = _CLASS_BEGINS.match(pattern, place + 1)
            place = begins.end() if begins else place
            while pattern[place] != "]":
                place += 1 + (pattern[place] == "\\")
        elif mark in "()|":
            depth -= mark == ")"
            yield place, mark, depth
            depth += mark == "("
        place += 1


def required(sequence: Any, before: str = "", after: str = "") -> Literals | None:
    """Literals of which every match of a parsed expression has one; None where none are worth looking for.

    `before` and `after` are boundaries where those are known to stand around it.
    """
    items = list(sequence)
    best: Literals | None = None
    run: Literals = frozenset({before})
    for place, (code, value) in enumerate(items):
        ends = before if place == 0 else _boundary(_ends_at_boundary(items[:place]))
        begins = after if place + 1 == len(items) else _boundary(_begins_at_boundary(items[place + 1 :]))
        best = _better(best, _within(code, value, ends, begins))
        exact = _exact(code, value)
        if exact is not None and len(exact) * len(run) <= MOST_WAYS:
            run = _joined(run, exact)
            continue
        repeated = exact or _repeated(code, value)
        if repeated and len(repeated) * len(run) <= MOST_WAYS:
            best = _better(best, _joined(run, repeated))
        best = _better(best, _joined(run, frozenset({_boundary(_begins_at_boundary(items[place:]))})))
        run = frozenset({_boundary(_ends_at_boundary(items[: place + 1]))})
    return _better(best, _joined(run, frozenset({after})))


def _boundary(stands: bool) -> str:
    return BOUNDARY if stands else ""


def _begins_at_boundary(items: list[Any]) -> bool:
    """Whether whatever these match begins with a mark or a blank, or stands at a boundary of words."""
    if not items:
        return False
    (code, value), rest = items[0], items[1:]
    if code is codes.SUBPATTERN:
        return _begins_at_boundary([*value[3], *rest])
    if code is codes.BRANCH:
        return all(_begins_at_boundary([*one, *rest]) for one in value[1])
    if code in _REPEATS:
        return _begins_at_boundary([*value[2], *rest]) and (value[0] > 0 or _begins_at_boundary(rest))
    return _is_boundary(code, value)


def _ends_at_boundary(items: list[Any]) -> bool:
    if not items:
        return False
    *rest, (code, value) = items
    if code is codes.SUBPATTERN:
        return _ends_at_boundary([*rest, *value[3]])
    if code is codes.BRANCH:
        return all(_ends_at_boundary([*rest, *one]) for one in value[1])
    if code in _REPEATS:
        return _ends_at_boundary([*rest, *value[2]]) and (value[0] > 0 or _ends_at_boundary(rest))
    return _is_boundary(code, value)


def _is_boundary(code: Any, value: Any) -> bool:
    if code is codes.AT:
        return value is not codes.AT_NON_BOUNDARY
    if code is codes.LITERAL:
        return not _WORD.match(chr(value))
    if code is codes.IN:
        return all(map(_has_no_letter, value))
    return code is codes.CATEGORY and value in (codes.CATEGORY_NOT_WORD, codes.CATEGORY_SPACE)


def _has_no_letter(part: Any) -> bool:
    code, value = part
    if code is codes.RANGE:
        return value[1] - value[0] < 40 and not any(_WORD.match(chr(one)) for one in range(value[0], value[1] + 1))
    return code is not codes.NEGATE and _is_boundary(code, value)


def _within(code: Any, value: Any, before: str, after: str) -> Literals | None:
    if code is codes.SUBPATTERN:
        return required(value[3], before, after)
    if code in _REPEATS and value[0] > 0:
        return _better(required(value[2]), _repeated(code, value))
    if code is codes.BRANCH:
        return _all_of([required(one, before, after) for one in value[1]], MOST)
    return None


def _repeated(code: Any, value: Any) -> Literals | None:
    """What a part that is repeated begins with."""
    if code not in _REPEATS or value[0] == 0:
        return None
    once = _exact_sequence(value[2])
    return frozenset(way * min(value[0], 8) for way in once) if once and len(once) == 1 else once


def _exact(code: Any, value: Any) -> Literals | None:
    """All that a part of an expression matches, in small letters, where that is little."""
    if code is codes.LITERAL:
        return frozenset({chr(value).lower()})
    if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
        return frozenset({_boundary(_is_boundary(code, value))})
    if code is codes.IN:
        return _one_of(value)
    if code is codes.BRANCH:
        return _all_of([_exact_sequence(one) for one in value[1]], MOST_WAYS)
    optional = code is codes.MAX_REPEAT and value[:2] == (0, 1)
    inside = _exact_sequence(value[-1]) if optional or code is codes.SUBPATTERN else None
    return inside | {""} if inside and optional else inside


def _one_of(value: Any) -> Literals | None:
    letters: set[str] = set()
    for code, one in value:
        first, last = (one, one) if code is codes.LITERAL else one if code is codes.RANGE else (0, MOST)
        if last - first > 10:
            return None
        letters |= {chr(each).lower() for each in range(first, last + 1)}
    return frozenset(letters) if len(letters) <= 10 else None


def _exact_sequence(sequence: Any) -> Literals | None:
    ways: Literals | None = frozenset({""})
    for code, value in sequence:
        exact = _exact(code, value)
        ways = _joined(ways, exact) if ways and exact and len(ways) * len(exact) <= MOST_WAYS else None
    return ways


def _joined(ones: Literals, others: Literals) -> Literals:
    return frozenset((one + other).replace(BOUNDARY * 2, BOUNDARY) for one, other in product(ones, others))


def _all_of(every: list[Literals | None], most: int) -> Literals | None:
    together = frozenset(literal for some in every for literal in some or ())
    return together if None not in every and len(together) <= most else None


def _better(one: Literals | None, other: Literals | None) -> Literals | None:
    if other is None or not all(map(_is_telling, other)):
        return one
    return other if one is None or _commonness(other) < _commonness(one) else one


def _is_telling(literal: str) -> bool:
    bare = literal.strip(BOUNDARY)
    return len(bare) >= FEWEST_LETTERS or any(not each.isalpha() and each not in " \n" for each in bare)


def _commonness(literals: Literals) -> float:
    """About how often one of these is in a text, and a little for how many they are."""
    few = shortest(literals)
    return sum(map(_frequency, few)) + len(few) / 1e4


def _frequency(literal: str) -> float:
    if literal.strip(BOUNDARY + " ") in COMMON:
        return 0.5
    return (0.4 if literal.isalpha() or " " in literal else 0.3) ** len(literal)


def _longest_word(literal: str) -> str:
    """The longest of the words that are whole, between two that are no letters."""
    return max(re.split(r"\W+", literal)[1:-1], key=len, default="")


def shortest(literals: Collection[str]) -> set[str]:
    """Without those that have another in them."""
    return {one for one in literals if not any(other != one and other in one for other in literals)}
