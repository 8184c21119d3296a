"""Percentages, heights and measures: numbers with what they count."""

from __future__ import annotations

import re
from functools import lru_cache

from sayso.stages.screen.normalization.fractions import common_fraction, mixed
from sayso.stages.screen.normalization.money import SCALES
from sayso.stages.screen.normalization.numbers import NUMBER, cardinal, number
from sayso.stages.screen.normalization.rewriting import (
    DIGITS,
    describes_a_thing,
    rule,
    speaks_of,
    text_after,
    text_before,
)
from sayso.stages.screen.normalization.temperatures import converted_temperature, kelvin, temperature
from sayso.stages.screen.normalization.units import JOINED_ONLY, UNIT, per, unit

_SCALE = r"(?: (hundred|thousand|million|billion|trillion))?"
_PER = r"((?: ?/ ?(?:[a-zA-Z]{1,9}\^?[23]?)(?![\w/])){0,2})"
_STOP = r"(?:\.(?= [a-z0-9(]|[,;?!]))?"


@rule(
    rf"(?<![\w.])([-–+]?)({NUMBER})(?: ?%? ?(?:-|–|to) ?({NUMBER}))? ?(?:%|percent(?![a-z])|per cent\b)",
    DIGITS + ".-–+",
)
def percentage(match: re.Match[str]) -> str:
    sign = {"-": "minus ", "–": "minus ", "+": "plus "}.get(match[1], "")
    upper = f" to {number(match[3])}" if match[3] else ""
    return f"{sign}{number(match[2])}{upper} percent"


@rule(
    r"(?<![\w.])(\d{1,2})(?:['’] ?|[- ]?ft\.? |-foot-)"
    r"(1[01]|\d)"
    r"(?:\"|''| ?in\b\.?(?= (?!(?:cm|mm|m|ft|inches|feet|the|a|cent|met|mill)\w*\b)[a-z]|[,?;])|(?=[ .,?!]|$))(?!\d)"
)
def height(match: re.Match[str]) -> str | None:
    """Feet and inches: "5'10\"", and without the second mark as people say it: "6'1 tall" is "six foot one"."""
    feet, inches = match.groups()
    if inches == "0":
        return _counted(feet, "foot", "foot" if describes_a_thing(match) else "feet")
    if match[0].endswith(inches) and "'" not in match[0] and "’" not in match[0]:
        return None
    if match[0].endswith(inches):
        return f"{cardinal(feet)} foot {cardinal(inches)}"
    return f"{_counted(feet, 'foot', 'feet')} {_counted(inches, 'inch', 'inches')}"


_SIDES = {"H": "high", "W": "wide", "D": "deep", "L": "long"}


@rule(rf"(?<![\w./])({NUMBER})(?:\"|'') ?([HWDL])\b")
def side(match: re.Match[str]) -> str:
    """Inches of a thing's side: "44.5\"H"."""
    return f"{number(match[1])} {'inch' if match[1] == '1' else 'inches'} {_SIDES[match[2]]}"


def _counted(count: str, one: str, many: str) -> str:
    return f"{cardinal(count)} {one if count == '1' else many}"


@rule(rf"(?<![\w./])(?:(\d+)[- ](?:and )?)?(\d{{1,2}})/(\d{{1,2}})[ -]?({UNIT}){_STOP}")
def measured_fraction(match: re.Match[str]) -> str | None:
    """A fraction of a unit: "1 1/2 tsp"."""
    whole, top, bottom, written = match.groups()
    named = unit(written)
    amount = mixed(whole, top, bottom) if whole else common_fraction(top, bottom)
    if named is None or amount is None or match[0].endswith(f"{bottom}s"):
        return None
    one, many = named
    if whole:
        return f"{amount} {many}"
    return f"{amount} {one}" if top == "1" else f"{amount} of a{'n' if one[0] in 'aeiou' else ''} {one}"


@rule(
    rf"(?<![\w.])([-–]?)({NUMBER})(?: ?({UNIT})? ?(?:[-–]|to|x|by) ?({NUMBER}))?{_SCALE}(-| ?)({UNIT}){_PER}{_STOP}",
    DIGITS + ".-–",
)
def measure(match: re.Match[str]) -> str | None:
    minus, first, lower, upper, scale, gap, written, rate = match.groups()
    named = unit(written)
    if named is None or (written == "s" and _is_product(match)):
        return None
    if written == "A" and not _of_electricity(match.string):
        return None  # a model
    if gap and written in JOINED_ONLY and not _follows_a_blank(match, written, gap):
        return None
    if lower and unit(lower) != named:
        return None
    one, many = named
    last = upper or first
    name = one if (last == "1" and not scale) or gap == "-" or (describes_a_thing(match) and not rate) else many
    said = number(first)
    if upper:
        by = re.search(r" ?(x|by) ?", match[0][match.end(2) - match.start() : match.start(4) - match.start()])
        said = f"{said} {'by' if by else 'to'} {number(upper)}"
    return f"{'minus ' if minus else ''}{said}{' ' + scale if scale else ''} {name}{_rates(rate)}"


