"""Numbers that stand between plain words, as most do, told at once: the other forms would say the same, one by one."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.money import amount_of
from sayso.stages.screen.normalization.numbers import cardinal, number, ordinal
from sayso.stages.screen.normalization.rewriting import describes_a_thing, key, rule, text_before
from sayso.stages.screen.normalization.units import UNITS

_LONG_UNITS = key(unit for unit in UNITS if len(unit) > 3 and unit.isalpha() and unit.islower())
# Longer words that other forms look for behind a number.
_LOOKED_FOR = (
    rf"(?:{_LONG_UNITS}|hundred|thousand|million|billion|trillion|degrees|january|february|march|april|june|july|august"
    r"|september|october|november|december|through|until|mins|secs|gals|cals|mmhg"
    r"|hours?(?! [a-z])|feet(?! [a-z])|foot)\b"
)
_WORD = rf" (?!{_LOOKED_FOR})[a-z]{{4,}}\b"
_SCALE = rf" (?:hundred|thousand|million|billion|trillion)(?:{_WORD}|[.,?;])"
_SHORT_WORD = (
    r" (?:of|is|are|was|has|had|for|if|how|red|new|big|old|men|out|but|can|did|not|her|his|its"
    r"|my|an?(?= [a-z]{3})|day|bag|box|cat|dog|boy|egg"
    r"|car|pen|kid|toy|pie|hat|on|at|as|it|so|we|he|you|she|they|who|the|in (?=[a-z])"
    r"|and (?:[a-z]|\d{1,2}(?![\d/.,]))|to(?! [\d.,]+[- ]?[a-zA-Z]{1,3}\b))"
)
_END = r"[.;?)\]}]+(?: |$)|, |: [A-Za-z]|$"
_BEGIN = r"(?:(?<=[a-z] )|(?<=[.,:;] )|(?<=[\[{(]))"


@rule(rf"{_BEGIN}[1-9]\d?(?={_WORD}|{_SHORT_WORD}\b|{_END}|{_SCALE})")
def few(match: re.Match[str]) -> str:
    return cardinal(match[0])


@rule(rf"{_BEGIN}([1-9]\d{{0,2}})-(?=(?!{_LOOKED_FOR})[a-z]{{4,}}\b)")
def joined(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])} "


@rule(rf"(?<=[a-z] )([1-9]\d?)(?:st|nd|rd|th)(?=(?! sept){_WORD})")
def ranks(match: re.Match[str]) -> str:
    return ordinal(match[1])


@rule(rf"(?<=[a-z] )(?:[1-9]\d{{0,2}}(?:,\d{{3}}){{1,3}}|[3-9]\d{{3}}|\d{{1,3}}\.\d)(?={_WORD})")
def large(match: re.Match[str]) -> str | None:
    """Thousands, and one decimal: "5,000 people", "2.5 miles"."""
    return None if _NAMES.search(text_before(match)) else number(match[0])


# What a number of three digits names or spells, and does not count.
_NAMES = re.compile(
    r"(?i)\b(?:dial|call|ring|phone)\w* $|\b(?:code|pin|number|in|extension|isbn|sku|chmod|binary)(?: is| was| of)? $"
    r"|\b(?:room|flight|highway|hwy|route|interstate|suite|apartment|apt|error|http|port|form|bus|channel|locker|cabin"
    r"|gate|section|area|unit|line|status|exit|boeing|airbus|gtx|rtx|geforce|radeon|ryzen|porsche|peugeot|bmw"
    r"|fahrenheit|maths?|english|econ|economics|biology|bio|chemistry|physics|psych|psychology|history|spanish|cs"
    r"|accounting)\.?(?: (?:no\.?|number|rd|i))? (?:[a-z]{2} )?$"
)


@rule(rf"(?<=[a-z] )[1-9]\d\d(?={_WORD})")
def hundreds(match: re.Match[str]) -> str | None:
    return None if _NAMES.search(text_before(match)) else cardinal(match[0])


@rule(r"(?<=[a-z] )[1-9]\d?%(?= (?!to\b)[a-zA-Z]|[.,?](?: [a-zA-Z]|$)|$)")
def percents(match: re.Match[str]) -> str:
    return f"{cardinal(match[0][:-1])} percent"


@rule(
    r"(?:(?<=[a-z] )|(?<=[.,:;] ))\$((?>\d{1,3}(?:,\d{3})++|\d++)(?:\.\d\d(?!\d))?)"
    rf"(?=(?! dollars\b){_WORD}| (?:per|for|and|if|of|is|how|he|she|they|in|on|at|as"
    rf"|an?|but|was|off|by|which|to (?=[a-z]))\b|{_END})",
    "$",
)
def dollars(match: re.Match[str]) -> str:
    return amount_of("$", match[1], None, describes_a_thing(match))


FORMS = (few, joined, hundreds, large, ranks, percents, dollars)
