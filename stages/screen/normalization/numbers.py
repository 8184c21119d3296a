"""Numbers: cardinals, ordinals, decimals, fractions, ranges, powers, telephone numbers."""

from __future__ import annotations

import re
from functools import lru_cache

from num2words import num2words

from sayso.stages.screen.normalization.rewriting import DIGITS, rule, text_after

# Above this a number is a code to be read digit by digit, not a quantity that people say.
LARGEST_SAID = 10**15

# Atomic: half a number is another number, and what a group may give back again fills a stack of marks.
NUMBER = r"(?>\d{1,3}(?:,\d{3}(?!\d))++(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\w)\.\d+)(?!\d)"

_SUMS = re.compile(
    r"(?i)[=+×÷]|\b(?:calculate|compute|solve|evaluate|simplify|what is|what's|equals?|equation|subtract|expression)\b"
)
_DENOMINATORS = {"2": ("half", "halves"), "4": ("quarter", "quarters")}
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@lru_cache(maxsize=65536)
def cardinal(digits: str) -> str:
    """How a whole number is said in American English: "1,205" → "one thousand two hundred five"."""
    plain = digits.replace(",", "")
    if (len(plain) > 1 and plain[0] == "0") or int(plain) >= LARGEST_SAID:
        return spell(plain)
    return str(num2words(int(plain))).replace(" and ", " ").replace(",", "")


@lru_cache(maxsize=65536)
def ordinal(digits: str) -> str:
    """How a rank is said: "21" → "twenty-first"."""
    return str(num2words(int(digits.replace(",", "")), to="ordinal")).replace(" and ", " ").replace(",", "")


def spell(digits: str) -> str:
    """Digit by digit: "007" → "zero zero seven"."""
    return " ".join(_DIGITS[int(digit)] for digit in digits if digit.isascii() and digit.isdigit())


def number(written: str) -> str:
    """A whole or decimal number: "3.14" → "three point one four"."""
    whole, point, decimals = written.partition(".")
    if not point:
        return cardinal(whole)
    return f"{cardinal(whole)} point {spell(decimals)}" if whole else f"point {spell(decimals)}"


_MINUS = re.compile(
    r"(?<=[\d)])( ?)[-–]\1(?=[A-Za-z](?![A-Za-z]))|(?<=[\dA-Za-z)]) [-–] (?=\d+[a-z]?\b)"
    r"|(?<=\b[A-Za-z]) [-–] (?=[A-Za-z]\b)"
)
_SUM_WITH_LETTERS = re.compile(r"\b\d*[a-z]\b ?(?:[-+*/=^–]|\^\d)|[-+*/=^–] ?\d*[a-z]\b")


def minuses(text: str) -> str:
    """Say the dash of a sum with letters ("3x - 5") while its other signs still show what it is."""
    if ("-" in text or "–" in text) and _SUM_WITH_LETTERS.search(text):
        return _MINUS.sub(" minus ", text)
    return text


def _value(written: str) -> float:
    return float(written.replace(",", ""))


@rule(r"(?<![\w.])(?:\+?\d{1,2}[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])", DIGITS + "+(")
def telephone(match: re.Match[str]) -> str:
    return ", ".join(spell(group) for group in re.findall(r"\d+", match[0]))


_IDIOMS = {
    "911": "nine one one",
    "24/7": "twenty-four seven",
    "9/11": "nine eleven",
    "50/50": "fifty fifty",
    "401(k)": "four oh one K",
    "401k": "four oh one K",
}


@rule(r"(?<![\w.,])(?:911|24/7|9/11|50/50|401\(k\)|401k)(?![\w/]|[.,]\d)")
def idiom(match: re.Match[str]) -> str:
    return _IDIOMS[match[0]]


@rule(r"(\d{1,3}(?:,\d{3})++|\d+) ?(?:st|nd|rd|th|ST|ND|RD|TH)\b")
def rank(match: re.Match[str]) -> str | None:
    if _value(match[1]) >= LARGEST_SAID:
        return None
    return ordinal(match[1])


@rule(r"\d+(?:\.\d+){2,}+(?![\d])")
def version(match: re.Match[str]) -> str:
    return " point ".join(cardinal(part) for part in match[0].split("."))


