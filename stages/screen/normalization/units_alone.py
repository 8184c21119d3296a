"""Units without a number: "convert lbs to kg", "how many m/s"."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.rewriting import rule, speaks_of, text_after, text_before
from sayso.stages.screen.normalization.units import per, unit

ALONE = (
    r"kg|kgs|g|km|cm|lbs?|mph|kph|km/h|tsp|tbsp|kWh|sq\.? ft\.?|mg|ml|mL|oz|ft|mm|GB|MB|TB|KB|kcal|GHz"
    r"|MHz|kHz|THz|Hz|dB|Mbps|Gbps|kbps|mAh|kPa|kJ|kV|mpg|psi|rpm|kW|kw"
)

_of_weight = speaks_of(r"\b(?:mg|kg|oz|lbs?|ounces?|grams?|pounds?)\b")


@rule(
    rf"(?<![\w.])({ALONE})(?![\w^/]|\.\w)",
    "gkclmtsodMGTKHprf",
    rf"\b(?:{ALONE})\b",
)
def unit_alone(match: re.Match[str]) -> str | None:
    """A unit without a number, where the text speaks of units: "convert lbs to kg", "$5 per kg"."""
    named = ("kilometer per hour", "kilometers per hour") if match[1] == "km/h" else unit(match[1])
    before, after = text_before(match), text_after(match)
    after_word = re.search(
        r"(?i)\b(in|to|from|into|of|per|many|much|convert|turn|change|use|and|or|between|a|an|each|one|every)\(? $"
        r"|[(]$",
        before,
    )
    before_word = re.match(rf" (?:to|into|in|and|or|vs\.?|versus) (?:a )?(?:{ALONE})\b|\)", after)
    after_number = re.search(r"[\d)] ?$", before)
    if named is None or not (after_word or before_word or after_number):
        return None
    if match[1] == "g" and not _of_weight(match.string):
        return None
    single = after_word and (after_word[1] or "").lower() in {"per", "a", "an", "each", "one", "every"}
    return named[0] if single else named[1]


_RATE = r"(?:km|m|cm|mi|ft|in|kg|g|mg|µg|mcg|L|mL|ml|W|kWh|N|J|MB|GB|Mb|kB|mol)"
_RATED = r"(?:s|sec|min|h|hr|d|day|kg|g|L|dL|dl|mL|ml|m|m\^?[23]|cm\^?[23]|mol|gal|K|C|°C)"


@rule(rf"(?<![\w/])({_RATE})/({_RATED})(\^?2)?(?![\w/^])", "kmcifgµLlWNJMG", rf"\b{_RATE}/")
def rate_alone(match: re.Match[str]) -> str | None:
    """ "m/s" without a number before it."""
    named = unit(match[1]) if match[1] != "in" else ("inch", "inches")
    if named is None:
        return None
    return f"{named[1]} per {per(match[2])}{' squared' if match[3] else ''}"


FORMS = (rate_alone, unit_alone)
