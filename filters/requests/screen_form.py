"""A form that only a screen can show, and how a prompt asks for something: a verb, and its noun soon after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sayso.filters.text.patterns import any_of, without_lookaround

# A request for something: a verb, and up to five words that are no preposition before its noun.
_MAKE = (
    "write|create|make|build|generate|give|show|produce|provide|design|prepare|output|print|return|display|present"
    "|draft|post|paste|attach|recommend|suggest|see|view|construct|compose|develop|implement|send|share|sketch|draw"
    "|render|supply|get|offer|include|use|find|complete|fill|need|want|set up|put together|come up with|modify"
    "|rewrite|convert|translate|edit|update"
)
WORDS_BETWEEN = (
    r"(?:(?!(?:about|of|on|for|with|in|into|at|near|to|that|which|who|from|by|how|why|what|explaining|describing"
    r"|using|as|called)\b)[\w'’+#./-]+,? ){0,5}?"
)
ASKED = rf"\b(?:{_MAKE}) (?:(?:me|us|out|up|down) )*{WORDS_BETWEEN}"


@dataclass(frozen=True)
class ScreenForm:
    """`hint` and, of what it finds, `asks_roughly` find for Rust's engine what may ask, `asks` what does, and
    `not_meant` what does not after all."""

    hint: str
    asks_roughly: str
    asks: re.Pattern[str]
    not_meant: re.Pattern[str]


def screen_form(hint: str, asks: tuple[str, ...], not_meant: str = r"(?!)") -> ScreenForm:
    any_asks = "|".join(asks)
    return ScreenForm(any_of(f"(?i:{hint})"), without_lookaround(any_asks), re.compile(any_asks), re.compile(not_meant))
