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
    "Option|Plan|Formula|Factor|Lesson|Sonnet|Round|Series|Season|Region|Zone|War|Theorem|Concerto|Canto|"
    "plan|option|factor|lesson|round|series|season|region|zone|generation|"
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
    "Amenhotep|Tutankhamun|Rudolf|Maximilian|Casimir|Haakon|Gustav|Gustavus|Suleiman|Bayezid|Antiochus|Cleopatra|Rama|Seti|"
    "Isabella|Umberto|Conrad|Ludwig|Albert|Akbar|Artaxerxes|Baldwin|Margaret|Margrethe|Victor|Michael|Honorius|Anne|"
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
_SERIES = (
    "iPhone|Mac OS|OS|Rocky|GTA|Grand Theft Auto|Final Fantasy|Civilization|Civ|Street Fighter|Dragon Quest|Ultima"
    "|Saturn"
)
OCCURS = (
    rf"\b(?:{_SERIES}) [VX]\b|\b[IVXLCDM]{{2,}}\b|\bWW|\b[IVXL] centur"
    rf"|\b(?:{_COUNTED})s? [IVXL]\b|\b(?:{_RULERS}) [IVXL]\b"
)

_asks_for_numbers = speaks_of(
    r"(?i)\b(?:roman|numerals?|wh(?:at|ich) (?:year|number)|copyright|value)\b"
    r"|\b(?:as|to|into) (?:a |arabic )?numbers?\b"
)


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
    if numeral == "I" and thing not in _SURE and re.match(r" (?!of\b|and II|or (?:\w+ )?II|to )[a-z]|'", after):
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
    if re.search(r"\b(?:King|Queen|Emperor|Empress|Tsar|Pope|Prince|Sultan|Pharaoh|Kaiser) \w+ $", text_before(match)):
        return f"the {ordinal(str(roman(numeral))).capitalize()}"
    if numeral in _NOT_NUMERALS - {"IV"}:
        return None
    return cardinal(str(roman(numeral)))


@rule(r"(?<=[a-zA-Z] )([VX])(?![-'’.]?\w)", "VX", r"\b[VX]\b")
def one_of_series(match: re.Match[str]) -> str | None:
    """A single letter after what comes in numbers: "Rocky V"."""
    return cardinal(str(roman(match[1]))) if re.search(rf"\b(?:{_SERIES}) $", text_before(match)) else None


_tells_of_romans = speaks_of(r"(?i)\broman\b|\bnumerals?\b")


@rule(
    r"\b(?=[MDCLXVI]{2}\b)(?:M{0,2}(?:CM|CD|D?C{0,2})(?:XC|XL|L?X{0,2})(?:IX|IV|V?I{0,2}))\b",
    "MDCLXVI",
    r"\b[MDCLXVI]{2}\b",
)
def short_numeral(match: re.Match[str]) -> str | None:
    """Two letters, in a text of roman numerals."""
    return cardinal(str(roman(match[0]))) if _tells_of_romans(match.string) else None


_LISTED = r"(?:X{0,2}(?:IX|IV|V?I{1,3})|X{1,2}|V)"


@rule(
    rf"(?<=[a-z] )({_LISTED})((?:(?:,|,? (?:and|or|&)|[-–]) ?{_LISTED}\b)+)(?![-'’.]\w)",
    "IVX",
    rf"\b{_LISTED}(?:,|,? (?:and|or|&)|[-–]) ?[IVX]+\b",
)
def listed(match: re.Match[str]) -> str | None:
    """Numerals one after another: "nerves III, IV, and VI"."""
    numerals = re.findall(r"[IVX]+", match[0])
    if not any(len(numeral) > 1 and numeral != "IV" for numeral in numerals):
        return None
    written = re.sub(r"[-–]", " to ", match[0])
    return re.sub(r"[IVX]+", lambda numeral: cardinal(str(roman(numeral[0]))), written)


@rule(r"(?<=[A-Z]{2}-)([IVX]{2,5})(?![\w'’])", "IVX", r"[IVX]{2,}")
def numeral_after_letters(match: re.Match[str]) -> str | None:
    """ "DSM-IV"."""
    return cardinal(str(roman(match[1]))) if re.fullmatch(_ROMAN, match[1]) else None


FORMS = (
    numeral_after_letters,
    world_war,
    counted,
    ruler,
    century,
    short_numeral,
    one_of_series,
    listed,
    long_numeral,
    numeral_after_name,
)
