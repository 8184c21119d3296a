"""Places that somebody was to fill in: "[Your Name]", "<insert date>", "TODO:"."""

from __future__ import annotations

import polars as pl

from sayso.filters.answers.subjects import OF_CODE
from sayso.filters.text.patterns import any_of, contains_some, contains_where, lacks_where

_THING = (
    r"(?:names?|address|date|company|numbers?|e-?mail|title|position|city|state|zip(?: code)?|phone(?: number)?|"
    r"product|topic|amount|time|"
    r"location|place|university|school|employer|manager|landlord|sender|recipient|signature|customer|client|contact|"
    r"link|url|"
    r"website|job|department|event|venue|price|year|month|day|department|reason|details?|information|description|here|"
    r"organi[sz]ation|"
    r"business|brand|service|industry|country|role|degree|field|subject|person|friend|boss|supervisor|professor|"
    r"teacher)"
)
_PLACEHOLDER = any_of(
    rf"(?i:(?:^|[^\w\]\)])\[(?:(?:your|my|his|her|their|our|insert|enter|fill|add|placeholder|specify|describe|"
    rf"briefly|mention|include|state|provide)\b[^\]\n]{{0,80}}"
    rf"|(?:the |a |an )?(?:[\w'’./-]+ ){{0,3}}{_THING}(?: [\w'’/-]+){{0,2}})\](?:[^(\w\[]|$))",
    r"(?i:<(?:your|insert|enter|my|fill in|placeholder)\b[^<>\n]{0,60}>|\((?:insert|enter|fill in|your name|"
    r"placeholder)\b[^()\n]{0,60}\))",
    rf"(?i:\{{\s*(?:your |insert |the )?{_THING}\s*\}})",
    r"(?i:<(?:file|photo|link|video)_\w+>)",
    r"(?i:lorem ipsum)|\bTODO:|^TODO\b|\[?\bTODO\b\]?\W*$|\bTBD\b|\bX{3,}\b|\bxx/xx\b",
)
# Each match has one of these.
_SIGNS = (r"[\[{<]|TODO|TBD|XXX|xx/xx", r"(?i:lorem ipsum|\((?:insert|enter|fill|your name|placeholder))")


def has_placeholder(prompt: pl.Expr, answer: pl.Expr) -> pl.Expr:
    """Whether an answer has a place that somebody was to fill in; in code, brackets around a name are its own."""
    found = contains_where(contains_some(answer, _SIGNS), answer, _PLACEHOLDER)
    return lacks_where(found, prompt, OF_CODE)
