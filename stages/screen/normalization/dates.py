"""Dates: days, months and years, and ranges of them."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.numbers import ordinal
from sayso.stages.screen.normalization.rewriting import rule, speaks_of, text_after, text_before
from sayso.stages.screen.normalization.years import BARE_YEAR, year

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
_BY_START = {month[:3].lower(): month for month in MONTHS}
_STARTS = "ADFJMNOSadfjmnos"
# A month, and what a date or another month after it begins with.
MONTH_BEGINS = (
    r"\b(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
AFTER_MONTH = r"(?: ?[-–]|,? ?(?:of )?['’0-9])"
_OPENS = rf"{MONTH_BEGINS}(?={AFTER_MONTH})"
# In small letters "may", "march" and the short forms are words as well, so these need what `_is_month` asks for.
MONTH = (
    r"(?:(?i:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_WORDS_TOO = {"may", "march", "mar", "mar.", "dec", "dec.", "sep", "jan", "jun", "apr"}
DAY = r"(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|ST|ND|RD|TH)?(?![\d])"
_YEAR = rf"(?:'(\d\d)\b|{BARE_YEAR})"
_DASH = r" ?(?:[-–]|to|through|until) ?"
_BEFORE_DATES = re.compile(
    r"(?i)\b(?:on|by|before|after|until|till|since|from|between|of|for|and|to|dated?|due|born|this|next|last|in|the"
    r"|around|is|was)[ :,]*$"
)


def month(written: str) -> str:
    """The full name of a month written in full or short."""
    return _BY_START[written[:3].lower()]


def _with_year(match: re.Match[str], day: str, digits: str | None) -> str:
    """A day with its year, and the comma that parts it from a sentence that goes on."""
    if not digits:
        return day
    goes_on = re.match(r" (?!(?:and|or|to|through|until|till|vs)\b)[a-z]", text_after(match))
    return f"{day}, {year(digits)}{',' if goes_on else ''}"


def _day(month_name: str, day: str) -> str:
    return f"{month_name} {ordinal(day.lstrip('0'))}"


def _is_month(match: re.Match[str], written: str, certain: bool) -> bool:
    """Whether a name in small letters means a month: it is no other word, or what stands around says so."""
    if written.lower() not in _WORDS_TOO or not written.islower() or certain:
        return True
    return bool(_BEFORE_DATES.search(text_before(match)))


def _century(digits: str) -> str:
    return ("19" if int(digits) > 50 else "20") + digits


@rule(r"(?<![\w-])([12]\d{3})(?P<by_year>[-/.])(0?[1-9]|1[0-2])(?P=by_year)(3[01]|[12]\d|0?[1-9])(?![\w/-]|\.\d)")
def year_first(match: re.Match[str]) -> str:
    return _with_year(match, _day(MONTHS[int(match[3]) - 1], match[4]), match[1])


@rule(r"(?<![\w/.-])(\d{1,2})(?P<by>[/.-])(\d{1,2})(?P=by)([12]\d{3}|\d{2})(?![\w/-]|\.\d)")
def numeric(match: re.Match[str]) -> str | None:
    """American order, month first, unless only the other can be."""
    first, second, digits = int(match[1]), int(match[3]), match[4]
    if first > 12:
        first, second = second, first
    if not (1 <= first <= 12 and 1 <= second <= 31) or (len(digits) == 2 and match[2] != "/"):
        return None
    return _with_year(match, _day(MONTHS[first - 1], str(second)), digits if len(digits) == 4 else _century(digits))


@rule(r"(?<![\w/.-])(0?[1-9]|1[0-2])/(3[01]|[12]\d|0?[1-9])(?![\w/-]|[.,]\d|%)")
def month_and_day(match: re.Match[str]) -> str | None:
    """Month and day alone, after a word that only a date follows: "open on 12/25"."""
    after_word = re.search(
        r"(?i)\b(?:on|by|before|since|until|till|due|dated?|born|after"
        r"|(?:deadline|birthday|due date|date|party|wedding|appointment|exam|meeting|test) is) $",
        text_before(match),
    )
    holiday = re.match(r" (?:a |an )?(?:\w+ )?(?:holiday|birthday)\b", text_after(match))
    if not after_word and not holiday and not re.match(r" at (?:\d|noon)", text_after(match)):
        return None
    if re.match(r" (?:of|cup|inch|tea|table|mile|pound)", text_after(match)):
        return None
    if text_before(match).endswith("by ") and int(match[1]) < int(match[2]) <= 10:
        return None  # "cut by 1/3"
    return _day(MONTHS[int(match[1]) - 1], match[2])


_tells_of_days = speaks_of(
    r"(?i)\b(?:holidays?|birthdays?|deadlines?|festival|vacation|trips?|sale|events?|concerts?|calendar|dates?|runs?|ran|open|closed"
    r"|booked|hotel|weekend|conference|available)\b"
)


@rule(
    r"(?<![\w/.-])(0?[1-9]|1[0-2])/(3[01]|[12]\d|0?[1-9])( ?[-–] ?| (?:to|through|until|and) )"
    r"(0?[1-9]|1[0-2])/(3[01]|[12]\d|0?[1-9])(?![\w/-]|[.,]\d|%| (?:of|cup|inch|tea|table|mile|pound))"
)
def days_by_number(match: re.Match[str]) -> str | None:
    """From one day to another, in a text of days: "the sale runs 11/25 to 11/30"."""
    month_, day, joined, last_month, last = match.groups()
    if not _tells_of_days(match.string) or max(int(day), int(last)) < 13 or {day, last} & {"16"}:
        return None
    joined = joined if joined.strip().isalpha() else " to "
    return f"{_day(MONTHS[int(month_) - 1], day)}{joined}{_day(MONTHS[int(last_month) - 1], last)}"


@rule(
    rf"(?<!\w)({MONTH})[ -]{DAY}(?!/)(?:{_DASH}{DAY}(?!/))?(?:(?:, ?|[ -]){_YEAR})?(?![\d:%]|,\d{{3}}|[.]\d|[–-]\d)",
    _STARTS,
    _OPENS,
)
def month_first(match: re.Match[str]) -> str | None:
    """ "May 5, 2024", "June 8-11"."""
    name, day, last, short, digits = match.groups()
    suffixed = re.search(r"\d(?:st|nd|rd|th)", match[0])
    if not _is_month(match, name, bool(suffixed or short or digits)):
        return None
    counts = re.match(r" ?(?:people|times|years|days|hours|minutes|miles|cups|[ap]m\b)", text_after(match))
    if counts and not suffixed and name == "may" and not _BEFORE_DATES.search(text_before(match)):
        return None
    said = _day(month(name), day)
    if last:
        said += f" to {ordinal(last.lstrip('0'))}"
    digits = digits or (short and _century(short))
    return _with_year(match, said, digits)


@rule(
    rf"(?<!\w)({MONTH}) {DAY} ?(?:([-–]|--)|(to|through|until)) ?({MONTH}) {DAY}(?:(?:, ?| ){_YEAR})?(?![\d:])",
    _STARTS,
    _OPENS,
)
def days_of_two_months(match: re.Match[str]) -> str:
    """ "June 28 - July 3, 2024"."""
    first, day, _, word, last, last_day, short, digits = match.groups()
    said = f"{_day(month(first), day)} {word or 'to'} {_day(month(last), last_day)}"
    digits = digits or (short and _century(short))
    return _with_year(match, said, digits)


@rule(rf"(?<![\w.:]){DAY}(?:[-–]{DAY})?( of)?[ -]({MONTH})(?!\w)(?:(?:, ?|[ -]){_YEAR})?")
def day_first(match: re.Match[str]) -> str | None:
    day, last, of, name, short, digits = match.groups()
    suffixed = re.search(r"\d(?:st|nd|rd|th)", match[0])
    if not _is_month(match, name, bool(suffixed or short or digits)):
        return None
    first = ordinal(day.lstrip("0")) + (f" to {ordinal(last.lstrip('0'))}" if last else "")
    by_day = of or last or re.search(r"(?i)\bthe $", text_before(match))
    said = f"{first} of {month(name)}" if by_day else f"{month(name)} {first}"
    return _with_year(match, said, digits or (short and _century(short)))


@rule(
    rf"(?<!\w)({MONTH})(?:,? (?:of )?|-)(?:'(\d\d)\b|{BARE_YEAR})(?:{_DASH}({MONTH})?,? ?{BARE_YEAR})?", _STARTS, _OPENS
)
def month_and_year(match: re.Match[str]) -> str:
    """ "March 1999", "May 2017 - July 2020"."""
    name, short, digits, last, last_digits = match.groups()
    said = f"{month(name)} {year(digits or _century(short))}"
    if last_digits:
        said += f" to {month(last) + ' ' if last else ''}{year(last_digits)}"
    return said


@rule(rf"(?<![\w-])({MONTH}) ?[-–] ?({MONTH})(?![\w-])", _STARTS, _OPENS)
def months(match: re.Match[str]) -> str:
    """From one month to another: "Jan-Mar"."""
    return f"{month(match[1])} to {month(match[2])}" + ("." if match[0].endswith(".") and not text_after(match) else "")


@rule(rf"(?:-{{1,2}}|–)(?= ?(?:\d{{1,2}} )?{MONTH} \d)", "-–", r"[-–](?=-? ?(?:[0-9]{1,2} )?[A-Za-z]{3})")
def until(match: re.Match[str]) -> str | None:
    """The dash between two full dates: "13 May 1898 - 4 May 1949"."""
    before = text_before(match)
    if not re.search(r"\b[12]\d{3},? ?$", before):
        return None
    return "to" if before.endswith(" ") else " to "


FORMS = (
    year_first,
    until,
    numeric,
    days_by_number,
    month_and_day,
    months,
    days_of_two_months,
    month_first,
    day_first,
    month_and_year,
)