_of_electricity = speaks_of(
    r"(?i)\b(?:volt\w*|batter\w+|bulbs?|watt\w*|circuits?|charg\w+|outlets?|power\w*|motors?|amps?|amperes?"
    r"|currents?|resist\w+|forces?"
    r"|newtons?|joules?|energy|lamps?|lights?|lighting|heaters?|speakers?|solar|generators?|transformers?|electric\w*|suppl(?:y|ies)|capacitor\w*)\b"
)
_of_motion = speaks_of(
    r"(?i)\bm/s|\b(?:seconds?|velocit\w+|acceler\w+|speeds?|sprint\w*|timer|timeout|half-life|period)\b"
)


def _follows_a_blank(match: re.Match[str], written: str, gap: str) -> bool:
    """Whether a lone letter after a blank is a unit: in a text of electricity or motion, "5 l of milk"."""
    if written in ("V", "W", "A", "N", "J", "Ω"):
        return gap == " " and _of_electricity(match.string)
    return gap == " " and (
        (written == "l" and text_after(match).startswith(" of ")) or (written == "s" and _of_motion(match.string))
    )


@rule(r"(?<![\w./])(?:(\d{1,3})[- ])?(\d{1,2})/(\d{1,2})(?:\"|[- ]inch\b)(?= [a-z]|[.,?]|$)")
def inches_of_fraction(match: re.Match[str]) -> str | None:
    """A part of an inch: 3/4"."""
    whole, top, bottom = match.groups()
    part = mixed(whole, top, bottom) if whole else common_fraction(top, bottom)
    if part is None or (match[0].endswith('"') and _quotation_marks(match.string)):
        return None
    describes = describes_a_thing(match)
    if describes:
        return f"{part.removesuffix('s') if not part.endswith('halves') else part} inch"
    if whole:
        return f"{part} inches"
    return f"{part} {'inch' if top == '1' else 'of an inch'}"


@rule(r"(?<![\w.])(\d{1,3})' ?(?:x|by) ?(\d{1,3})'(?!\w)")
def feet_by_feet(match: re.Match[str]) -> str:
    """ "a 5' x 7' rug"."""
    name = "foot" if describes_a_thing(match) else "feet"
    return f"{cardinal(match[1])} {name} by {cardinal(match[2])} {name}"


@rule(r"(?<![\w.'])(\d{1,3})'(?= [a-z]|[?,])")
def feet(match: re.Match[str]) -> str | None:
    """Feet alone: "6' tall", "a 10' pole"."""
    if len(re.findall(r"(?<!\w)'|'(?!\w)", match.string)) > 1:
        return None  # it may close a quotation
    if re.match(
        r" (?:tall|long|wide|high|deep|thick|in (?:length|height|width|cm|m|meters|metres|inches|centimeters))\b",
        text_after(match),
    ):
        return f"{cardinal(match[1])} {'foot' if match[1] == '1' else 'feet'}"
    return f"{cardinal(match[1])} foot" if describes_a_thing(match) else None


@rule(r"(?<![\w.])(\d{1,3})[ -]?(?:yo|y\.o\.?|y/o)(?![\w])")
def age(match: re.Match[str]) -> str:
    """ "a 3yo"."""
    one = describes_a_thing(match) or re.search(r"\b[Aa]n? (?:[a-z]+ )?$", text_before(match))
    return f"{cardinal(match[1])} {'year' if one or match[1] == '1' else 'years'} old"


@rule(r"(?<![\w.])(\d{1,3})(?: ?(?:[-–]|to) ?(\d{1,3}))?[ -]?yrs?\.?[ -]olds?(?!\w)")
def years_old(match: re.Match[str]) -> str:
    """ "my 4yr old", "for 3-4yr olds"; who is so old has years."""
    several = re.search(r"(?i)\b(?:am|is|are|was|were|be|being|turned|'m|'s|only|just|about) $", text_before(match))
    named = "years old" if several and not match[0].endswith("s") and match[1] != "1" else "year old"
    upper = f" to {cardinal(match[2])}" if match[2] else ""
    return f"{cardinal(match[1])}{upper} {named}{'s' if match[0].endswith('s') else ''}"


