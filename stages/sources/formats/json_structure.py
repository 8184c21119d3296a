"""The structure of a JSON document, found in its bytes block by block: the brackets and commas outside of strings.

What is compiled here looks at every byte, a gigabyte in a second or two; Python comes in once for each row at most.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# So many places are noted in one call; where there are more, the next call goes on.
_MOST = 1 << 16

_OUTSIDE, _STRING, _BACKSLASH, _AFTER_STRING = 0, 1, 2, 3
_QUOTE, _BACK, _COMMA, _COLON = 34, 92, 44, 58
_BRACE, _BRACKET, _END_BRACE, _END_BRACKET = 123, 91, 125, 93
# What may stand after a string.
_MAY_FOLLOW = (_COMMA, _COLON, _END_BRACE, _END_BRACKET, 32, 10, 13, 9)


@numba.njit(cache=True)
def _after(state: int, byte: int) -> int:
    """The state behind a byte."""
    if state == _STRING:
        return _AFTER_STRING if byte == _QUOTE else _BACKSLASH if byte == _BACK else _STRING
    return _STRING if state == _BACKSLASH or byte == _QUOTE else _OUTSIDE


@numba.njit(cache=True)
def _step(byte: int) -> int:
    """By how much a byte outside of strings changes the depth."""
    return 1 if byte in (_BRACE, _BRACKET) else -1 if byte in (_END_BRACE, _END_BRACKET) else 0


@numba.njit(cache=True)
def _find_ends(
    data: Bytes, at: int, state: int, depth: int, odd: bool, ends: Places, odds: Flags
) -> tuple[int, int, int, int, bool]:
    """Notes the ends of the elements of a list; gives how many, and where and in which state it stopped."""
    count = 0
    for place in range(at, data.size):
        byte, before = data[place], state
        state = _after(state, byte)
        if before in (_STRING, _BACKSLASH):
            continue
        odd = odd or (before == _AFTER_STRING and byte not in _MAY_FOLLOW)
        depth += _step(byte)
        if depth < 0 or (depth == 0 and byte == _COMMA):
            ends[count] = place
            odds[count] = odd
            odd = False
            count += 1
            if depth < 0 or count == ends.size:
                return count, place + 1, state, depth, odd
    return count, data.size, state, depth, odd


@numba.njit(cache=True)
def _find_outside_lists(
    data: Bytes, at: int, state: int, depth: int, inside: int, found: Places
) -> tuple[int, int, int, int, int]:
    """Notes brackets and commas outside of lists, and the brackets of the lists; likewise.

    `inside`: the depth of the list that it is in, 0 where it is in none.
    """
    count = 0
    for place in range(at, data.size):
        byte, before = data[place], state
        state = _after(state, byte)
        if before in (_STRING, _BACKSLASH):
            continue
        step = _step(byte)
        is_noted = inside == 0 and (step != 0 or byte == _COMMA)
        depth += step
        if is_noted and byte == _BRACKET:
            inside = depth
        elif step < 0 and depth < inside:
            inside = 0
            is_noted = True
        if is_noted:
            found[count] = place
            count += 1
            if count == found.size:
                return count, place + 1, state, depth, inside
    return count, data.size, state, depth, inside


class ElementEnds:
    """Where the elements of a list end, in blocks that follow each other from the start of one of them on."""

    def __init__(self) -> None:
        self._state, self._depth, self._odd = _OUTSIDE, 0, False
        self._ends, self._odds = np.empty(_MOST, dtype=np.int64), np.empty(_MOST, dtype=np.bool_)

    @property
    def is_closed(self) -> bool:
        """Whether the last place was the bracket that closes the list: after it nothing may be asked."""
        return self._depth < 0

    def of(self, block: bytes) -> tuple[Places, Flags]:
        """The places in a block of the commas and of the closing bracket that end elements.

        And of each of these elements whether a string of it ends before what may follow none: then a quote is missing,
        and what was taken for the element's end may be part of another's text.
        """
        data = np.frombuffer(block, dtype=np.uint8)
        places, odds, at = [], [], 0
        while at < data.size and not self.is_closed:
            count, at, self._state, self._depth, self._odd = _find_ends(
                data, at, self._state, self._depth, self._odd, self._ends, self._odds
            )
            places.append(self._ends[:count].copy())
            odds.append(self._odds[:count].copy())
        if not places:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.bool_)
        return np.concatenate(places), np.concatenate(odds)


class OutsideLists:
    """The brackets and commas of a document that lie in no list, and the brackets of the outermost lists."""

    def __init__(self) -> None:
        self._state, self._depth, self._inside = _OUTSIDE, 0, 0
        self._found = np.empty(_MOST, dtype=np.int64)

    @property
    def is_closed(self) -> bool:
        """Whether all that was opened is closed."""
        return self._depth == 0 and self._state in (_OUTSIDE, _AFTER_STRING)

    def of(self, block: bytes) -> list[int]:
        """Their places in a block."""
        data = np.frombuffer(block, dtype=np.uint8)
        places: list[int] = []
        at = 0
        while at < data.size:
            count, at, self._state, self._depth, self._inside = _find_outside_lists(
                data, at, self._state, self._depth, self._inside, self._found
            )
            places += self._found[:count].tolist()
        return places
