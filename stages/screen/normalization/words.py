"""Short forms that are said as other words: "e.g.", "approx.", "No. 5", names of languages."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization import names, romans, slashes, weekdays
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
    "sec": "section",
    "Sec": "Section",
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
_MONTHS = frozenset({"Jan", "Feb", "Aug", "Sept", "Oct", "Nov", "Dec"})
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
    **{f"{note}#": f"{note} sharp" for note in "ABDEFG"},
    ".NET": "dot net",
    "TL;DR": "T L D R",
    "TLDR": "T L D R",
    "IPv4": "I P version four",
    "IPv6": "I P version six",
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
    if match[1] in _MONTHS and not re.match(r" ?[\d'’]|,? (?:\d|[a-z]+ \d)| [-–]", rest):
        return None if match[1] == "Jan" or not re.match(r",? [a-z]", rest) else _ABBREVIATIONS[match[1]]
    if match[1] in {"p", "pg", "sec", "Sec"} and not re.match(r" ?\d", rest):
        return None
    return _ABBREVIATIONS[match[1]] + ("" if rest.strip() else ".")


@rule(r"\b[Nn]o\. ?(?=\d)|№ ?|\b[Nn]os\. ?(?=\d)|(?<=[A-Za-z] )No (?=\d{1,2}\b)", "Nn№", r"\b[Nn]os?\.? ?\d|№")
def number_sign(match: re.Match[str]) -> str | None:
    """ "No. 5"; after "is" and before things that are counted it ends a sentence."""
    answers = re.search(r"\b(?:is|was|said|says?|answer(?:ed)?) $", text_before(match))
    if match[0] == "no. " and answers and re.match(r"\d+ [a-z]{3,}", text_after(match)):
        return "no. "
    return "numbers " if match[0][1:3] == "os" else "number "


@rule(r"(?<=\w )vs?\. (?=[A-Z])", "v", r"\bv\. [A-Z]")
def against(match: re.Match[str]) -> str:
    """Parties of a case: "Roe v. Wade"."""
    return "versus"


@rule(r"\b[Cc]a?\. ?(?=\d{3,4}\b)", "Cc", r"\b[Cc]a?\. ?\d{3}")
def circa(match: re.Match[str]) -> str:
    """ "c. 1500"."""
    return "circa"


_KEYS = {"Ctrl": "control", "Alt": "alt", "Cmd": "command", "Del": "delete", "Esc": "escape", "Shift": "shift"}


@rule(rf"\b(?:{key(_KEYS)})(?:[-+](?:{key(_KEYS)}|\w+))+", starts(_KEYS), rf"\b(?:{key(_KEYS)})[-+]")
def keys(match: re.Match[str]) -> str:
    """Keys that are pressed together: "Ctrl+C", "Ctrl-Alt-Del"."""
    return " ".join(_KEYS.get(part, part) for part in re.split("[-+]", match[0]))


_ENDINGS = (
    "txt|pdf|jpe?g|png|gif|csv|docx?|xlsx?|pptx?|py|js|exe|zip|mp[34]|html?|json|xml|css|java|cpp"
    "|log|ya?ml|sh|sql|php|ini|cfg|conf|bat|svg|gz|wav|epub|rtf|jsonl|ipynb"
    "|com|org|net|edu|gov|io"
)


@rule(rf"(?<=\w)\.(?=(?:{_ENDINGS})\b(?!\.?\w))|(?<!\S)\.(?=(?:{_ENDINGS})\b)", ".", rf"\.(?:{_ENDINGS})\b")
def file_ending(match: re.Match[str]) -> str | None:
    """The dot of a file's or host's name: "notes.txt", "a .pdf file"; not in links and paths, which nobody says."""
    return None if re.search(r"[/\\:]\S*$", text_before(match)) else "dot"


@rule(rf"\*\.(?=(?:{_ENDINGS})\b)", "*", r"\*\.")
def any_file(match: re.Match[str]) -> str:
    """All files with an ending: "*.txt"."""
    return "star dot"


@rule(r"=( ?)([bcdfghjklmnpqrstvwxz]{2,3}|ma|[A-Z]R|nRT)(?![A-Za-z.(\[_])", "=", r"= ?[A-Za-z]{2,3}\b")
def letters_of_product(match: re.Match[str]) -> str:
    """Letters that are multiplied in a formula: "y=mx+b"."""
    return f"={match[1]}{' '.join(match[2])}"


RULES = (
    *slashes.FORMS,
    anywhere,
    keys,
    against,
    circa,
    *names.FORMS,
    *weekdays.FORMS,
    any_file,
    file_ending,
    letters_of_product,
    number_sign,
    *romans.FORMS,
    abbreviation,
)
# Texts without this need no rule of this file.
OCCURS = (
    rf"\b(?:{key((*names.TITLES, *names.STREETS))})(?:\.|\b)|\b(?:{key(_ABBREVIATIONS)})\.|\b[Nn]os?\.? ?\d"
    r"|\b(?:eg|ie|etc|vs|aka|a\.k\.a|e\.g|E\.g|i\.e|I\.e|[ap]\.m|[AP]\.M|Ph\.D|et al|C\+\+|[A-G]#|IPv|TL;?DR|Node\.js)"
    r"|\.NET\b|№|/|#[A-Za-z]|\b[A-F][-+]|, [A-Z]{2}\b|\b(?:Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)(?:\.| ?[-–])"
    r"|\b[A-Z]\. ?[A-Z]\b|\bv\. [A-Z]|\b[Cc]a?\. ?\d|\b(?:Ctrl|Alt|Cmd|Del|Esc|Shift)[-+]|= ?[A-Za-z]{2,3}\b"
    r"|\b(?:AB|O) ?[-–+]"
    r"|\d(?:st|nd|rd|th) st\b|\b[a-z]\.[a-z]\.[a-z]\b"
    rf"|\.(?:{_ENDINGS})\b|\b(?:Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun|[A-Z][a-z]+day)(?:,| ?[-–])"
    r"|\b[NSEW]{1,2}\.? [A-Z0-9]|\b(?:Tues?|Wed|Thu|Thurs?|Fri)\b|\b(?:Gen|Rev|Col) \d"
    rf"|{romans.OCCURS}"
)
