"""Numbers that name: rooms, flights, roads and models in pairs, sizes of screens, versions, formulas of chemistry."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.numbers import cardinal, pair, spell
from sayso.stages.screen.normalization.rewriting import rule, text_before

_NAMED = (
    "room|flight|highway|hwy|route|interstate|suite|apartment|apt|error|http|port|form|bus|channel|locker|cabin|gate"
    "|section|area|unit|line|code|status|exit|boeing|airbus|gtx|rtx|geforce|radeon|ryzen|porsche|peugeot|bmw|fahrenheit"
    "|math|maths|english|econ|economics|biology|bio|chemistry|physics|psych|psychology|history|spanish|cs|accounting"
)
_NAMES_WHAT_FOLLOWS = re.compile(
    rf"(?i)\b(?:{_NAMED})\.?(?: (?:no\.?|number|rd|i))?[ -](?-i:RTX |GTX |A|[A-Z]{{2}} )?$"
    r"|(?-i:\b(?:I|US|NH|SR|CR|M|A)-$)|(?-i:\b(?!AD|CE|BC|GPT)[A-Z]{1,4}-$)|(?-i:\b[A-Z][a-z]+-$)"
)


def in_pairs(digits: str) -> str:
    """As what only names is said: "101" → "one oh one", "747" → "seven forty-seven", "1080" → "ten eighty"."""
    if len(digits) not in (3, 4) or digits[0] == "0" or digits.endswith("000"):
        return cardinal(digits)
    if digits.endswith("00"):
        return f"{cardinal(digits[:-2])} hundred"
    if len(digits) == 4 and digits[1] == "0" and digits[2] == "0":
        return cardinal(digits)
    return f"{cardinal(digits[:-2])} {pair(digits[-2:])}"


@rule(r"(?<![\w.,$€£#/])(?<!\d[-–])([1-9]\d{2})(?:-([1-9]\d{2}))?([a-zA-Z]|xi)?(?![\w%]|[.,]\d|[-–/:]\d)")
def named(match: re.Match[str]) -> str | None:
    """Three digits after what they name: "Room 101", "Boeing 747-400"."""
    if not _NAMES_WHAT_FOLLOWS.search(text_before(match)):
        return None
    first, second, letter = match.groups()
    if letter and not re.search(r"(?i)\b(?:room|bmw|peugeot|apartment|apt|suite|unit|gate)\.? $", text_before(match)):
        return None
    return (
        in_pairs(first)
        + (f" {in_pairs(second)}" if second else "")
        + (f" {' '.join(letter.upper())}" if letter else "")
    )


@rule(r"(?<![\w.,$€£#/-])([1-9]\d{3})(?![\w%]|[.,]\d|[-–/:]\d)")
def named_by_four(match: re.Match[str]) -> str | None:
    """Four digits after what they name: "Form 1040", "an RTX 3090"."""
    named_so = re.search(
        r"(?i)\b(?:room|form|port|highway|hwy|suite|apartment|apt|gtx|rtx|geforce|radeon|flight"
        r"|channel)\.?(?: no\.?)? $",
        text_before(match),
    )
    return in_pairs(match[1]) if named_so else None


@rule(r"(?<=[A-Z])(?<![A-Z]{4})(?<![a-z][A-Z])(\d{3,4})(?![\w%]|[.,]\d|[-/]\d|-[a-z])")
def model(match: re.Match[str]) -> str | None:
    """Digits behind capitals: "A380"; those of a flight one by one: "flight BA2490"."""
    if re.search(r"(?i)\bflight (?:number )?[A-Z]{1,3}$", text_before(match)):
        return spell(match[1])
    return in_pairs(match[1]) if len(match[1]) == 3 or match[1].endswith("0") else None


@rule(r"\b([A-Z]{2})(?=\d{2,4}\b)", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", r"\b[A-Z]{2}[0-9]{2}")
def airline(match: re.Match[str]) -> str | None:
    """The letters before a flight's number."""
    return " ".join(match[1]) if re.search(r"(?i)\bflights? (?:number )?$", text_before(match)) else None


_HEIGHTS = "480|600|720|768|800|900|1024|1050|1080|1200|1440|1600|2160|4320"


@rule(rf"(?<![\w.])(\d{{3,4}}) ?[x×] ?({_HEIGHTS})(p)?(?!\w)")
def screen(match: re.Match[str]) -> str | None:
    """The size of a screen: "1920x1080"."""
    width, height, _ = match.groups()
    return f"{in_pairs(width)} by {in_pairs(height)}" if int(height) < int(width) < 10 * int(height) else None


@rule(r"(?<![\w.])(240|360|480|720|1080|1440|2160)([pi])(?!\w)")
def lines_of_screen(match: re.Match[str]) -> str:
    """ "1080p"."""
    return f"{in_pairs(match[1])} {match[2].upper()}"


@rule(r"(?<![\w.-])v\.? ?(\d{1,3}(?:\.\d{1,3})*)(?![\w.])", "v", r"\bv\.? ?\d")
def version(match: re.Match[str]) -> str | None:
    """ "v2.3"."""
    if " " in match[0] or "v." in match[0]:
        return None
    return "version " + " point ".join(cardinal(part) for part in match[1].split("."))


@rule(r"(?<=[a-zA-Z] )(\d{1,2})\.([1-9]\d)(?![\w.]\w|%)")
def version_of(match: re.Match[str]) -> str | None:
    """A version in two parts after what has versions: "Python 3.10"."""
    has_versions = re.search(
        r"\b(?:Python|[Vv]ersion|iOS|macOS|Android|Ubuntu|PHP|Ruby|Perl|Java|Go|Node|Django|Angular|Kubernetes|Linux"
        r"|kernel) $",
        text_before(match),
    )
    return f"{cardinal(match[1])} point {cardinal(match[2])}" if has_versions else None


_ELEMENT = r"(?:He|Li|Be|Ne|Na|Mg|Al|Si|Cl|Ar|Ca|Cr|Mn|Fe|Ni|Cu|Zn|Br|Ag|Ba|Pb|Hg|Au|[HBCNOFPSKI])"


@rule(
    rf"\b(?=[A-Za-z]*\d)(?:{_ELEMENT}\d{{0,2}}){{2,8}}(?![\w-])", "ABCFHIKLMNOPSZ", rf"\b(?:{_ELEMENT}\d{{0,2}}){{2}}"
)
def chemical(match: re.Match[str]) -> str | None:
    """A formula of chemistry, letter by letter: "H2O", "CO2"."""
    parts = re.findall(r"[A-Za-z]|\d+", match[0])
    return " ".join(cardinal(part) if part.isdigit() else part.upper() for part in parts)


@rule(r"(?<![\w.,$€£#-])([1-9]\d{1,3})([A-Z])(?= (?:[A-Z][a-z]+ ){1,2}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln)\b)")
def house_with_letter(match: re.Match[str]) -> str:
    """ "221B Baker Street"."""
    return f"{in_pairs(match[1])} {match[2]}"


FORMS = (
    screen,
    lines_of_screen,
    version_of,
    named,
    named_by_four,
    airline,
    model,
    chemical,
    version,
    house_with_letter,
)
