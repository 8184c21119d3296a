"""Numbers read digit by digit or in pairs: telephones, postcodes, versions, machines, houses, options, codes."""

from __future__ import annotations

import re

from sayso.stages.screen.normalization.named_numbers import in_pairs
from sayso.stages.screen.normalization.names import STATES, STREETS
from sayso.stages.screen.normalization.numbers import cardinal, spell
from sayso.stages.screen.normalization.rewriting import DIGITS, Doubtful, rule, speaks_of, text_before
from sayso.stages.screen.normalization.sums import does_sums

_IDIOMS = {
    "911": "nine one one",
    "24/7": "twenty-four seven",
    "24-7": "twenty-four seven",
    "9/11": "nine eleven",
    "50/50": "fifty fifty",
    "50-50": "fifty fifty",
    "20/20": "twenty twenty",
    "401(k)": "four oh one K",
    "401k": "four oh one K",
    "401K": "four oh one K",
    "403(b)": "four oh three B",
    "7-Eleven": "Seven Eleven",
    "1-on-1": "one on one",
    "49ers": "forty-niners",
    "76ers": "seventy-sixers",
    "1-2 punch": "one two punch",
    "1-2-3": "one two three",
}
_IDIOM = "|".join(re.escape(idiom) for idiom in sorted(_IDIOMS, key=len, reverse=True))


@rule(rf"(?<![\w.,/-])(?:{_IDIOM})(?![\w/:]|[.,-]\d)")
def idiom(match: re.Match[str]) -> str:
    if match[0] == "911" and re.search(r"\b(?:Porsche|Carrera)(?: \w+)? $", text_before(match)):
        return "nine eleven"
    return _IDIOMS[match[0]]


_attacked = speaks_of(
    r"(?i)\b(?:attacks?|terror\w*|twin towers|world trade|conspirac\w+|hijack\w*)\b|\bwhat (?:was|is) 9-11\b"
)


@rule(r"(?<![\w.,/-])9-11(?![\w-])", "9")
def attack(match: re.Match[str]) -> str | None:
    """The eleventh of September, 2001, in a text that tells of it."""
    return "nine eleven" if _attacked(match.string) else None


@rule(r"(?<![\w.,/-])\d{3}(?=[.,?!]?(?: (?:now|for|if|in|when|right|immediately|and|or)\b|$))")
def emergency(match: re.Match[str]) -> str | None:
    """Three digits that are called: "dial 999"."""
    called = re.search(r"(?i)\b(?:dial(?:ing|ed)?|call(?:ing|ed)?|ring|phone) $", text_before(match))
    return spell(match[0]) if called else None


@rule(r"\+\d{1,3}(?:[ .-]?\(?\d{1,5}\)?){2,6}(?![\w-])", "+")
def international(match: re.Match[str]) -> str | None:
    """A number with its country: "+44 20 7946 0958"."""
    if len(re.sub(r"\D", "", match[0])) < 8:
        return None
    return "plus " + ", ".join(spell(group) for group in re.findall(r"\d+", match[0]))


@rule(
    r"(?<![\w.])(?:\+?\d{1,2}[ .-]?)?(?:\(\d{3}\)|\d{3})[ .-]{0,2}\d{3}[ .-]\d{4}"
    r"(?:(?: ?x| ?ext\.? ?|-)\d{1,5})?(?![\w-])",
    DIGITS + "+(",
    r"[0-9]|\+(?=[0-9])|\((?=[0-9]{3}\))",
)
def telephone(match: re.Match[str]) -> str:
    plus = "plus " if match[0].startswith("+") else ""
    groups = ", ".join("eight hundred" if group == "800" else spell(group) for group in re.findall(r"\d+", match[0]))
    return plus + groups


@rule(r"(?<![\w.,$/-])(\d{3})[- ](\d{4})(?![\w,-]|\.\d|/\d)")
def local_telephone(match: re.Match[str]) -> str | None:
    """Seven digits, after a word of telephones, or with a dash where both are not round: "Call 555-1234"."""
    by_itself = match[0][3] == "-" and match[2][-1] != "0" and int(match[1]) > 199 and not does_sums(match.string)
    if not by_itself and not re.search(
        r"(?i)\b(?:call|dial|phone|number|tel|text|fax|ring|reach)\b[^.?!]{0,20}$", text_before(match)
    ):
        return None
    return f"{spell(match[1])}, {spell(match[2])}"


