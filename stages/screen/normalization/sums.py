"""Sums and formulas: operands with signs between them, read as one form."""

from __future__ import annotations

import re
from functools import lru_cache

from sayso.stages.screen.normalization.fractions import common_fraction, mixed
from sayso.stages.screen.normalization.numbers import NUMBER, number, value
from sayso.stages.screen.normalization.powers import POWER, SCIENTIFIC, raised, times_power_of_ten
from sayso.stages.screen.normalization.rewriting import DIGITS, rule, speaks_of, text_after, text_before

_LETTER = r"(?:[A-HJ-Za-zα-ωΔΣΩ](?![A-Za-z'’α-ω])|pi\b)"
_MIXED = r"\d{1,3} \d{1,2}/\d{1,2}(?![\d/.])"
_ATOM = rf"√? ?(?>{SCIENTIFIC}|{_MIXED}|{NUMBER}%?(?:(?<!%){_LETTER})?|{_LETTER}){POWER}?(?:!(?= ?[-+*/=)]))?"
_OPERATOR = r"(?:<=|>=|!=|==|\+/-|[-–+*×÷⋅·/=<>≤≥≠≈±]|x(?= ?[\d(]))"
_INSIDE = rf"[-–+]? ?{_ATOM}(?> ?{_OPERATOR} ?{_ATOM}){{0,8}}+"
_OPERAND = rf"[-–+±]?(?>(?:{NUMBER}|{_LETTER})?\({_INSIDE} ?\){POWER}?|{_ATOM})"
_OPENS = (
    r"\b[A-HJ-Za-zα-ωΔΣΩ](?= ?[-–+*×÷⋅·/=<>≤≥≠≈±^(!]| x ?[0-9(])|[±√0-9]|\.(?=[0-9])"
    r"|[-–](?= ?[(√.0-9]| ?[A-Za-z]\b)|\((?=[-–+√(.0-9 ]|[A-Za-z]\b)"
)
# What is no sum from its beginning on is none from its second operand on, either.
_BEGINS = r"(?<![\d'’])(?<!\d[-–])(?<!\b[A-Za-z][-–])(?<!\d[A-Za-z][-–])(?<![\w)](?=[-–]))"
# Longer ones nobody could follow by ear.
_SUM = rf"{_BEGINS}{_OPERAND}(?:(?> ?{_OPERATOR} ?{_OPERAND}|\({_INSIDE} ?\){POWER}?)){{1,8}}+(?![\w^])"
_FACTOR = rf"(?<![A-Za-z])(?:{NUMBER}|{_LETTER})\({_INSIDE} ?\){POWER}?(?![\w^(])"

