"""Values that are no text as people would write them: 42 for 42.0, all digits of 1e20, and a day for its midnight."""

from __future__ import annotations

import math
from decimal import Decimal

import polars as pl

# Up to here a float tells whole numbers apart.
MOST_WHOLE = 2**53
# A number of more digits than these is written with its power of ten.
MOST_DIGITS = 40
# What Polars and Arrow write behind a day that is a point of time, and behind a second that is whole.
MIDNIGHT = r"[ T]00:00:00(?:\.0+)?Z?$"
NO_FRACTION = r"(:\d\d)\.0+(Z?)$"

_DATES = (pl.Date, pl.Time, pl.Datetime)
_WRITTEN = (pl.Null, pl.Categorical, pl.Enum)


def number_as_text(number: float) -> str | None:
    """A number as text, None for one that is not a number, or is infinite."""
    if isinstance(number, float):
        if not math.isfinite(number):
            return None
        if number.is_integer() and abs(number) < MOST_WHOLE:
            return str(int(number))
        return _written_out(str(number))
    return str(number)


def _written_out(text: str) -> str:
    """A number without its power of ten, unless it would be of very many digits."""
    digits = format(Decimal(text), "f")
    return digits if len(digits) <= MOST_DIGITS else text


def column_as_text(values: pl.Series) -> pl.Series | None:
    """A column of numbers, dates or categories as text; None for one of another type."""
    dtype, texts = values.dtype, pl.col(values.name).cast(pl.String)
    if dtype.is_float():
        number = pl.col(values.name)
        is_whole = (number == number.round()) & (number.abs() < MOST_WHOLE)
        written = pl.when(is_whole).then(number.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(texts)
        found = values.to_frame().select(pl.when(number.is_finite()).then(written)).to_series()
        places = found.str.contains("e", literal=True).fill_null(False).arg_true()
        return found.scatter(places, [_written_out(text) for text in found[places]]) if len(places) else found
    if dtype.is_decimal():
        texts = texts.str.replace(r"\.0+$", "")
    elif isinstance(dtype, _DATES):
        texts = texts.str.replace(MIDNIGHT, "").str.replace(NO_FRACTION, "$1$2")
    elif not dtype.is_numeric() and not isinstance(dtype, _WRITTEN):
        return None
    return values.to_frame().select(texts).to_series()
