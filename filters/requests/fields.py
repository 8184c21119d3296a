"""Fields of a form: labels in front of lines, and places at the end that somebody is to fill."""

from __future__ import annotations

import polars as pl

from sayso.filters.requests.sentences import VERBS
from sayso.filters.text.patterns import any_of, contains_where

# A field at the end that somebody is to fill, behind other lines: "Title:", "Score (1 to 5):". A request is none.
OPEN_FIELD = any_of(
    r"\n[ \t]*(?:TL;?DR|The answer [^\n:]{2,40}|[A-Z][\w'-]*(?: [\w'-]+){0,2}(?: \([^()\n]*\))?) ?:\s*\z"
)
REQUESTED = any_of(
    rf"\n[ \t]*(?:(?i:{VERBS})\b[^\n]*|A ?:|[Aa]nswer ?:)\s*\z",
    # Several fields in a row are a list of things to write something on.
    r":[ \t]*\n[^\n:]{1,40}:[ \t]*\n[^\n:]{1,40}:\s*\z",
)
# Fields that begin with a verb: "Output:", "Review score (1 to 5):".
FIELD_ONLY = any_of(
    r"\n[ \t]*(?:Output|Review (?:score|rating|title|text|stars?)(?: \([^()\n]*\))?|Rating|Score) ?:\s*\z"
)
LABEL = any_of(r"(?m:^[ \t]*[A-Z][\w'-]*(?: [\w'()-]+){0,4} ?:(?:[ \t]|$))")


def open_field(prompt: pl.Expr) -> pl.Expr:
    """Whether a prompt ends with a field that somebody is to fill."""
    end = prompt.str.tail(120)
    found = contains_where(end.str.contains(r":\s*\z"), end, OPEN_FIELD)
    requested = contains_where(found, end, REQUESTED) & ~contains_where(found, end, FIELD_ONLY)
    return found & ~requested
