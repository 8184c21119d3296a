"""The filters' regular expressions for Python's `re`, asked as fast as it allows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

Alternative = tuple[list[str], list[str], str]

# So few words are found faster letter by letter than by taking a text apart.
FEW = 6

_WORD = re.compile(r"\w+")


class Expression:
    """An expression whose alternatives are looked for only in texts that have a word or a literal of theirs.

    `alternatives` has these for each, in small letters: every match of it has one of them; there are none where it is
    to be looked for in every text. An expression that is `anchored` to the start of a text is not looked for elsewhere.
    """

    def __init__(self, pattern: str, alternatives: list[Alternative], anchored: bool) -> None:
        few = len({word for words, _, _ in alternatives for word in words}) <= FEW
        sure = [
            (frozenset() if few else frozenset(words), shortest([*literals, *words] if few else literals), one)
            for words, literals, one in alternatives
        ]
        self.pattern = pattern
        self._anchored = anchored
        self._words = frozenset(word for words, _, _ in sure for word in words)
        self._literals = shortest(literal for _, literals, _ in sure for literal in literals)
        self._sure = [(words, literals, one) for words, literals, one in sure if words or literals]
        self._unsure = "|".join(one for words, literals, one in sure if not words and not literals)

    def __getattr__(self, name: str) -> Any:
        # What else an expression can do it does as a whole: it is compiled when it is first asked to.
        method = getattr(compiled(self.pattern), name)
        setattr(self, name, method)
        return method

    def search(self, text: str) -> re.Match[str] | None:
        """A match, not always the first; None where there is none."""
        if self._anchored:
            return self.match(text)  # type: ignore[no-any-return]
        lacks = words_of(text).isdisjoint if self._words else None
        has = text.lower().__contains__
        if (lacks and not lacks(self._words)) or any(map(has, self._literals)):
            for words, literals, one in self._sure:
                possible = (words and not lacks(words)) or any(map(has, literals))
                if possible and (found := compiled(one).search(text)):
                    return found
        return compiled(self._unsure).search(text) if self._unsure else None

    def first(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return compiled(self.pattern).search(text)


compiled = lru_cache(maxsize=None)(re.compile)


class Signs:
    """Literals of which a text has one, whatever its case."""

    def __init__(self, signs: Iterable[str]) -> None:
        self._signs = shortest(map(str.lower, signs))

    def search(self, text: str) -> bool:
        return any(map(text.lower().__contains__, self._signs))


@lru_cache(maxsize=16)
def words_of(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def shortest(literals: Iterable[str]) -> tuple[str, ...]:
    """Without those that have another in them."""
    every = set(literals)
    return tuple(one for one in every if not any(other in one for other in every - {one}))
