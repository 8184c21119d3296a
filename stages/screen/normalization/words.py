"""Short forms that are said as other words: "e.g.", "approx.", "No. 5", names of languages."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization import names, romans, slashes
from sayso.stages.screen.normalization.rewriting import key, rule, starts, text_after, text_before

# Only with their full stop: without it they are words or names.
_ABBREVIATIONS = {
    "approx": "approximately",
    "Approx": "Approximately",
    "p": "page",
    "dept": "department",
    "Dept": "Department",
    "govt": "government",
    "Inc": "Incorporated",
    "Ltd": "Limited",
    "Corp": "Corporation",
    "Co": "Company",
    "Bros": "Brothers",
    "Univ": "University",
    "vol": "volume",
    "Vol": "Volume",
    "ch": "chapter",
    "Ch": "Chapter",
    "fig": "figure",
    "Fig": "Figure",
    "figs": "figures",
    "Figs": "Figures",
    "eq": "equation",
    "Eq": "Equation",
    "pg": "page",
    "pp": "pages",
    "est": "established",
    "max": "maximum",
    "temp": "temperature",
    "min": "minimum",
    "avg": "average",
    "hrs": "hours",
    "yrs": "years",
    "mins": "minutes",
    "Jan": "January",
    "Feb": "February",
    "Aug": "August",
    "Sept": "September",
    "Oct": "October",
    "Nov": "November",
    "Dec": "December",
}
_ANYWHERE = {
    "e.g.": "for example",
    "E.g.": "For example",
    "eg.": "for example",
    "i.e.": "that is",
    "I.e.": "That is",
    "ie.": "that is",
    "etc": "and so on",
    "vs": "versus",
    "a.k.a.": "also known as",
    "aka": "also known as",
    "Ph.D": "PhD",
    "a.m.": "AM",
    "p.m.": "PM",
    "A.M.": "AM",
    "P.M.": "PM",
    "et al.": "and others",
    "approx": "approximately",
    "C++": "C plus plus",
    "C#": "C sharp",
    "F#": "F sharp",
    ".NET": "dot net",
    "Node.js": "Node J S",
}


@rule(rf"(?<!\w)(?:{key(_ANYWHERE)})(?!\w)(\.?)", starts(_ANYWHERE), rf"(?<!\w)(?:{key(_ANYWHERE)})")
def anywhere(match: re.Match[str]) -> str:
    written, stop = match[0], match[1]
    rest = text_after(match)
    said = _ANYWHERE.get(written) or _ANYWHERE[written.removesuffix(".")]
    # The full stop of "etc." also ends the sentence where nothing or a capital follows.
    ends = (stop or written.endswith(".")) and (not rest.strip() or re.match(r"[\"')]*\s+[A-Z]", rest))
    return said + "." if ends and not said.startswith(("for", "For", "that", "That", "versus")) else said


@rule(rf"\b({key(_ABBREVIATIONS)})\.", starts(_ABBREVIATIONS), rf"\b(?:{key(_ABBREVIATIONS)})\.")
def abbreviation(match: re.Match[str]) -> str | None:
    rest = text_after(match)
    if match[1] in {"max", "min", "temp", "ch", "Ch", "Co", "est", "eq", "Eq", "pg"} and not re.match(
        r" [a-z0-9]|,| ?$", rest
    ):
        return None
    if match[1] in {"min", "est", "max", "hrs", "yrs", "mins"} and not rest.strip():
        return None
    if match[1] in {"min", "hrs", "yrs", "mins"} and re.search(r"\d ?$", text_before(match)):
        return None  # a unit
    if match[1] in {"p", "pg"} and not re.match(r" ?\d", rest):
        return None
    return _ABBREVIATIONS[match[1]] + ("" if rest.strip() else ".")


@rule(r"\b[Nn]o\. ?(?=\d)|№ ?|\bNos\. ?(?=\d)", "Nn№", r"\b[Nn]os?\. ?\d|№")
def number_sign(match: re.Match[str]) -> str:
    return "numbers " if match[0].startswith("Nos") else "number "


RULES = (*slashes.FORMS, anywhere, *names.FORMS, number_sign, *romans.FORMS, abbreviation)
# Texts without this need no rule of this file.
OCCURS = (
    rf"\b(?:{key((*names.TITLES, *names.STREETS))})(?:\.|\b)|\b(?:{key(_ABBREVIATIONS)})\.|\b[Nn]os?\. ?\d"
    r"|\b(?:eg|ie|etc|vs|aka|a\.k\.a|e\.g|E\.g|i\.e|I\.e|[ap]\.m|[AP]\.M|Ph\.D|et al|C\+\+|[CF]#|Node\.js)"
    r"|\.NET\b|№|/|#[A-Za-z]|\b[A-F][-+]|, [A-Z]{2}\b|\b(?:Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)(?:\.| ?[-–])"
    r"|\b[A-Z]\. ?[A-Z]\b"
    rf"|{romans.OCCURS}"
)
