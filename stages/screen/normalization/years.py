"""Years, decades, seasons, quarters and centuries."""

from __future__ import annotations

import re
from functools import lru_cache

from num2words import num2words

from sayso.stages.screen.normalization.numbers import cardinal, ordinal, pair, plural
from sayso.stages.screen.normalization.rewriting import between, rule, speaks_of, text_after, text_before

BARE_YEAR = r"([12]\d{3})(?![\d,.]\d|\d|%)"
# After these words four digits are a year even where they could be a count.
_YEAR_WORDS = r"(?i:in|since|year|until|by|before|after|during|early|late|circa|around|about|of|between|from)"
_COUNTED = (
    r"(?! ?(?:calories|kcal|dollars|euros|people|words|miles|meters|metres|feet|pounds|grams|steps|tons|"
    r"square|liters|students|items|characters|years|days|hours|minutes|units|more|times|points|"
    r"[kmc]?m|k?g|lbs?|ft|mi|mph|[MGK]B|k?W|k?cal|rpm|psi|[lL]|ml|mL|mg)\b)"
)
_NOT_BEFORE = r"(?<![\w.,$€£#/])(?<!\d[-–])(?<!^[-–])(?<! [-–])"

# What stands before a count, where things follow.
_COUNTS = re.compile(
    r"(?i)\b(?:have|has|had|got|buys?|bought|sells?|sold|ate|eats?|made|makes?|there are|there were|needs?|over|than"
    r"|nearly|almost|about|least|most|only|another|weighs?|costs?|spent|spends?|earn(?:s|ed)?|contains?|holds?"
    r"|total of|all|exactly|up to)(?: the)? $"
)
# What is made of numbers that follow: they are no years.
_RECKONED = re.compile(
    r"(?i)\b(?:sum|difference|product|average|mean|median|multiples?|factors?|root) (?:of|between) $"
)


@lru_cache(maxsize=4096)
def year(digits: str) -> str:
    """How a year is said: "1906" → "nineteen oh-six", "2005" → "two thousand five"."""
    return str(num2words(int(digits), to="year")).replace(" and ", " ").replace(",", "")


def _decade(century: str | None, tens: str) -> str:
    if century is None:
        return plural(cardinal(tens + "0"))
    if tens == "0":
        return "two thousands" if century == "20" else f"{cardinal(century)} hundreds"
    return f"{cardinal(century)} {'tens' if tens == '1' else plural(cardinal(tens + '0'))}"


_DECADE = r"(?:(1[1-9]|20)([0-9])0|['’]?([2-9])0)['’]? ?s\b"


_LASTS = re.compile(
    r"(?i)\b(?:takes?|took|lasts?|lasted|wait(?:ed)?(?: for)?|after|within"
    r"|(?:hold|rest|plank|run|microwave|stir|boil|heat)"
    r"(?: it)? for|every|exactly|only) $"
)


@rule(rf"(?<![\w$€£]){_DECADE}(?: ?[-–] ?{_DECADE})?", "123456789'’", r"[1-9]|['’](?=[2-9]0)")
def decade(match: re.Match[str]) -> str | None:
    """ "the 1980s", "in my mid-40s", "the 1960s-1970s"."""
    century, tens, short, last_century, last_tens, last_short = match.groups()
    if " s" in match[0] and not century:
        return None
    if short and not last_short and not match[0].startswith(("'", "’")) and _LASTS.search(text_before(match)):
        return None  # seconds
    said = _decade(century, tens or short)
    if last_tens or last_short:
        said += f" to {_decade(last_century, last_tens or last_short)}"
    return said


@rule(rf"{_NOT_BEFORE}(1[1-9]\d\d|20\d\d)/(\d\d|[12]\d\d\d)(?![\w/-]|[.,]\d)")
def season(match: re.Match[str]) -> str | None:
    """Two years that a season or a school year lies in: "the 2018/19 season"."""
    first, last = match.groups()
    if int(last[-2:]) != (int(first) + 1) % 100:
        return None
    return f"{year(first)} to {year(last)}" if len(last) == 4 else f"{year(first)} {pair(last)}"


@rule(r"(?<![\w])Q([1-4])(?:[ '’]{1,2}|/|-)?(?:(20\d\d|19\d\d)|'?(\d\d))?(?![\w])", "Q", r"\bQ[1-4]")
def quarter(match: re.Match[str]) -> str:
    """A quarter of a year: "Q3 2022"."""
    digits = match[2] or (match[3] and "20" + match[3])
    return f"Q {cardinal(match[1])}" + (f" {year(digits)}" if digits else "")


@rule(rf"{_NOT_BEFORE}(1[1-9]\d\d|20\d\d)(?: ?[-–] ?| ?-- ?)(?:([12]\d{{3}})|(\d\d))(?![\w-]){_COUNTED}")
def years(match: re.Match[str]) -> str | None:
    """From one year to another: "1914-18"."""
    first, last, short = match.groups()
    if " " in match[0] and not last and "--" not in match[0]:
        return None
    until = last or first[:2] + short
    if int(until) <= int(first):
        return None
    return f"{year(first)} {between(match)} {year(until) if last else pair(short)}"