_races = speaks_of(
    r"(?i)\d ?k time\b|\b(?:pace|run|running|ran|marathon|jog\w*|walk|resolution|video|tv|monitor|display|ultra hd)\b"
)


def _is_product(match: re.Match[str]) -> bool:
    """Whether a number with an s is a product's: "iPhone 5s", "F-15s"."""
    return bool(
        re.search(
            r"[A-Za-z]-$|\b(?:iPhone|iPad|Galaxy|Pixel|Nexus|Redmi|Model|Moto|OnePlus|S|i) ?$", text_before(match)
        )
    )


@rule(rf"(?<![\w.])({NUMBER}) ?(L|l|liters?|litres?|kWh) ?/ ?100 ?km(?!\w)", DIGITS + ".")
def consumption(match: re.Match[str]) -> str:
    """What a car takes: "5 L/100 km"."""
    one, many = ("kilowatt hour", "kilowatt hours") if match[2] == "kWh" else ("liter", "liters")
    return f"{number(match[1])} {one if match[1] == '1' else many} per hundred kilometers"


def _rates(written: str) -> str:
    said = ""
    for word in written.split("/")[1:]:
        power = re.fullmatch(r" ?([a-z]+)\^?([23])", word)
        if power and power[1] in ("s", "h", "hr", "sec", "min"):
            said += f" per {per(power[1])} {'squared' if power[2] == '2' else 'cubed'}"
        else:
            said += f" per {per(word.strip())}"
    return said


@lru_cache(maxsize=1)
def _quotation_marks(text: str) -> int:
    """How many marks of a text may be quotation marks: all, if one stands elsewhere than behind a digit."""
    marks = text.count('"')
    return 0 if marks == len(re.findall(r'(?<=\d)"', text)) else marks


@rule(rf"(?<![\w.])({NUMBER})(?:( ?-?)in\.(?= [a-z]|[?,;])|in\b|\")(?= |$|[.,;?!])", DIGITS + ".")
def inches(match: re.Match[str]) -> str | None:
    if match[0].endswith('"') and _quotation_marks(match.string):
        return None  # it closes a quotation
    return f"{number(match[1])} {'inch' if match[1] == '1' or describes_a_thing(match) else 'inches'}"


_COUNTED_THINGS = (
    "people|users|followers|views|likes|subscribers|downloads|copies|customers|viewers|visitors|members|players|residents"
    "|inhabitants|workers|employees|jobs|students|voters|votes|fans|dollars|euros|pounds|years|tons|streams|listeners|units"
    "|clicks|orders|sales|readers|children|women|men|homes|deaths|cases|words|steps|books|cars|tweets|photos|records|rows"
)


@rule(
    rf"(?<![\w.])({NUMBER}) ?([kKmMbB]|bn|mn|mln)"
    rf"(?= (?:more |new |active |monthly |daily |registered |total )?(?:{_COUNTED_THINGS})\b)",
    DIGITS + ".",
)
def scaled_count(match: re.Match[str]) -> str:
    """So many thousands or millions of what is counted: "2m users"."""
    return f"{number(match[1])} {SCALES[match[2]]}"


@rule(rf"({NUMBER})[-–]({NUMBER})(k|K|M|B|bn)\b", DIGITS + ".")
def scaled_last(match: re.Match[str]) -> str:
    """A range with the scale behind it: "10-20k"."""
    return f"{number(match[1])} to {number(match[2])} {SCALES[match[3]]}"


@rule(rf"({NUMBER})(?P<scale>[kKMB]|bn) ?(?:-|–|to) ?({NUMBER})(?P=scale)\b", DIGITS + ".")
def scaled_range(match: re.Match[str]) -> str:
    """A range with the scale on both sides: "60k-80k"."""
    return f"{number(match[1])} to {number(match[3])} {SCALES[match['scale']]}"


@rule(rf"(?<![\w.])({NUMBER})([kKM]|bn)(?![\w'’])(\+)?", DIGITS + ".")
def scaled(match: re.Match[str]) -> str:
    """A number with a short scale; a race and a resolution keep the letter: "a 10K race"."""
    raced = _races(match.string)
    kept = match[2] == "K" or (match[2] == "k" and raced and len(match[1]) < 3)
    said = f"{number(match[1])} {match[2] if kept else SCALES[match[2]]}"
    return said + (" plus" if match[3] else "")


FORMS = (
    converted_temperature,
    kelvin,
    consumption,
    percentage,
    height,
    side,
    measured_fraction,
    inches_of_fraction,
    feet_by_feet,
    feet,
    scaled_count,
    age,
    years_old,
    measure,
    temperature,
    inches,
    scaled_range,
    scaled_last,
    scaled,
)
