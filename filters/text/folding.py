"""What makes two texts the same but for how they are written: case, punctuation, spacing, Unicode form.

Signs that change what is asked are no punctuation: C, C++ and C#, 8-3 and 8+3, 20% and 20, .NET and net stay apart.
"""

from __future__ import annotations

from itertools import pairwise

import numba
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import xxhash

from sayso.filters.text.text_bytes import Bytes, text_bytes

Places = npt.NDArray[np.int64]

# What a byte is. Beyond ASCII all that is left by `_plain` is a letter or a mark set apart by blanks.
_BLANK, _LINE, _LETTER, _DIGIT, _SIGN, _OTHER = range(6)
# A sign wherever it stands.
_SIGNS = "+/%^@&$<>"
# What may stand right before the point of ".NET" or the minus of "-5": otherwise "end.Next" and "word-5" had them.
_OPENS = "([{\"'=<>+*/^,:$"
# What a "!" behind a number stands before where it is a factorial.
_SUMS = "+-*/^=<>)"
# Of what is no ASCII: superscripts are powers, dashes are hyphens, and four signs have another form.
_SUPERSCRIPTS = "([⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
_SAME = {"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "×": "*", "⋅": "*", "÷": "/", "⁄": "/"}
# What NFKC may change, which costs more than all the rest: most texts have no others than letters that have one form,
# quotes and dashes.
_OTHER_FORMS = r"[^\x00-\x7f°À-ÿА-я一-鿿‘’“”–—€]"
_MARKS = r"[\p{Sm}\p{Sc}\p{So}--[\x00-\x7f©®]]"


def fold(texts: pl.Series) -> pl.Series:
    """Each text in NFKC lower case, its words and the signs that carry meaning set apart by one blank.

    A word is of letters and digits. Signs are + / % ^ @ & $ < > and each that Unicode calls one of mathematics, of a
    currency or a picture, wherever they stand; * where it multiplies and does not emphasise, # beside a word, = but
    for rules of it, - between numbers and before one, . in a number and before a word that begins with it, and ! in a
    sum. All other punctuation is gone: hyphens between words, dashes, quotes, the ends of sentences.
    """
    data, offsets = folded_bytes(texts)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    column = pa.Array.from_buffers(pa.large_string(), len(texts), buffers)
    return pl.Series(texts.name, pl.from_arrow(column), dtype=pl.String)


def folded_bytes(texts: pl.Series) -> tuple[Bytes, Places]:
    """The same as bytes, one text after the other, and where each begins; nothing for null."""
    data, offsets = text_bytes(_plain(texts.fill_null("")))
    # Each sign may take a blank on either side; a letter or digit takes none.
    room = np.empty(3 * len(data) + 1, dtype=np.uint8)
    starts = np.zeros(len(offsets), dtype=np.int64)
    _fold(data, offsets, _KINDS, _LOWER, room, starts)
    return room[: starts[-1]], starts


def text_hash(texts: pl.Series) -> pl.Series:
    """xxh3-128 (32 hex) of each folded text: equal for texts that are the same but for how they are written."""
    data, starts = folded_bytes(texts)
    folded = data.tobytes()
    hashes = [xxhash.xxh3_128_hexdigest(folded[start:end]) for start, end in pairwise(starts.tolist())]
    return pl.Series("text_hash", hashes, dtype=pl.String)


def fold_unicode(texts: pl.Series) -> pl.Series:
    """Texts of any letters in NFKC lower case; of what is no ASCII, letters and digits are left, and marks with a blank
    on either side.
    """
    powers = texts.str.replace_all(_SUPERSCRIPTS, "^$1")
    # A copy, for `scatter` changes the series itself.
    rows = powers.str.contains(_OTHER_FORMS).arg_true()
    normal = powers.clone().scatter(rows, powers.gather(rows).str.normalize("NFKC")) if len(rows) else powers
    same = normal.str.to_lowercase().str.replace_many(list(_SAME), list(_SAME.values()))
    # A minus before a sum of money stands before its number, as it does in "-$5".
    money = same.str.replace_all(r"-([\p{Sc}--$])", "$1-")
    marked = money.str.replace_all(f"({_MARKS})", " $1 ")
    return marked.str.replace_all(r"[^\x00-\x7f\p{L}\p{M}\p{N}\p{Sm}\p{Sc}\p{So}]|[©®]", " ")


def _plain(texts: pl.Series) -> pl.Series:
    """The texts in which every byte beyond ASCII is part of a word or of a mark that stands by itself."""
    other = (texts.str.len_bytes() != texts.str.len_chars()).arg_true()
    # A copy, for `scatter` changes the series itself.
    return texts.clone().scatter(other, fold_unicode(texts.gather(other))) if len(other) else texts


def _tables() -> tuple[Bytes, Bytes]:
    """What each byte is, and the byte in lower case."""
    kinds, lower = np.full(256, _OTHER, np.uint8), np.arange(256, dtype=np.uint8)
    for byte in range(256):
        if byte >= 128:
            kinds[byte] = _LETTER
        elif chr(byte).isalpha():
            kinds[byte], lower[byte] = _LETTER, ord(chr(byte).lower())
        elif chr(byte).isdigit():
            kinds[byte] = _DIGIT
        elif chr(byte) in "\n\r":
            kinds[byte] = _LINE
        elif chr(byte).isspace():
            kinds[byte] = _BLANK
        elif chr(byte) in _SIGNS:
            kinds[byte] = _SIGN
    return kinds, lower


def _among(signs: str) -> npt.NDArray[np.bool_]:
    return np.isin(np.arange(256), np.frombuffer(signs.encode(), np.uint8))


_KINDS, _LOWER = _tables()
_IS_OPENING, _IS_IN_SUMS = _among(_OPENS), _among(_SUMS)
_HYPHEN, _POINT, _STAR, _NUMBER, _EQUALS, _BANG, _DOLLAR, _OPEN, _CLOSE = (ord(sign) for sign in "-.*#=!$()")


@numba.njit(cache=True)
def _fold(data: Bytes, offsets: Places, kinds: Bytes, lower: Bytes, room: Bytes, starts: Places) -> None:
    written = 0
    for text in range(len(offsets) - 1):
        first, end = offsets[text], offsets[text + 1]
        begin, apart = written, False
        for at in range(first, end):
            kind = kinds[data[at]]
            is_word = _is_word(kind)
            if not is_word and kind != _SIGN and (kind != _OTHER or not _means(data, first, end, at, kinds)):
                apart = True
                continue
            if (apart or not is_word) and written > begin:
                room[written] = 32
                written += 1
            room[written] = lower[data[at]]
            written += 1
            apart = not is_word
        starts[text + 1] = written


@numba.njit(cache=True)
def _means(data: Bytes, first: int, end: int, at: int, kinds: Bytes) -> bool:
    """Whether a sign that is punctuation elsewhere carries meaning where it stands."""
    sign = data[at]
    before, behind = _byte(data, first, end, at - 1), _byte(data, first, end, at + 1)
    if sign == _HYPHEN:
        return _is_minus(data, first, end, at, kinds)
    if sign == _POINT:
        opened = kinds[before] <= _LINE or _IS_OPENING[before]
        in_number = kinds[behind] == _DIGIT and (kinds[before] == _DIGIT or before == _HYPHEN)
        return in_number or (opened and _is_word(kinds[behind]))
    if sign == _NUMBER:
        return _is_word(kinds[before]) or _is_word(kinds[behind])
    if sign == _EQUALS:
        return _in_a_row(data, first, end, at) < 3
    if sign == _BANG:
        return kinds[before] == _DIGIT and _IS_IN_SUMS[data[_beyond_blanks(data, first, end, at, 1, kinds)]]
    return sign == _STAR and _multiplies(data, first, end, at, kinds)


@numba.njit(cache=True)
def _is_minus(data: Bytes, first: int, end: int, at: int, kinds: Bytes) -> bool:
    """Whether a hyphen stands between numbers, with blanks on both sides or on neither, or right before a number."""
    before, behind = _byte(data, first, end, at - 1), _byte(data, first, end, at + 1)
    number_behind = kinds[behind] == _DIGIT or (
        behind in (_OPEN, _DOLLAR, _POINT) and kinds[_byte(data, first, end, at + 2)] == _DIGIT
    )
    if kinds[before] == _BLANK and kinds[behind] == _BLANK:
        left = data[_beyond_blanks(data, first, end, at, -1, kinds)]
        right = data[_beyond_blanks(data, first, end, at, 1, kinds)]
        return (kinds[left] == _DIGIT or left == _CLOSE) and (kinds[right] == _DIGIT or right == _OPEN)
    opened = kinds[before] <= _LINE or _IS_OPENING[before] or before == _HYPHEN
    return number_behind and (opened or kinds[before] == _DIGIT or before == _CLOSE)


@numba.njit(cache=True)
def _multiplies(data: Bytes, first: int, end: int, at: int, kinds: Bytes) -> bool:
    """Whether one star, or two, stand between two values, with blanks on both sides or on neither.

    With a blank on one side they emphasise, as in "**this**", and at the start of a line they are a bullet. The star of
    "*.txt" is any text.
    """
    if _in_a_row(data, first, end, at) > 2:
        return False
    low = at - 1 if _byte(data, first, end, at - 1) == _STAR else at
    high = at + 1 if _byte(data, first, end, at + 1) == _STAR else at
    if _byte(data, first, end, high + 1) == _POINT:
        return kinds[_byte(data, first, end, high + 2)] == _LETTER
    left = _beyond_blanks(data, first, end, low, -1, kinds)
    right = _beyond_blanks(data, first, end, high, 1, kinds)
    between = _is_word(kinds[data[left]]) or data[left] == _CLOSE
    between &= _is_word(kinds[data[right]]) or data[right] == _OPEN
    return between and (left < low - 1) == (right > high + 1)


@numba.njit(cache=True)
def _byte(data: Bytes, first: int, end: int, at: int) -> np.uint8:
    """The byte at a place, the end of a line beyond the text."""
    return data[at] if first <= at < end else np.uint8(10)


@numba.njit(cache=True)
def _is_word(kind: int) -> bool:
    return kind in (_LETTER, _DIGIT)


@numba.njit(cache=True)
def _in_a_row(data: Bytes, first: int, end: int, at: int) -> int:
    """How many of the same sign stand together here, as far as three matter."""
    low = high = at
    while low > max(first, at - 2) and data[low - 1] == data[at]:
        low -= 1
    while high + 1 < min(end, at + 3) and data[high + 1] == data[at]:
        high += 1
    return high - low + 1


@numba.njit(cache=True)
def _beyond_blanks(data: Bytes, first: int, end: int, at: int, step: int, kinds: Bytes) -> int:
    """The next place in a direction that is no blank, or `at` itself where the text ends before."""
    far = at + step
    while first <= far < end and kinds[data[far]] == _BLANK:
        far += step
    return far if first <= far < end else at
