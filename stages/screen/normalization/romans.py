"""Roman numerals: of chapters and wars, rulers and centuries, years, names."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.numbers import cardinal, ordinal
from sayso.stages.screen.normalization.rewriting import rule, speaks_of, starts, text_after, text_before
from sayso.stages.screen.normalization.years import year

# A counted thing followed by a roman numeral; "I" alone is a numeral only after those that are never subjects.
_COUNTED = (
    "Chapter|Volume|Vol|Act|Super Bowl|World War|Book|Episode|Part|Scene|Section|Phase|Type|Class|Level|Stage|"
    "Article|Title|Appendix|Grade|Tier|Division|Schedule|Apollo|Saturn|Mark|Figure|Table|Category|Group|Annex|Unit|Module|"
    "PART|CHAPTER|ACT|VOLUME|SECTION|BOOK|SCENE|EPISODE|type|phase|stage|grade|class|level|chapter|act|part|volume|section|tier|category|book|scene|article|schedule|figure|table"
)
_SURE = {
    "Chapter",
    "Volume",
    "Vol",
    "Act",
    "Super Bowl",
    "World War",
    "chapter",
    "volume",
    "type",
    "phase",
    "stage",
    "grade",
    "tier",
}
_RULERS = (
    "Henry|Louis|Elizabeth|Charles|George|Edward|William|Richard|James|Philip|Napoleon|Paul|Pius|Benedict|Catherine|"
    "Peter|Frederick|Alexander|Nicholas|Ramses|Ramesses|Ivan|Mary|Francis|Ferdinand|Leopold|Otto|Gregory|Urban|"
    "Innocent|Leo|Clement|Darius|Xerxes|Ptolemy|Wilhelm|Harald|Felipe|Alfonso|Mehmed|Selim|Murad|John|Thutmose|"
    "Amenhotep|Constantine|Theodosius|Justinian|Malcolm|Robert|Cyrus|Mithridates|Sixtus|Julius|Pedro|Carlos|Juan"
)
_ROMAN = r"(?=[IVXL]+\b)(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?<=[IVXL])\b"
_LONG = r"(?=[MDCLXVI]{3,}\b)M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?<=[MDCLXVI])\b"
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
# Two letters and more that are more often initials, sizes or words than numerals.
_NOT_NUMERALS = {
    "XL",
    "XX",
    "XXX",
    "LI",
    "IV",
    "MIX",
    "MDI",
    "CIV",
    "CCC",
    "DIV",
    "DCI",
    "MCC",
    "MMC",
    "MDC",
    "CCI",
    "LCI",
    "CDC",
    "MMM",
    "CMD",
}

_NO_NAMES = {
    "An",
    "The",
    "This",
    "That",
    "My",
    "Your",
    "His",
    "Her",
    "Their",
    "Our",
    "Is",
    "Are",
    "What",
    "Which",
    "And",
    "Use",
    "Give",
}
# Texts without this hold no roman numeral.
OCCURS = rf"\b[IVXLCDM]{{2,}}\b|\bWW|\b[IVXL] centur|\b(?:{_COUNTED})s? [IVXL]\b|\b(?:{_RULERS}) [IVXL]\b"

_asks_for_numbers = speaks_of(r"(?i)\b(?:roman|numerals?|year|in|number|value)\b")


def roman(numeral: str) -> int:
    """The value of a roman numeral: "XIV" → 14."""
    values = [_VALUES[letter] for letter in numeral]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


@rule(r"\bWW(II|I)\b|\bWW ?(1|2)\b", "W", r"\bWW")
def world_war(match: re.Match[str]) -> str:
    return f"World War {'Two' if match[1] == 'II' or match[2] == '2' else 'One'}"


@rule(
    rf"\b({_COUNTED})(s? )({_ROMAN})(?: ?[-–] ?({_ROMAN}))?(?!['’.]\w)",
    starts(_COUNTED.split("|")),
    rf"\b(?:{_COUNTED})s? [IVXL]+\b",
)
def counted(match: re.Match[str]) -> str | None:
    thing, blank, numeral, last = match.groups()
    after = text_after(match)
    if not numeral:
        return None
    if numeral == "I" and thing not in _SURE and re.match(r" (?!of\b|and II|to )[a-z]|'", after):
        return None
    if (
        numeral == "I"
        and thing.islower()
        and re.match(r" (?:am|have|was|had|do|did|can|will|would|like|need|want|think|know)\b|'", after)
    ):
        return None
    until = f" to {cardinal(str(roman(last)))}" if last else ""
    return f"{thing}{blank}{cardinal(str(roman(numeral)))}{until}"


@rule(rf"\b({_RULERS}) ({_ROMAN})(?!\.\w)", starts(_RULERS.split("|")), rf"\b(?:{_RULERS}) [IVXL]+\b")
def ruler(match: re.Match[str]) -> str | None:
    name, numeral = match.groups()
    before = text_before(match)
    royal = re.search(
        r"\b(?:King|Queen|Emperor|Empress|Tsar|Pope|Czar|Prince|Sultan|Pharaoh|Kaiser) (?:\w+ )?$", before
    )
    if not numeral or (
        numeral in ("X", "V", "L") and not royal and name in ("Malcolm", "Paul", "John", "Robert", "Mary")
    ):
        return None
    if numeral == "I" and not royal and re.match(r" [a-z]|,? [a-z]|'", text_after(match)):
        return None
    return f"{name} the {ordinal(str(roman(numeral))).capitalize()}"


@rule(rf"({_ROMAN})(?:st|nd|rd|th)?(?= centur(?:y|ies)\b)", "IVXL", r"\b[IVXL]+(?:st|nd|rd|th)? centur")
def century(match: re.Match[str]) -> str | None:
    return ordinal(str(roman(match[1]))) if match[1] else None


@rule(rf"({_LONG})", "MDCLXVI", r"\b[MDCLXVI]{3,}\b")
def long_numeral(match: re.Match[str]) -> str | None:
    """Three letters and more that can be nothing else: "MMXX", a year where it is one."""
    if match[1] in _NOT_NUMERALS:
        return None
    value = roman(match[1])
    asked = _asks_for_numbers(match.string)
    if not asked and len(match[1]) < 4:
        return None
    return year(str(value)) if 1100 <= value <= 2099 else cardinal(str(value))


@rule(rf"(?<=[a-z] )({_ROMAN})(?![-'’.]\w)", "IVXL", r"\b[IVXL]{2,}\b")
def numeral_after_name(match: re.Match[str]) -> str | None:
    numeral = match[1]
    before = re.search(r"([A-Za-z]\w+) $", text_before(match))
    if len(numeral) < 2 or not before or not before[1][0].isupper() or before[1] in _NO_NAMES:
        return None
    if numeral in _NOT_NUMERALS - {"IV"}:
        return None
    return cardinal(str(roman(numeral)))


FORMS = (world_war, counted, ruler, century, long_numeral, numeral_after_name)