@rule(r"(?:(\d+) (?:and )?)?(?<![\d./])(\d{1,3})/(\d{1,4})(?![\d/]|\.\d)")
def fraction(match: re.Match[str]) -> str | None:
    whole, top, bottom = match[1], match[2], match[3]
    if not whole and (int(top) > int(bottom) or re.match(r" ?[=+*×÷]", text_after(match))):
        return f"{cardinal(top)} divided by {cardinal(bottom)}"
    if (not 2 <= int(bottom) <= 20 and bottom not in {"100", "1000"}) or (int(top) >= int(bottom) and whole):
        return None if whole else f"{cardinal(top)} over {cardinal(bottom)}"
    one, many = _DENOMINATORS.get(bottom, (ordinal(bottom), ordinal(bottom) + "s"))
    if whole:
        part = f"a {one}" if int(top) == 1 and one[0] not in "aeiou" else f"{cardinal(top)} {many}"
        return f"{cardinal(whole)} and {part}"
    return f"{cardinal(top)} {one if int(top) == 1 else many}"


@rule(rf"({NUMBER}) ?/ ?(?=\d)", DIGITS + ".")
def division(match: re.Match[str]) -> str:
    return f"{number(match[1])} divided by "


@lru_cache(maxsize=1)
def _does_sums(text: str) -> bool:
    """Whether a text speaks of sums; kept, for each of its dashes asks."""
    return bool(_SUMS.search(text))


@rule(rf"({NUMBER})( ?)(?:-{{1,2}}|–)( ?)({NUMBER})(?![\d-])(?= ?([A-Za-z%]?))", DIGITS + ".")
def span(match: re.Match[str]) -> str | None:
    """A dash between two numbers: a range or score, or a minus in a text that does sums."""
    low, before, after, high, follower = match.groups()
    rising = _value(low) < _value(high)
    spaced = before == " " or after == " "
    sum_like = (spaced and not follower) or not rising
    if "–" not in match[0] and sum_like and (_does_sums(match.string) or match.string == match[0]):
        return f"{number(low)} minus {number(high)}"
    return f"{number(low)} to {number(high)}"


@rule(rf"\^ ?[({{]?(-?)({NUMBER}|[a-z]\b)[)}}]?", "^")
def power(match: re.Match[str]) -> str:
    minus, exponent = match.groups()
    if not minus and exponent in {"2", "3"}:
        return " squared" if exponent == "2" else " cubed"
    said = exponent if exponent.isalpha() else number(exponent)
    return f" to the power of {'minus ' if minus else ''}{said}"


@rule(r"(\d{1,3}):(\d{1,3})(?![\d:])")
def ratio(match: re.Match[str]) -> str:
    return f"{cardinal(match[1])} to {cardinal(match[2])}"


@rule(r"#(\d+)", "#")
def numbered(match: re.Match[str]) -> str:
    return f"number {cardinal(match[1])}"


@rule(rf"~ ?({NUMBER})", "~")
def rough(match: re.Match[str]) -> str:
    return f"about {number(match[1])}"


@rule(rf"(?<![\w)\].-])-({NUMBER})", "-")
def negative(match: re.Match[str]) -> str:
    return f"minus {number(match[1])}"


@rule(rf"(?<=[A-Za-z])-({NUMBER})", "-")
def model_number(match: re.Match[str]) -> str:
    return f" {number(match[1])}"


@rule(rf"({NUMBER}) ?[x×] ?(?=\d)", DIGITS + ".")
def dimensions(match: re.Match[str]) -> str:
    return f"{number(match[1])} {'times' if ' ' in match[0] and _does_sums(match.string) else 'by'} "


@rule(rf"({NUMBER})x(?= (?!minus|plus|times|equals|divided)[a-z]{{3}})", DIGITS + ".")
def multiple(match: re.Match[str]) -> str:
    return f"{number(match[1])} times"


@rule(rf"({NUMBER})(?:-(?=[A-Za-z])|\+(?= [a-z]))?", DIGITS + ".")
def plain(match: re.Match[str]) -> str:
    joined = match[0][-1]
    return number(match[1]) + {"-": " ", "+": " plus"}.get(joined, "")


FIRST = (telephone, idiom)
LAST = (
    rank,
    version,
    fraction,
    division,
    span,
    power,
    ratio,
    numbered,
    rough,
    negative,
    model_number,
    dimensions,
    multiple,
    plain,
)