_PIECE = re.compile(
    rf"(?P<scientific>{SCIENTIFIC})|(?P<mixed>{_MIXED})|(?P<times>(?<=[\d)] )x(?= [\d(])|(?<=\d)x(?=\d))"
    r"|(?P<fraction>(?<![\d/.^])\d{1,2}/\d{1,3}(?![\d/.^]| ?\())"
    rf"|(?P<number>{NUMBER})|(?P<letter>{_LETTER})"
    rf"|(?P<power>{POWER})|(?P<operator>{_OPERATOR})|(?P<other>[√()!%])"
)
_SAID = {
    **dict.fromkeys("-–", "minus"),
    "+": "plus",
    **dict.fromkeys("*×⋅·x", "times"),
    **dict.fromkeys("/÷", "divided by"),
    **dict.fromkeys(("+/-", "±"), "plus or minus"),
    "√": "the square root of",
    "!": "factorial",
    "%": "percent",
}
# A comparison as a statement, after "is", and after a verb that takes the bare form ("why does … equal").
_COMPARISONS = {
    **dict.fromkeys(("=", "=="), ("equals", "equal to", "equal")),
    **dict.fromkeys(("≠", "!="), ("is not equal to", "not equal to", "not equal")),
    "<": ("is less than", "less than", "is less than"),
    ">": ("is greater than", "greater than", "is greater than"),
    **dict.fromkeys(("≤", "<="), ("is less than or equal to", "less than or equal to", "is less than or equal to")),
    **dict.fromkeys(
        ("≥", ">="), ("is greater than or equal to", "greater than or equal to", "is greater than or equal to")
    ),
    "≈": ("is about", "about", "equal about"),
}
# At the beginning of a question; "the equation is 2x = 10" states one.
_AFTER_IS = re.compile(
    r"(?i)(?:^|[.?!,;:\"(] ?|\b(?:why|when|how|where|and|or|but|so|if) )(?:is|are|was|isn't) "
    r"(?:[-\w.+*/^() ]{1,20}[<>=≤≥≠][^.?!]*,? (?:and|or) )?$"
)
_AFTER_DOES = re.compile(
    r"(?i)(?:\b(?:does|do|did|will|would|can|could|should|must|may|might)|n't|\bto|\blet(?: [^.?!]*=[^.?!]* and)?) $"
)
# What is asked about a formula that stands there as a whole: "what does 1+1=3 mean?".
_QUOTED = re.compile(r".{0,12} (?:mean|represent|stand|say|tell|describe|show)s?\b")
does_sums = speaks_of(
    r"(?i)[=+×÷^]|\b(?:calculate|compute|solve|evaluate|simplify|what is|what's|how much is|equals?|equation"
    r"|subtract\w*|expression|expand|factor|work out|difference|minus|algebra|arithmetic)\b"
)
_ORDER = re.compile(
    r"(?i)\b(?:calculate|compute|solve|evaluate|simplify|expand|factor|work out|value of|result of|answer to"
    r"|calculation of|product of|sum of|equation|expression)\b[^.?!]{0,30}$"
)
_QUESTION = re.compile(
    r"(?i)(?:\b(?:what is|what's|whats|how much is|what does|get from|answer to|result for|calculation (?:for|of))"
    r"|(?:^|[.,;:] )find) $"
)
# What is named by numbers with dashes.
_NAMED_BY_NUMBERS = (
    "triangle|formation|rule|method|pattern|system|defen[cs]e|split|technique|tempo|countdown|ratio|count"
)
# After these a comparison says which numbers are meant: "for n>1".
_AFTER_FOR = re.compile(r"(?i)\b(?:for|with|all|every|any|some|where only) $")
_FUNCTIONS = frozenset("fghOPFT")
_DEFINED = re.compile(r"\b([A-Za-z])\([a-z]\) ?=")
_ONLY_IN_SUMS = frozenset(["=", "==", "≠", "!=", "+", "×", "÷", "⋅", "·", "±", "+/-", "≈", "≤", "≥", "<=", ">="])
# Spaced dashes between letters and numbers, which are no sum where the text speaks of none.
_DASHES_ALONE = re.compile(r"[\w.,]+(?: [-–] ?[\w.,]+)+")
# What stands for a unit or a scale where all operands have it: 5g-10g, 60k-80k.
_UNITS = frozenset("kKmMgGhslLbBtTCFVW")


def is_asked_for(match: re.Match[str], rest: str = "") -> bool:
    """Whether the text asks what a form, with what is left of it, comes to: "calculate 6-13", "what is 5-3?"."""
    before = text_before(match)
    alone = re.match(rf"{rest}\s*(?:[?.!=]|$)", text_after(match))
    if re.match(rf"{rest} (?:negative|positive|equal|equals)\b", text_after(match)):
        return True
    return bool(_ORDER.search(before) or (alone and _QUESTION.search(before)))