@rule(
    rf"{_NOT_BEFORE}(1[789]\d\d|20\d\d)"
    rf"(?![\w%]|[.,]\d|[-–]\d| ?[+*=×÷^] ?\d| [-–/] \d|/\d){_COUNTED}"
)
def bare_year(match: re.Match[str]) -> str | None:
    """Four digits from 1700 to 2099 are read as a year unless they count something or are part of a sum."""
    if re.match(r" [a-z]+s\b", text_after(match)) and _COUNTS.search(text_before(match)):
        return None
    before = text_before(match)
    if _RECKONED.search(before):
        return None
    in_sum = re.search(r"(?:[-+*/=×÷^] ?|\d,? (?:and|or) )$", before[-8:])
    return None if in_sum and not re.search(r"[A-Za-z]-$|[12]\d{3},? (?:and|or) $", before) else year(match[1])


@rule(r"(?<![\w.,$€£#-])([1-9]\d{1,3})(?= ?(?:A ?D|B ?C(?: ?E)?|C ?E)(?![A-Za-z]))")
def era_year(match: re.Match[str]) -> str:
    return year(match[1]) if len(match[1]) > 2 else cardinal(match[1])


_tells_of_history = speaks_of(
    r"(?i)\bwhen\b|\byears?\b|\bcentury|\bhappen|\bbattle|\b(?:born|founded|built|discovered|invented)\b|\bwars?\b|\bkings?\b"
    r"|\bwas it\b|\bdid it\b"
)


@rule(rf"{_NOT_BEFORE}(1[0-9]\d\d|20\d\d),? (or|and) (1[0-9]\d\d|20\d\d)(?![\w%]|[.,]\d|[-–]\d| [-+*/=×÷^]| [a-z]+s\b)")
def either_year(match: re.Match[str]) -> str | None:
    """Two years to choose from: "1066 or 1100?"."""
    if not _tells_of_history(match.string) or _RECKONED.search(text_before(match)):
        return None
    return f"{year(match[1])} {match[2]} {year(match[3])}"


# What is of a year, where its number stands before it.
_OF_A_YEAR = (
    r" (?:maps?|editions?|census|treaty|battle|siege|election|revolt|rebellion|war|law|act|play|painting|charter|fire"
    r"|plague|expedition|voyage|invasion|revolution|earthquake|eruption|coronation|constitution|translation)\b"
)


@rule(r"(?<![\w.,$€£#-])(2[1-9]\d\d)(?=[.,?!:;)]|$| when\b| and (?:the|what|how)\b)(?![.,]\d)")
def far_year(match: re.Match[str]) -> str | None:
    """A year to come: "in the year 2150"."""
    named = re.search(r"(?i)\b(?:the year|by|in|until|till) $", text_before(match))
    return year(match[1]) if named else None


@rule(r"(?<![\w.,$€£#-])(1[0-6]\d\d)(?![\w%]|[.,]\d|-\d| ?[-+*/=×÷^])" + _COUNTED)
def early_year(match: re.Match[str]) -> str | None:
    before = text_before(match)
    is_year = bool(re.search(rf"\b{_YEAR_WORDS} $", before)) and not _RECKONED.search(before)
    is_year = is_year or bool(before[-4:].lower() == "the " and re.match(_OF_A_YEAR, text_after(match)))
    return year(match[1]) if is_year else None


@rule(r"(?<![\w.])([1-4])Q ?'?(20\d\d|\d\d)(?!\w)")
def quarter_first(match: re.Match[str]) -> str:
    """ "2Q22"."""
    digits = match[2] if len(match[2]) == 4 else "20" + match[2]
    article = "" if re.search(r"(?i)\b(?:the|this|last|next) $", text_before(match)) else "the "
    return f"{article}{ordinal(match[1])} quarter of {year(digits)}"


@rule(r"\bFY ?'?(20\d\d|\d\d)\b", "F", r"\bFY")
def fiscal_year(match: re.Match[str]) -> str:
    """ "FY2023"."""
    return f"FY {year(match[1]) if len(match[1]) == 4 else cardinal(match[1])}"


@rule(r"(?<![\w'’])['’](\d\d)(?![\w'’])", "'’", r"['’]\d\d\b")
def short_year(match: re.Match[str]) -> str | None:
    """ "born in '85"; where another mark follows, it is a quotation."""
    return None if re.search(r"['’](?!\w)", text_after(match)) else pair(match[1])


FORMS = (
    fiscal_year,
    quarter_first,
    decade,
    short_year,
    season,
    quarter,
    years,
    era_year,
    either_year,
    far_year,
    bare_year,
    early_year,
)
