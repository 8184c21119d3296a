"""Powers, and numbers written with a power of ten: "10^-3", "2**8", "1e-5"."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.fractions import common_fraction
from sayso.stages.screen.normalization.numbers import number
from sayso.stages.screen.normalization.rewriting import DIGITS, rule, text_before
from sayso.stages.screen.normalization.units import unit

POWER = r"(?: ?(?:\*\*|\^) ?(?:[-–]?(?:\d+(?:\.\d+)?|[a-z]\b)|[({][-–]?(?:\d+(?:[./]\d+)?|[a-z])[)}]))"
SCIENTIFIC = r"\d+(?:\.\d+)?[eE][-+]?\d{1,3}\b"


def raised(exponent: str) -> str:
    """What a power is called, with a blank before it: "2" → " squared", "-3" → " to the power of minus three"."""
    if exponent in ("2", "3"):
        return " squared" if exponent == "2" else " cubed"
    sign = "minus " if exponent[0] in "-–" else ""
    plain = exponent.lstrip("+-–")
    if "/" in plain:
        top, bottom = plain.split("/")
        return f" to the power of {sign}{common_fraction(top, bottom) or f'{number(top)} over {number(bottom)}'}"
    return f" to the power of {sign}{plain if plain.isalpha() else number(plain)}"


def times_power_of_ten(written: str) -> str:
    """ "2e-7" → "two times ten to the power of minus seven"."""
    digits, exponent = re.split("[eE]", written)
    return f"{number(digits)} times ten{raised(exponent)}"


# What may be measured in powers of ten; "in" and letters that are names as well are not.
_MEASURED = r"(?: (km|kg|g|m|cm|mm|nm|s|J|W|N|L|Hz|mol|eV|Pa)(?![\w'’/^]))?"


def _measured(written: str | None) -> str:
    named = unit(written) if written else None
    return f" {named[1]}" if named else ""


@rule(rf"(?:(?<![\w)\].%-])([-–]))?({SCIENTIFIC})(?!\w){_MEASURED}", DIGITS + "-–")
def scientific(match: re.Match[str]) -> str:
    """ "1e-5": one times ten to the power of minus five."""
    return ("minus " if match[1] else "") + times_power_of_ten(match[2]) + _measured(match[3])


@rule(
    r"(?:\*\*|\^) ?(?:[({]([-–]?(?:\d+(?:[./]\d+)?|[a-z]))[)}]|([-–]?(?:\d+(?:\.\d+)?|[a-z]\b)))" + _MEASURED,
    "*^",
    r"\*\*|\^",
)
def power(match: re.Match[str]) -> str | None:
    """A power of what stands before: "10^-3", "2**8"."""
    before = text_before(match)
    if not re.search(r"[\w)] ?$", before) or (match[3] and not before[-1:].isdigit()):
        return None
    return raised(match[1] or match[2]) + _measured(match[3])


FORMS = (scientific, power)