@rule(
    rf"{_SUM}|{_FACTOR}|√ ?\({_INSIDE} ?\)",
    DIGITS + ".-–±√(" + "ABCDEFGHJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzαβγδεθλμπστφωΔΣΩ",
    _OPENS,
)
def formula(match: re.Match[str]) -> str | None:
    """Operands with signs between them, if they are a sum and no range, date or name."""
    if _DASHES_ALONE.fullmatch(match[0]) and not (does_sums(match.string) or match[0] == match.string):
        return None
    pieces = [
        ("operator" if piece.lastgroup == "times" else piece.lastgroup or "", piece[0].strip())
        for piece in _PIECE.finditer(match[0])
    ]
    if not _is_sum(match, pieces):
        return None
    style = 1 if _AFTER_IS.search(text_before(match)) else 2 if _AFTER_DOES.search(text_before(match)) else 0
    if _AFTER_FOR.search(text_before(match)) and re.match(r"\w+ ?[<>≤≥]", match[0]):
        style = 1
    if _QUOTED.match(text_after(match)):
        style = 0
    functions = _functions_of(match.string)
    words: list[str] = []
    after_operand = False
    for kind, written in pieces:
        if kind == "operator" and not after_operand:
            words += [] if written == "+" else [_SAID[written]]
        elif written in _COMPARISONS:
            words.append(_COMPARISONS[written][style])
            style = 0
        elif written == "(":
            words += _opening(words, after_operand, functions)
        elif written == ")":
            words.append(",")
        else:
            words.append(_piece(kind, written))
        after_operand = kind not in ("operator",) and written not in ("(", "√")
    return re.sub(r"(?: ,)+", ",", " ".join(words)).strip(" ,") if words else None


@lru_cache(maxsize=1)  # each formula of a text asks
def _functions_of(text: str) -> frozenset[str]:
    """The letters that name functions, whether they mostly do or the text defines them: "y(x) = 2x"."""
    return _FUNCTIONS.union(_DEFINED.findall(text))


def _opening(words: list[str], after_operand: bool, functions: frozenset[str]) -> list[str]:
    """What is said at a bracket: what stands right before it is a factor, a root or the name of a function."""
    if not after_operand:
        return [] if words and words[-1].endswith(" of") else [","]
    return ["of"] if words[-1] in functions else ["times,"]


def _piece(kind: str, written: str) -> str:
    if kind == "scientific":
        return times_power_of_ten(written)
    if kind == "power":
        return raised(written.lstrip("*^ ").strip("(){}")).strip()
    if kind == "mixed":
        whole, top, bottom = re.split("[ /]", written)
        return mixed(whole, top, bottom) or f"{number(whole)} and {number(top)} over {number(bottom)}"
    if kind == "fraction":
        top, bottom = written.split("/")
        small = common_fraction(top, bottom)
        return small or f"{number(top)} divided by {number(bottom)}"
    if kind == "number":
        return number(written)
    return written if kind == "letter" else _SAID[written]


def _is_sum(match: re.Match[str], pieces: list[tuple[str, str]]) -> bool:
    signs = {written for kind, written in pieces if kind == "operator"}
    kinds = {kind for kind, _ in pieces}
    if signs & _ONLY_IN_SUMS or kinds & {"power", "scientific"} or "√" in match[0] or "!" in match[0]:
        return True
    if signs & {"<", ">"}:
        return "/" not in signs
    if re.match(rf"(?:{NUMBER}|{_LETTER})\(", match[0]) and not signs - {"-", "–", "/"}:
        named = match[0][1] == "(" and match[0][0] in _functions_of(match.string)
        return (named or match[0][0].isdigit()) and "(s)" not in match[0]
    if "*" in signs or ("(" in match[0] and signs - {"/"}):
        return bool({"letter", "number", "fraction", "mixed"} & kinds)
    return _is_product(match) if signs == {"x"} else _is_difference(match, signs, pieces)


def _is_product(match: re.Match[str]) -> bool:
    """Whether an x between numbers, with no other signs, multiplies them."""
    return is_asked_for(match) or (does_sums(match.string) and " " in match[0]) or text_after(match).startswith("=")