@rule(r"(?<![\w.-])0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}(?![\w-])")
def trunk_telephone(match: re.Match[str]) -> str:
    """A number with a leading zero, as in Britain: "020 7946 0958"."""
    return ", ".join(spell(group) for group in re.split("[ -]", match[0]))


@rule(r"(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])")
def security_number(match: re.Match[str]) -> str:
    return ", ".join(spell(group) for group in match[0].split("-"))


@rule(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
def machine(match: re.Match[str]) -> str:
    """An address of a machine: "127.0.0.1"."""
    return " dot ".join(spell(part) for part in match[0].split("."))


@rule(r"(?<![\w-])\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
def timestamp(match: re.Match[str]) -> str:
    """A time as machines write it. Raises Doubtful: nobody says one."""
    raise Doubtful(f"{match[0]!r} is a time for machines, which nobody says")


@rule(
    r"(?<!\w)(?!\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d))"
    r"(?:(?<=ersion )|(?!(?:19|20)\d\d\.(?:0?[1-9]|1[0-2])\.(?:0?[1-9]|[12]\d|3[01])(?![.\d])))"
    r"\d+(?:\.\d+){2,}+(?![\d])"
)
def version(match: re.Match[str]) -> str:
    return " point ".join(cardinal(part) for part in match[0].split("."))


_speaks_of_bits = speaks_of(r"(?i)\bbinary\b|\bbase (?:2|two)\b|\bbits\b")


@rule(r"(?<![\w.,$-])[01]{2,16}(?![\w%]|[.,]\d|[-/])")
def bits(match: re.Match[str]) -> str | None:
    """A number in binary, which is no ten and no thousand: "1011 in binary"."""
    named = re.search(
        r"(?i)\bbinary(?: (?:number|code|string|value|digits?|sequence|form))?(?: (?:is|of|for))? $", text_before(match)
    )
    if not named and (len(match[0]) < 4 or match[0].lstrip("1").strip("0") == "" or not _speaks_of_bits(match.string)):
        return None
    return spell(match[0])


@rule(r"(?<![\w.,$-])\d(?:[- ]?\d){8,12}[- ]?[\dX](?![\w-])")
def book_number(match: re.Match[str]) -> str | None:
    """ "ISBN 978-3-16-148410-0"."""
    if not re.search(r"\bISBN(?:-1[03])?(?: number)?(?: is| of)?:? $", text_before(match)):
        return None
    return ", ".join(
        f"{spell(group)}{' X' if group.endswith('X') else ''}".strip() for group in re.split("[- ]", match[0])
    )


_over_radio = speaks_of(r"(?i)\b(?:mean\w*|over|copy|roger|radio|truckers?|codes?|police|buddy|CB|saying|phrase)\b")


@rule(r"(?<![\w.,$-])10-(\d{1,2})(?![\w%-]|[.,:]\d)")
def ten_code(match: re.Match[str]) -> str | None:
    """What is said over the radio: "10-4"."""
    if not _over_radio(match.string) or re.search(
        r"(?i)\b(?:won|beat|lost|pages?|ages?|chapters?|score|lines?)\b", text_before(match)
    ):
        return None
    return f"ten {cardinal(match[1])}"


_speaks_of_places = speaks_of(
    r"(?i)\b(?:bakery|restaurants?|weather|forecast|lives?|living|shops?|stores?|houses?|homes?|apartments?|rent|hotels?|area|neighborhood|plumbers?"
    r"|dentists?|doctors?|gyms?|schools?|pizza|coffee)\b"
)
_AFTER_STATE = re.compile(rf"\b(?:{'|'.join((*STATES, *STATES.values()))}),? $")


@rule(r"(?<![\w.,$-])(\d{3,12})(?:-(\d{4}))?(?![\w%]|[.,]\d|-)")
def spelled(match: re.Match[str]) -> str | None:
    """A number that names and does not count, after a word that says so: "ZIP 60614"."""
    before = text_before(match)
    named = re.search(
        r"(?i)\b(?:zip(?: ?code)?|post(?:al)? ?code|area code|country code|pin(?: code| number)?|passcode|otp"
        r"|access code|security code|verification code"
        r"|(?:serial|account|tracking|order|invoice|ticket|case|reference|member|passport|licen[cs]e) number|ending in"
        r"|extension|isbn|sku|confirmation (?:code|number)|chmod)(?: is| was| of)?[ :#]{1,2}$",
        before,
    )
    in_state = len(match[1]) == 5 and _AFTER_STATE.search(before)
    at_place = len(match[1]) == 5 and _speaks_of_places(match.string) and re.search(r"\b(?:in|near|at|to) $", before)
    if not named and not in_state and (not at_place or match[1].endswith("00")):
        return None
    return spell(match[1]) + (f", {spell(match[2])}" if match[2] else "")


_STREET = "|".join((*STREETS, *STREETS.values(), "Way", "Terrace", "Circle"))


@rule(
    rf"(?<![\w.,$€£#-])([1-9]\d{{2,3}})(?= (?:[NSEW]\.? )?(?:[A-Z][a-z]+ |\d+(?:st|nd|rd|th) ){{1,3}}(?i:{_STREET})\b)"
)
def house(match: re.Match[str]) -> str:
    """A house's number before its street, in pairs: "1428 Elm Street"."""
    digits = match[1]
    return in_pairs(digits)


_COMMANDS = "ls|cd|rm|mv|cp|ps|df|du|wc|ssh|grep|sed|awk|gcc|npm|pip|git|tar|chmod|mkdir|kill|find|curl|top|cat|sort"
_speaks_of_commands = speaks_of(
    r"(?i)\b(?:commands?|flags?|options?|switch|arguments?|parameters?|terminal|linux|unix|bash|shell|python|java|node|make|docker"
    rf"|{_COMMANDS})\b"
)


@rule(r"(?<=\s)(--?)(?=[A-Za-z])(?:([a-z]{2,}(?:-[a-z]+)*)|([A-Za-z]))(?![\w])", "-", r"(?<=\s)--?[A-Za-z]")
def option(match: re.Match[str]) -> str | None:
    """An option of a command: "ls -l"."""
    dashes, word, letter = match.groups()
    if letter is None and dashes == "-":
        after_command = re.search(rf"\b(?:{_COMMANDS})(?: --?\w+)* $", text_before(match))
        return f"dash {' '.join(word.upper())}" if after_command and len(word) < 5 else None
    if letter and dashes == "-" and not _speaks_of_commands(match.string):
        return None
    said = " ".join("dash" for _ in dashes)
    return f"{said} {word.replace('-', ' ') if word else letter.upper()}"


@rule(r"(?<=\bkill )-(?=\d{1,2}\b)", "-", r"-(?=\d)")
def signal(match: re.Match[str]) -> str:
    """ "kill -9"."""
    return "dash "


@rule(
    rf"\b({_COMMANDS})(?= --?[A-Za-z])",
    "lcrmpdwsgantvkf",
    r"\b[a-z]{2,5} --?[A-Za-z]",
)
def command(match: re.Match[str]) -> str:
    """A command before its option: short ones without a vowel are spelled."""
    return " ".join(match[1].upper()) if not re.search("[aeiou]", match[1]) else match[1]


_has_codes = speaks_of(r"(?i)\b(?:code|otp|pnr|pin|id|serial|password|plate|token|voucher|booking|reference)\b")


@rule(r"(?<=[A-Za-z])\d{3,8}(?![\d]|[.,]\d)")
def digits_of_code(match: re.Match[str]) -> str | None:
    """Digits behind letters, in a text that calls them a code: "your OTP is ab9453"."""
    return spell(match[0]) if _has_codes(match.string) else None


FORMS = (
    idiom,
    attack,
    emergency,
    international,
    telephone,
    trunk_telephone,
    local_telephone,
    security_number,
    timestamp,
    machine,
    version,
    bits,
    book_number,
    ten_code,
    spelled,
    house,
    digits_of_code,
    option,
    signal,
    command,
)
