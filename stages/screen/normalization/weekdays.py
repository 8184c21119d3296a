"""Days of the week: their short forms, and what their full stop ends."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.rewriting import key, rule, starts, text_after, text_before

_DAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Thur": "Thursday",
    "Thurs": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}
_ANY_DAY = key((*_DAYS, *_DAYS.values()))


@rule(rf"\b({_ANY_DAY})\.? ?[-–] ?({_ANY_DAY})\b", starts(_DAYS), rf"\b(?:{_ANY_DAY})\.? ?[-–]")
def days(match: re.Match[str]) -> str:
    """From one day to another: "Mon-Fri"."""
    return " to ".join(_DAYS.get(day, day) for day in match.groups())


@rule(
    rf"\b({key(_DAYS)})(?=, ?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d))",
    starts(_DAYS),
    rf"\b(?:{key(_DAYS)}),",
)
def day_before_date(match: re.Match[str]) -> str:
    """ "Tue, Jan 5"."""
    return _DAYS[match[1]]


@rule(rf"\b({key(_DAYS)})\.(?=[ ,;:?!)-]|$)", starts(_DAYS), rf"\b(?:{key(_DAYS)})\.")
def day_of_week(match: re.Match[str]) -> str | None:
    """ "Mon."; a sun and who sat end sentences, too."""
    after = text_after(match)
    if match[1] in ("Sat", "Sun") and not (
        re.search(r"(?i)\b(?:on|every|each|next|last|this|until|by|and|through|from|or|-) ?$", text_before(match))
        or re.match(rf",? (?:\d|[A-Z][a-z]{{2}}\b|(?:and|or|to) (?:{_ANY_DAY})\b)|[-,]", after)
    ):
        return None
    ends = not after.strip() or (
        re.match(r"\s+[A-Z]", after) and not re.match(r"\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", after)
    )
    return _DAYS[match[1]] + ("." if ends else "")


@rule(
    rf"\b({key(set(_DAYS) - {'Mon', 'Sat', 'Sun'})})"
    r"(?=[?!,;)]|$| (?:at|and|or|to|morning|night|evening|afternoon|in|for)\b)",
    starts(_DAYS),
    rf"\b(?:{key(_DAYS)})\b",
)
def day_without_stop(match: re.Match[str]) -> str | None:
    """ "on Wed?"."""
    told = re.search(r"(?i)\b(?:on|next|this|last|every|until|till|by|since|and|or|to|from) $", text_before(match))
    return _DAYS[match[1]] if told else None


FORMS = (days, day_before_date, day_of_week, day_without_stop)