def _is_difference(match: re.Match[str], signs: set[str], pieces: list[tuple[str, str]]) -> bool:
    """Whether dashes are minus signs, in a form that has no other signs but slashes."""
    if not signs & {"-", "–"} or signs - {"-", "–", "/"}:
        return False
    letters = [written for kind, written in pieces if kind == "letter"]
    numbers = [written for kind, written in pieces if kind == "number"]
    if letters:
        return _is_difference_of_letters(match, letters, numbers)
    named = re.match(rf" (?:[a-z]+ )?(?:{_NAMED_BY_NUMBERS})s?\b", text_after(match))
    if len(numbers) > 2 and named:
        return False
    if is_asked_for(match):
        return True
    if len(numbers) != 2 or "–" in match[0] or "/" in match[0]:
        return False
    rising = value(numbers[0]) < value(numbers[1])
    follower = re.match(r" ?[A-Za-z%]", text_after(match))
    sum_like = (" - " in match[0] and not follower) or not rising
    return sum_like and (does_sums(match.string) or match.string == match[0])


def _is_difference_of_letters(match: re.Match[str], letters: list[str], numbers: list[str]) -> bool:
    if re.fullmatch(r"[a-z][-–][a-z]", match[0]):
        return is_asked_for(match) or all(re.search(rf"\b{letter} ?=", match.string) for letter in letters)
    if re.fullmatch(rf"{NUMBER}[-–]{NUMBER}[kKmMbB]", match[0]) and not is_asked_for(match):
        return False  # ten to twenty thousand
    if re.fullmatch(r"[ijkmnxyz][-–]\d", match[0]):
        return True
    has_coefficient = re.search(r"\d[a-z](?![a-z])", match[0])
    alike = len(set(letters)) == 1 and set(letters) <= _UNITS and len(letters) == len(numbers)
    spaced = re.search(r" [-–] ", match[0])
    if not numbers or (spaced and not does_sums(match.string)):
        return bool(spaced and does_sums(match.string) and len(letters) > 1)
    return bool(has_coefficient or spaced) and (not alike or is_asked_for(match)) and all(map(str.islower, letters))


@rule(r"(\d{1,3})!(?= ?[?.]| ?$| (?:equal|divided|times|plus|minus|over)\b)")
def factorial(match: re.Match[str]) -> str | None:
    """ "What is 5!?"; elsewhere the mark ends a sentence."""
    return (
        f"{number(match[1])} factorial"
        if _QUESTION.search(text_before(match)) or _ORDER.search(text_before(match))
        else None
    )


@rule(r"\blog_?(\d{1,2})(?: ?\(([\d.]+)\)| (\d+)\b)", "l", r"\blog_?\d")
def logarithm(match: re.Match[str]) -> str:
    """ "log10(100)"."""
    return f"log base {number(match[1])} of {number((match[2] or match[3]).rstrip('.'))}"


@rule(r"(?<![\d)] )(?<!\b\w )(?<![\w)=-])(<=?|>=?|[≤≥])(?=[$€£]?\d)", "<>≤≥", r"(?<![\w)=-])[<>≤≥]")
def bound(match: re.Match[str]) -> str | None:
    """A comparison that nothing stands before: "adults >65", "in <5 minutes"."""
    if match[1] == "<" and re.match(r"3+(?!\d| ?[a-z%])", text_after(match)):
        return None  # a heart
    said = re.search(r"(?i)\b(?:under|over|above|below|than|most|least) $", text_before(match))
    return "" if said else _BOUNDS[match[1]]


_BOUNDS = {
    "<": "less than",
    ">": "more than",
    **dict.fromkeys(("≤", "<="), "at most"),
    **dict.fromkeys(("≥", ">="), "at least"),
}

_QUANTITIES = (
    "base|length|width|height|depth|radius|diameter|mass|price|rate|time|speed|velocity|voltage|current|force|distance|quantity"
    "|side|volume|density|acceleration|area|hours|cost|principal|pi"
)


@rule(rf"(?<=[a-z] )[x×](?= (?:{_QUANTITIES})\b)", "x×", rf"\b[x×] (?:{_QUANTITIES})")
def times_between_words(match: re.Match[str]) -> str | None:
    """ "base x height"."""
    return "times" if re.search(rf"\b(?:{_QUANTITIES}) $", text_before(match)) else None


FORMS = (times_between_words, logarithm, bound, formula, factorial)
