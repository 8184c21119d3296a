"""Titles, streets, states, initials: short forms of names, and what their full stop ends."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

from sayso.stages.screen.normalization.rewriting import NEARBY, key, rule, speaks_of, starts, text_after, text_before

# With their full stop, or without it before a name.
TITLES = {
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
    "Rep": "Representative",
    "Rev": "Reverend",
    "Hon": "Honorable",
    "Pres": "President",
    "Jr": "Junior",
    "Sr": "Senior",
    "Mt": "Mount",
    "Ft": "Fort",
}
STREETS = {
    "St": "Street",
    "Dr": "Drive",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Ln": "Lane",
    "Ct": "Court",
    "Pl": "Place",
    "Sq": "Square",
    "Hwy": "Highway",
    "Pkwy": "Parkway",
    "Expy": "Expressway",
}
# Words that begin a sentence and are nobody's name.
_NOT_NAMES = (
    "He|She|It|They|We|I|You|The|A|An|My|His|Her|Our|Their|This|That|These|Those|There|Then|When|Where|What|Who|Why|How|Is|Are|Was"
    "|Were|Do|Does|Did|Can|Could|Will|Would|Should|If|In|On|At|And|But|So|Please|Also|After|Before|Now"
)


@rule(r"\b(Dr|St)\b\.?", "DS", r"\b(?:Dr|St)\b")
def doctor_or_saint(match: re.Match[str]) -> str | None:
    """Before a name a doctor or a saint; after a name, with none following, a drive or a street."""
    before, after = text_before(match), text_after(match)
    named = re.match(rf" (?!(?:{_NOT_NAMES})\b)[A-Z]", after)
    follows_name = re.search(r"(?:[A-Z][a-z]+(?:'s)?|\d(?:st|nd|rd|th)) $", before)
    numbered = re.search(r"\b(?:\d+ (?:[NSEW]\.? )?|(?:on|along|down|off) )(?:[A-Z][\w']+ ){1,3}$", before)
    if follows_name and (not named or not match[0].endswith(".") or numbered):
        ends = match[0].endswith(".") and (not after.strip() or re.match(r"[\"')]*\s+[A-Z]", after))
        ends = ends and (not named or not re.search(r"\b\d+ [^.?!]*$", before))
        return STREETS[match[1]] + ("." if ends else "")
    if not re.match(r" [A-Z]", after) and not match[0].endswith("."):
        return None
    return "Doctor" if match[1] == "Dr" else "Saint"


@rule(
    rf"(?<=[a-z] )((?i:{key(set(STREETS) - {'St', 'Dr'})}))\b\.?(?!\w)",
    starts(set(STREETS) - {"St", "Dr"}) + "abrlcpshe",
    rf"\b(?i:{key(STREETS)})\b",
)
def street(match: re.Match[str]) -> str | None:
    """The kind of a street after its name: "Fifth Ave."."""
    after = text_after(match)
    if not re.search(r"(?:[A-Z][a-z]+(?:'s)?|\d(?:st|nd|rd|th)) $", text_before(match)):
        return None
    kind, numbered = match[1].capitalize(), re.search(r"\d", text_before(match))
    if not match[0].endswith(".") and not numbered and (kind in ("Pl", "Ct", "Sq", "Ln") or match[1].islower()):
        return None
    ends = match[0].endswith(".") and (not after.strip() or re.match(r"\s+[A-Z]", after))
    return STREETS[kind] + ("." if ends else "")


@rule(r"(?<=\d(?:st|nd|rd|th) )st\b\.?", "s", r"\bst\b")
def ranked_street(match: re.Match[str]) -> str:
    """ "on 42nd st"."""
    return "Street" + ("." if match[0].endswith(".") and not text_after(match).strip() else "")


# Books of the Bible whose short forms are titles as well.
_BOOKS = {"Gen": "Genesis", "Rev": "Revelation", "Col": "Colossians"}


@rule(
    rf"(?<!&)\b({key(TITLES)})(\.(?=,? |$|[,?!;:])|(?= [A-Z]|(?<=Gen|Rev|Col) \d{{1,3}}:\d))",
    starts(TITLES),
    rf"\b(?:{key(TITLES)})\b",
)
def title(match: re.Match[str]) -> str | None:
    if book := re.match(r" \d{1,3}:\d", text_after(match)) and _BOOKS.get(match[1]):
        return book
    if match[2] != "." and match[1] in {"Ft", "Gen", "Col", "Sen", "Hon", "Pres", "Rep", "Rev"}:
        return None
    ends = match[2] and not text_after(match).strip()
    return TITLES[match[1]] + ("." if ends else "")


@rule(
    rf"\b(?:[A-Z]\.){{2,}}(?![a-z])|\b[A-Z]\.[A-Z](?![\w.])|\b(?:[A-Z]\. ){{2,{NEARBY}}}(?=[A-Z][a-z])",
    ascii_uppercase,
    r"\b[A-Z]\.",
)
def initials(match: re.Match[str]) -> str:
    rest = text_after(match)
    letters = " ".join(match[0].replace(".", " ").split())
    if match[0].endswith(" "):
        return letters + " "
    return letters + ("." if not rest.strip() else " " if rest[:1].isalnum() else "")


_tells_of_blood = speaks_of(r"(?i)\bblood|\bdonors?\b|\btransfus")


@rule(r"(?<![\w+])(AB?|B|O) ?([-–+])(?=[ .,?!]|$)", "ABO", r"\b(?:AB?|B|O) ?[-–+]")
def blood_type(match: re.Match[str]) -> str | None:
    """A type of blood: "O-"."""
    if match[1] not in ("AB", "O") and not _tells_of_blood(match.string):
        return None
    return f"{' '.join(match[1])} {'positive' if match[2] == '+' else 'negative'}"


@rule(r"(?<![\w.])[a-z](?:\.[a-z]){2,5}(?!\w)\.?", ascii_lowercase, r"(?<![\w.])[a-z]\.[a-z]\.[a-z](?!\w)")
def small_initials(match: re.Match[str]) -> str:
    """ "10 a.m. e.s.t."."""
    ends = match[0].endswith(".") and not text_after(match).strip()
    return " ".join(match[0].rstrip(".").split(".")).upper() + ("." if ends else "")


@rule(r"(?<![\w+])([A-F])([-+])(?![\w+(=]| ?[-+=*\d(])", "ABCDEF", r"\b[A-F][-+]")
def grade(match: re.Match[str]) -> str | None:
    """A mark with its sign: "a B-", "an A+"."""
    if re.match(r" [A-Za-z] ?[-+=]", text_after(match)):
        return None
    return f"{match[1]} {'minus' if match[2] == '-' else 'plus'}"


@rule(r"(?<!\w)#(?=[A-Za-z])", "#")
def hashtag(match: re.Match[str]) -> str:
    """The sign before a word; the word itself where it is called so."""
    return "" if re.match(r"(?i)hash ?tag|\w+ hashtag", text_after(match)) else "hashtag "


_SIDES = {
    "N": "North",
    "S": "South",
    "E": "East",
    "W": "West",
    "NE": "Northeast",
    "NW": "Northwest",
    "SE": "Southeast",
    "SW": "Southwest",
}
STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}


@rule(
    rf"\b({key(_SIDES)})\.?(?= (?:[A-Z][a-z]+|\d+(?:st|nd|rd|th)) (?i:{key((*STREETS, *STREETS.values()))})\b)",
    "NSEW",
    r"\b[NSEW]{1,2}\b",
)
def side(match: re.Match[str]) -> str | None:
    """The side of a town before its street: "708 N 1st St"."""
    dotted_or_ranked = match[0].endswith(".") or re.match(r" \d", text_after(match))
    told = re.search(r"\b(?:on|at|of|to|from|along) $", text_before(match)) and dotted_or_ranked
    return _SIDES[match[1]] if told or re.search(r"\d $", text_before(match)) else None


@rule(rf"(?<=[a-z], )({key(STATES)})\b(?=,? \d{{5}}\b|[.?!,]|$| [a-z])", starts(STATES), rf"\b(?:{key(STATES)})\b")
def state(match: re.Match[str]) -> str | None:
    """A state after its city: "Santa Clara, CA"; one that is a word, too, only before a postcode."""
    is_word = match[1] in ("IN", "OR", "ME", "OK", "HI", "OH", "PA", "MA", "LA", "CO", "DE", "ID", "AL")
    postcode = re.match(r",? \d{5}\b", text_after(match))
    return STATES[match[1]] if postcode or (not is_word and re.search(r"[A-Z][a-z]+, $", text_before(match))) else None


FORMS = (
    side,
    state,
    doctor_or_saint,
    street,
    ranked_street,
    small_initials,
    title,
    blood_type,
    grade,
    initials,
    hashtag,
)
