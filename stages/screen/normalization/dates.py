"""Dates, years, decades and times of day."""

from __future__ import annotations

import re
from functools import lru_cache

from num2words import num2words

from sayso.stages.screen.normalization.numbers import cardinal, ordinal
from sayso.stages.screen.normalization.rewriting import rule, text_before

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_BY_START = {month[:3]: month for month in MONTHS}
MONTH = r"(?:" + "|".join(MONTHS) + r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
_DAY = r"(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"([12]\d{3})(?![\d,.]\d|\d|%)"
_HALF = r"(?: ?([AaPp])\.?[Mm]\b(?:\.(?= [a-z]| [A-Z]{2,}\b|[,;?!]))?)"
# After these words four digits are a year even where they could be a count.
_YEAR_WORDS = r"(?:in|In|since|Since|year|until|by|before|after|during|early|late|circa|around|of|between|from|From)"
_COUNTED = (
    r"(?! ?(?:calories|kcal|dollars|euros|people|words|miles|meters|metres|feet|pounds|grams|steps|tons|"
    r"square|liters|students|items|characters|years|days|hours|minutes|units|more|times|points)\b)"
)


@lru_cache(maxsize=4096)
def year(digits: str) -> str:
    """How a year is said: "1906" → "nineteen oh-six", "2005" → "two thousand five"."""
    return str(num2words(int(digits), to="year")).replace(" and ", " ").replace(",", "")


def month(written: str) -> str:
    """The full name of a month written in full or short."""
    return _BY_START[written[:3].capitalize()]


def _date(month_name: str, day: str, year_digits: str | None) -> str:
    said = f"{month_name} {ordinal(day)}"
    return f"{said}, {year(year_digits)}" if year_digits else said


@rule(r"(?<![\w-])([12]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w-])")
def iso(match: re.Match[str]) -> str:
    return _date(MONTHS[int(match[2]) - 1], match[3], match[1])


@rule(r"(?<![\w/])(\d{1,2})(?P<by>[/.-])(\d{1,2})(?P=by)([12]\d{3}|\d{2})(?![\w/])")
def numeric(match: re.Match[str]) -> str | None:
    """American order, month first, unless only the other can be."""
    first, second, digits = int(match[1]), int(match[3]), match[4]
    if first > 12:
        first, second = second, first
    if not (1 <= first <= 12 and 1 <= second <= 31) or (len(digits) == 2 and match[2] != "/"):
        return None
    if len(digits) == 2:
        digits = ("19" if int(digits) > 50 else "20") + digits
    return _date(MONTHS[first - 1], str(second), digits)


@rule(rf"\b({MONTH}) {_DAY}(?:(?:, ?| ){_YEAR})?(?![\d:]|,\d{{3}}|[.]\d)", "ADFJMNOS")
def month_first(match: re.Match[str]) -> str:
    return _date(month(match[1]), match[2], match[3])


@rule(rf"(?<![\w.]){_DAY}( of)? ({MONTH})(?!\w)(?:,? {_YEAR})?")
def day_first(match: re.Match[str]) -> str:
    if match[2]:
        said = f"{ordinal(match[1])} of {month(match[3])}"
        return f"{said}, {year(match[4])}" if match[4] else said
    return _date(month(match[3]), match[1], match[4])


@rule(rf"\b({MONTH})(?:,? (?:of )?){_YEAR}", "ADFJMNOS")
def month_and_year(match: re.Match[str]) -> str:
    return f"{month(match[1])} {year(match[2])}"


@rule(r"(?<![\w$€£])(?:(1[1-9]|20)([0-9])0|['’]?([2-9])0)['’]?s\b", "123456789'’")
def decade(match: re.Match[str]) -> str:
    century, tens, short = match.groups()
    if short:
        return _plural(cardinal(short + "0"))
    if tens == "0":
        return "two thousands" if century == "20" else f"{cardinal(century)} hundreds"
    return f"{cardinal(century)} {'tens' if tens == '1' else _plural(cardinal(tens + '0'))}"


def _plural(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") else word + "s"


@rule(rf"(?<![\d:.])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:]){_HALF}?")
def clock(match: re.Match[str]) -> str:
    hour, minute, half = cardinal(str(int(match[1]))), match[2], match[3]
    end = f" {half.upper()}M" if half else ""
    if minute == "00":
        return f"{hour}{end}" if end else f"{hour} o'clock" if int(match[1]) <= 12 else f"{hour} hundred"
    said = f"oh {cardinal(minute[1])}" if minute[0] == "0" else cardinal(minute)
    return f"{hour} {said}{end}"


@rule(rf"(?<![\d:.])(1[0-2]|0?[1-9])(?:{_HALF}? ?[-–] ?(1[0-2]|0?[1-9]))?{_HALF}")
def hour(match: re.Match[str]) -> str:
    first, first_half, last, half = match.groups()
    said = cardinal(str(int(first))) + (f" {first_half.upper()}M" if first_half else "")
    return f"{said} to {cardinal(str(int(last)))} {half.upper()}M" if last else f"{said} {half.upper()}M"


@rule(rf"(?<![\w.,$€£#-])(1[789]\d\d|20\d\d)[-–](?:([12]\d{{3}})|(\d\d))(?![\w-]){_COUNTED}")
def years(match: re.Match[str]) -> str:
    return f"{year(match[1])} to {year(match[2] or match[1][:2] + match[3])}"


@rule(rf"(?<![\w.,$€£#-])(1[789]\d\d|20\d\d)(?![\w%]|[.,]\d|-\d| ?[-+*/=×÷^] ?\d){_COUNTED}")
def bare_year(match: re.Match[str]) -> str | None:
    """Four digits from 1700 to 2099 are read as a year unless they count something or are part of a sum."""
    return None if re.search(r"[-+*/=×÷^] ?$", text_before(match)) else year(match[1])


@rule(r"(?<![\w.,$€£#-])([1-9]\d{2,3})(?= ?(?:AD|BC|CE|BCE|A\.D\.|B\.C\.)(?![A-Za-z]))")
def era_year(match: re.Match[str]) -> str:
    return year(match[1])


@rule(r"(?<![\w.,$€£#-])(1[0-6]\d\d)(?![\w%]|[.,]\d|-\d| ?[-+*/=×÷^])" + _COUNTED)
def early_year(match: re.Match[str]) -> str | None:
    before = text_before(match)
    return year(match[1]) if re.search(rf"\b{_YEAR_WORDS} $", before) else None


RULES = (
    iso,
    numeric,
    month_first,
    day_first,
    month_and_year,
    decade,
    clock,
    hour,
    years,
    era_year,
    bare_year,
    early_year,
)
