"""Numbers with dashes or colons between them: ranges, scores, chains, ratios, sizes."""

from __future__ import annotations

import re
from string import ascii_letters

from sayso.stages.screen.normalization.numbers import NUMBER, cardinal, number, pair, value
from sayso.stages.screen.normalization.rewriting import (
    DIGITS,
    Doubtful,
    between,
    rule,
    speaks_of,
    text_after,
    text_before,
)
from sayso.stages.screen.normalization.sums import does_sums, is_asked_for

_has_ratios = speaks_of(
    r"(?i)\b(?:ratios?|odds|scale|aspect|mix(?:ed|ture)?|proportions?|dilut\w+|split|chance|for every)\b"
)

_has_unknowns = speaks_of(r"=|\bsolve\b|\bx\b")


@rule(r"(?<![\w.,$€£-])(\d{1,4})(?:[-–]\d{1,4}){2,}+(?![\w-])")
def chain(match: re.Match[str]) -> str:
    """Three numbers: "a 30-60-90 triangle". Raises Doubtful for more: nobody knows what they are."""
    if match[0].count("-") > 2:
        raise Doubtful(f"it is not clear how {match[0]!r} is read")
    return " ".join(cardinal(part) for part in re.split("[-–]", match[0]))


@rule(rf"({NUMBER}) ?(?:-{{1,2}}|–) ?({NUMBER})(?![\d-])", DIGITS + ".")
def span(match: re.Match[str]) -> str | None:
    """A dash between two numbers that are no sum: a range or a score."""
    if re.match(r"/\d", text_after(match)):
        return None
    if re.search(r" [-–]\d", match[0]) and (
        re.match(r",? -?\d", text_after(match)) or text_before(match)[-2:-1].isdigit()
    ):
        return None  # one of many numbers, and below zero
    return f"{number(match[1])} {between(match)} {number(match[2])}"


@rule(r"(?<![\w:.])(\d{1,3}):(\d{1,3}):(\d{1,3})(?::(\d{1,3}))?(?![\w:])")
def ratio_of_many(match: re.Match[str]) -> str:
    return " to ".join(cardinal(part) for part in match.groups() if part)


@rule(r"(?<![\w:.])(\d{1,3}):(\d{1,3})(?![\d:])")
def ratio(match: re.Match[str]) -> str:
    """Two numbers with a colon that are no time of day: a ratio, or minutes and seconds."""
    first, second = match.groups()
    if len(second) == 2 and second < "60" and len(first) < 3 and not _has_ratios(match.string):
        return f"{cardinal(first)} {pair(second)}"
    return f"{cardinal(first)} to {cardinal(second)}"


@rule(rf"({NUMBER})( ?)[x×] ?(?=\d)", DIGITS + ".")
def size(match: re.Match[str]) -> str:
    """Numbers with an x between them: "a 4x6 photo", or a product that is asked for."""
    times = (
        re.match(r"[\d.,]+ ?=", text_after(match))
        or value(match[1]) > 1000
        or (match[2] and does_sums(match.string))
        or is_asked_for(match, NUMBER)
    )
    return f"{number(match[1])} {'times' if times else 'by'} "


@rule(
    r"(?<![\w.])[x×] ?(\d{1,3}(?:\.\d+)?)"
    r"(?=( (?:speed|faster|slower|zoom|magnification|multiplier|more|bonus|damage|value|points)\b)?)"
    r"(?![\w.]\w| ?[-+*/=^])",
    "x×",
    r"(?<!\w)[x×] ?[0-9]",
)
def multiplier(match: re.Match[str]) -> str | None:
    """ "at x2 speed", "zoom in x10"."""
    if not match[2] and not re.search(
        r"(?i)\b(?:zoom(?:ed|s)?(?: in| out)?|multiplied|bonus|boost|multiplier|combo)(?: of| by)? $",
        text_before(match),
    ):
        return None
    return f"{number(match[1])} times"


@rule(
    rf"({NUMBER})(?:[x×](?=[ .,?!-](?! ?[=+*/^-])|$)|X(?= (?:the|as|faster|more|bigger|larger|cheaper)\b))",
    DIGITS + ".",
)
def multiple(match: re.Match[str]) -> str | None:
    """So many times as much: "10x faster"; in a formula the x is a letter."""
    if re.search(r"[-+*/=^] ?$", text_before(match)) or _has_unknowns(match.string):
        return None
    return f"{number(match[1])} times"


@rule(r"(?<![\w'’])([A-Za-z])[-–]([A-Za-z])(?![\w'’-])", ascii_letters, r"\b[A-Za-z][-–][A-Za-z]\b")
def letter_range(match: re.Match[str]) -> str | None:
    """From one letter to another: "from A-Z"."""
    first, last = match.groups()
    if not (
        first.isupper() == last.isupper()
        and re.search(r"(?i)\b(?:from|of|grades?|letters?|everything) $", text_before(match))
    ):
        return None
    return f"{first} to {last}"


FORMS = (chain, span, ratio_of_many, ratio, size, multiplier, multiple, letter_range)
