"""Written words that are said differently: titles, abbreviations, initials, roman numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_uppercase

from sayso.stages.screen.normalization.numbers import cardinal, ordinal
from sayso.stages.screen.normalization.rewriting import NEARBY, rule, text_after, text_before

# With their full stop, or without it before a name.
_TITLES = {
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Messrs": "Messieurs",
    "Prof": "Professor",
    "Capt": "Captain",
    "Gen": "General",
    "Sen": "Senator",
    "Gov": "Governor",
    "Lt": "Lieutenant",
    "Col": "Colonel",
    "Sgt": "Sergeant",
    "Rev": "Reverend",
    "Hon": "Honorable",
    "Pres": "President",
    "Jr": "Junior",
    "Sr": "Senior",
    "Mt": "Mount",
    "Ft": "Fort",
}
# Only with their full stop: without it they are words or names.
_ABBREVIATIONS = {
    "approx": "approximately",
    "dept": "department",
    "Dept": "Department",
    "govt": "government",
    "Inc": "Incorporated",
    "Ltd": "Limited",
    "Corp": "Corporation",
    "Co": "Company",
    "Bros": "Brothers",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Univ": "University",
    "vol": "volume",
    "Vol": "Volume",
    "ch": "chapter",
    "Ch": "Chapter",
    "fig": "figure",
    "Fig": "Figure",
    "pp": "pages",
    "max": "maximum",
    "temp": "temperature",
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
    "w/o": "without",
    "w/": "with",
    "b/c": "because",
    "Ph.D": "PhD",
    "a.m.": "AM",
    "p.m.": "PM",
    "et al.": "and others",
    "approx": "approximately",
    "and/or": "and or",
    "N/A": "not applicable",
    "C++": "C plus plus",
    "C#": "C sharp",
    "F#": "F sharp",
    ".NET": "dot net",
    "Node.js": "Node J S",
    "AC/DC": "A C D C",
}
# A counted thing followed by a roman numeral; "I" alone is a numeral only after those that are never subjects.
_COUNTED = (
    "Chapter|Volume|Vol|Act|Super Bowl|World War|Book|Episode|Part|Scene|Section|Phase|Type|Class|Level|Stage|"
    "Article|Title|Appendix|Grade|Tier|Division|Schedule|Apollo|Saturn|Mark"
)
_SURE = {"Chapter", "Volume", "Vol", "Act", "Super Bowl", "World War"}
_RULERS = (
    "Henry|Louis|Elizabeth|Charles|George|Edward|William|Richard|James|Philip|Napoleon|Paul|Pius|Benedict|Catherine|"
    "Peter|Frederick|Alexander|Nicholas|Ramses|Ramesses|Ivan|Mary|Francis|Ferdinand|Leopold|Otto|Gregory|Urban|"
    "Innocent|Leo|Clement|Darius|Xerxes|Ptolemy|Wilhelm|Harald|Felipe|Alfonso|Mehmed|Selim|Murad|John|Thutmose|"
    "Amenhotep|Constantine|Theodosius|Justinian|Malcolm|Robert"
)
_ROMAN = r"(?=[IVXL]+\b)(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
# Two letters and more that are more often initials or sizes than numerals.
_NOT_NUMERALS = {"XL", "XX", "XXX", "LI", "IV"}


def roman(numeral: str) -> int:
    """The value of a roman numeral below ninety: "XIV" → 14."""
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _starts(words: Iterable[str]) -> str:
    return "".join(sorted({word[0] for word in words}))


def _key(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@rule(rf"(?<!\w)(?:{_key(_ANYWHERE)})(?!\w)(\.?)", _starts(_ANYWHERE))
def anywhere(match: re.Match[str]) -> str:
    written, stop = match[0], match[1]
    rest = text_after(match)
    said = _ANYWHERE.get(written) or _ANYWHERE[written.removesuffix(".")]
    # The full stop of "etc." also ends the sentence where nothing or a capital follows.
    ends = (stop or written.endswith(".")) and (not rest.strip() or re.match(r"[\"')]*\s+[A-Z]", rest))
    return said + "." if ends and not said.startswith(("for", "For", "that", "That", "versus")) else said


@rule(r"\b(Dr|St)\b\.?", "DS")
def doctor_or_saint(match: re.Match[str]) -> str | None:
    """Before a name a doctor or a saint; after a name, with none following, a drive or a street."""
    before, after = text_before(match), text_after(match)
    named = re.match(r" [A-Z]", after)
    follows_name = re.search(r"[A-Z][a-z]+ $|(?:st|nd|rd|th) $", before)
    if follows_name and (not named or not match[0].endswith(".")):
        return "Drive" if match[1] == "Dr" else "Street"
    if not named and not match[0].endswith("."):
        return None
    return "Doctor" if match[1] == "Dr" else "Saint"


@rule(rf"\b({_key(_TITLES)})(\.(?=,? |$|[,?!;:])|(?= [A-Z]))", _starts(_TITLES))
def title(match: re.Match[str]) -> str | None:
    if match[2] != "." and match[1] in {"Ft", "Gen", "Col", "Sen", "Hon", "Pres", "Rev"}:
        return None
    ends = match[2] and not text_after(match).strip()
    return _TITLES[match[1]] + ("." if ends else "")


@rule(rf"\b({_key(_ABBREVIATIONS)})\.", _starts(_ABBREVIATIONS))
def abbreviation(match: re.Match[str]) -> str | None:
    rest = text_after(match)
    if match[1] in {"max", "temp", "ch", "Ch", "Co"} and not re.match(r" [a-z0-9]|,| ?$", rest):
        return None
    return _ABBREVIATIONS[match[1]] + ("" if rest.strip() else ".")


@rule(r"\b[Nn]o\. ?(?=\d)|№ ?", "Nn№")
def number_sign(match: re.Match[str]) -> str:
    return "number "


@rule(rf"\b(?:[A-Z]\.){{2,}}(?![a-z])|\b(?:[A-Z]\. ){{2,{NEARBY}}}(?=[A-Z][a-z])", ascii_uppercase)
def initials(match: re.Match[str]) -> str:
    rest = text_after(match)
    letters = " ".join(match[0].replace(".", " ").split())
    if match[0].endswith(" "):
        return letters + " "
    return letters + ("." if not rest.strip() else " " if rest[:1].isalnum() else "")


@rule(rf"\b({_COUNTED})(s? )({_ROMAN})(?!['’.]\w)", _starts(_COUNTED.split("|")))
def counted(match: re.Match[str]) -> str | None:
    thing, blank, numeral = match.groups()
    after = text_after(match)
    if numeral == "I" and thing not in _SURE and re.match(r" [a-z]|'", after):
        return None
    return f"{thing}{blank}{cardinal(str(roman(numeral)))}"


@rule(rf"\b({_RULERS}) ({_ROMAN})(?!\.\w)", _starts(_RULERS.split("|")))
def ruler(match: re.Match[str]) -> str | None:
    name, numeral = match.groups()
    if numeral == "I":
        before = text_before(match)
        royal = re.search(
            r"\b(?:King|Queen|Emperor|Empress|Tsar|Pope|Czar|Prince|Sultan|Pharaoh|Kaiser) (?:\w+ )?$", before
        )
        if not royal and re.match(r" [a-z]|,? [a-z]|'", text_after(match)):
            return None
    return f"{name} the {ordinal(str(roman(numeral))).capitalize()}"


@rule(rf"({_ROMAN})(?= century\b)", "IVXL")
def century(match: re.Match[str]) -> str:
    return ordinal(str(roman(match[1])))


@rule(rf"(?<=[a-z] )({_ROMAN})(?![-'’.]\w)", "IVXL")
def numeral_after_name(match: re.Match[str]) -> str | None:
    numeral = match[1]
    before = re.search(r"([A-Za-z]\w+) $", text_before(match))
    if len(numeral) < 2 or numeral in _NOT_NUMERALS or not before or not before[1][0].isupper():
        return None
    return cardinal(str(roman(numeral)))


RULES = (
    anywhere,
    doctor_or_saint,
    title,
    number_sign,
    initials,
    counted,
    ruler,
    century,
    numeral_after_name,
    abbreviation,
)
_STOPPED = _key(_ABBREVIATIONS)
_NAMED = _key({**_TITLES, "Dr": "", "St": ""})
# Texts without this need no rule of this file.
OCCURS = (
    rf"\b(?:{_NAMED})(?:\.|\b)|\b(?:{_STOPPED})\.|\b[Nn]o\. ?\d"
    r"|\b(?:eg|ie|etc|vs|aka|a\.k\.a|e\.g|E\.g|i\.e|I\.e|[ap]\.m|w/|b/c|Ph\.D|et al|and/or|N/A|C\+\+|[CF]#"
    r"|Node\.js|AC/DC)"
    r"|\.NET\b|№|\b[A-Z]\. ?[A-Z]\b|\b(?:" + _COUNTED + r")s? [IVXL]+\b|\b(?:" + _RULERS + r") [IVXL]+\b|\b[IVXL]{2,}\b"
    r"|\b[IVXL]+ century"
)
