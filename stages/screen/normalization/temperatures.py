"""Temperatures whose scale is a letter alone: "62 F", "300 K". The others are measures as any."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.numbers import NUMBER, number
from sayso.stages.screen.normalization.rewriting import DIGITS, rule, speaks_of, text_after, text_before

# What a lone F or C after a number belongs to, where it is no temperature.
_NAMED_BEFORE = re.compile(
    r"(?i)\b(?:room|section|class|grade|figure|table|unit|gate|seat|building|apartment|apt|suite|block|part|appendix|exhibit|row"
    r"|vitamin|chapter|page|step|option|question|problem|type|level|plan|line|size|highway|route)\.? $"
)

_of_heat = speaks_of(
    r"(?i)\bkelvins?\b|\btemperatures?\b|\babsolute zero\b|\bboil|\bmelt|\bfreez|°"
    r"|\b(?:celsius|hot|cold|cool|warm|stars?|plasma)\b"
)
_SCALES_OF_HEAT = {"F": "Fahrenheit", "C": "Celsius", "K": "kelvin"}


@rule(rf"(?<![\w.])([-–]?)({NUMBER}) ?(°? ?[FCK])( (?:to|in|into) )(°?[FCK])(?![\w'’+#-])", DIGITS + ".-–")
def converted_temperature(match: re.Match[str]) -> str:
    """ "50 F to C"."""
    minus, first, scale, to, other = match.groups()
    degrees = ("degree " if first == "1" else "degrees ") if scale[-1] != "K" else ""
    said = f"{'minus ' if minus else ''}{number(first)} {degrees}{_SCALES_OF_HEAT[scale[-1]]}{to}"
    return said + ("degrees " if other[0] == "°" and other[-1] != "K" else "") + _SCALES_OF_HEAT[other[-1]]


@rule(rf"(?<![\w.])({NUMBER}) ?K(?![\w'’+#-])", DIGITS + ".")
def kelvin(match: re.Match[str]) -> str | None:
    """Kelvin, in a text of temperatures."""
    return f"{number(match[1])} kelvin" if _of_heat(match.string) else None


@rule(rf"(?<![\w.])([-–]?)({NUMBER})(?: ?(?:[-–]|to) ?({NUMBER}))?( ?)([FC])(?![\w'’+#-])", DIGITS + ".-–")
def temperature(match: re.Match[str]) -> str | None:
    """Degrees with their letter alone: "62 F"."""
    if _NAMED_BEFORE.search(text_before(match)) or re.match(r" ?[A-Z]{2}", text_after(match)):
        return None
    degree = "degree" if match[2] == "1" and not match[3] else "degrees"
    upper = f" to {number(match[3])}" if match[3] else ""
    scale = "Fahrenheit" if match[5] == "F" else "Celsius"
    return f"{'minus ' if match[1] else ''}{number(match[2])}{upper} {degree} {scale}"
