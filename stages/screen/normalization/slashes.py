"""Words and letters with a slash between them: rates, alternatives, short forms."""

from __future__ import annotations

import re
from string import ascii_letters

from sayso.stages.screen.normalization.rewriting import rule, speaks_of, starts, text_after, text_before
from sayso.stages.screen.normalization.units import PER, per, unit

_PER_WORDS = frozenset(
    [
        "second",
        "minute",
        "hour",
        "day",
        "week",
        "month",
        "year",
        "night",
        "person",
        "user",
        "head",
        "child",
        "student",
        "seat",
        "page",
        "item",
        "unit",
        "serving",
        "dose",
        "liter",
        "litre",
        "gallon",
        "mile",
        "kilometer",
        "km",
        "kg",
        "lb",
        "mol",
        "gram",
        "pound",
        "share",
        "customer",
        "employee",
        "game",
        "session",
        "visit",
        "trip",
        "class",
        "license",
    ]
)
_SHORT = {
    "n/a": "not applicable",
    "N/A": "not applicable",
    "c/o": "care of",
    "w/": "with",
    "w/o": "without",
    "b/c": "because",
    "b/w": "between",
    "y/o": "year old",
    "and/or": "and or",
    "either/or": "either or",
    "AC/DC": "A C D C",
    "s/he": "she or he",
    "I/O": "I O",
}
_has_formula = speaks_of(
    r"(?i)[=+^×÷]|\b(?:simplify|solve|fraction|divided?|variables?|formula|equation|numerator|derivative)\b"
)
_KEY = "|".join(re.escape(word) for word in sorted(_SHORT, key=len, reverse=True))


@rule(rf"(?<![\w/])(?:{_KEY})(?![\w/])", starts(_SHORT), rf"\b(?:{_KEY})")
def short_form(match: re.Match[str]) -> str | None:
    if match[0] == "w/" and not re.match(r"\s", text_after(match)):
        return None
    return _SHORT[match[0]]


@rule(r"(?<![\w/])w/(?=[a-z]{2})", "w", r"\bw/")
def with_joined(match: re.Match[str]) -> str:
    return "with "


@rule(
    r"(?<![\w/.])([A-Za-z]{2,}) ?/ ?([A-Za-z]{1,12}(?:\^?[23])?)(?: ?/ ?([A-Za-z]{1,12}(?:\^?[23])?))?(?![\w/]|\.\w)",
    ascii_letters,
    r"\b[A-Za-z]{2,} ?/",
)
def rate(match: re.Match[str]) -> str | None:
    """What is counted, per what: "6 stitches/minute", "miles/hour"."""
    counted, *pers = (word for word in match.groups() if word)
    is_time = all(word in _PER_WORDS or word in PER or unit(word) for word in pers)
    numbered = re.search(
        r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|many|much|few|in|of)) $", text_before(match)
    )
    if not is_time or not (counted.endswith("s") or unit(counted) or numbered) or len(counted) < 2:
        return None
    named = unit(counted) if not numbered else None
    return " per ".join([named[1] if named else counted, *(per(word) for word in pers)])


@rule(r"(?<![\w/.])([A-Z]{1,4})/([A-Z]{1,4})(?:/([A-Z]{1,4}))?(?![\w/]|\.\w)", ascii_letters, r"\b[A-Z]{1,4}/[A-Z]")
def letters(match: re.Match[str]) -> str:
    """Capitals with a slash between: "A/B testing", "TCP/IP"."""
    return " ".join(part for part in match.groups() if part)


_SMALL_LETTERS = "a/c|m/f|y/n|r/w|i/o|q/a|p/l|t/c|o/t|s/w|h/w|w/c|p/e|a/b|d/c"


@rule(
    rf"(?<![\w/])(?:{_SMALL_LETTERS})(?![\w/]| ?[-+*=^(\d])",
    starts(_SMALL_LETTERS.split("|")),
    rf"\b(?:{_SMALL_LETTERS})",
)
def small_letters(match: re.Match[str]) -> str | None:
    """What is short for two words, said by its letters: "an a/c unit"; in a formula they are divided."""
    return None if _has_formula(match.string) else match[0].upper().replace("/", " ")


# Two words that name one thing together: nothing is said for the slash.
_COMPOUNDS = (
    "client/server|input/output|win/win|lose/lose|cost/benefit|risk/reward|price/performance|work/life"
    "|signal/noise|subject/verb|GNU/Linux|on/off|stop/start|question/answer|mind/body|nature/nurture"
)


@rule(rf"(?<![\w/])(?i:{_COMPOUNDS})(?![\w/])", "cirwlpsgoqmnCIRWLPSGOQMN", rf"\b(?i:{_COMPOUNDS})")
def compound(match: re.Match[str]) -> str:
    """Words that belong together: "a client/server model"."""
    return match[0].replace("/", " ")


@rule(r"\bHTTP/(?=\d)", "H", r"\bHTTP/\d")
def protocol(match: re.Match[str]) -> str:
    """ "HTTP/2"."""
    return "HTTP"


FORMS = (protocol, short_form, with_joined, letters, small_letters, compound, rate)
