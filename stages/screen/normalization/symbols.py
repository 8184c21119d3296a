"""Symbols: those with a word get it, punctuation becomes what a voice pauses at, the rest is reported."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

_WORDS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "≈": "is about",
    "≠": "is not equal to",
    "≤": "is less than or equal to",
    "≥": "is greater than or equal to",
    "√": "the square root of",
    "∛": "the cube root of",
    "∞": "infinity",
    "%": "percent",
    "°": "degrees",
    "º": "degrees",
    "@": "at",
    "§": "section",
    "€": "euros",
    "£": "pounds",
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "Δ": "delta",
    "ε": "epsilon",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "σ": "sigma",
    "Σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ω": "omega",
    "Ω": "ohms",
}
_NAMED = "".join(symbol for symbol in _WORDS if not symbol.isalpha() or symbol == "º")
_GREEK = "".join(symbol for symbol in _WORDS if symbol.isalpha() and symbol != "º")


# The signs that a text needs for it, what stands there, and what is said, in this order: each is what it is only after
# those above are gone. Most need a look at what stands around them.
_BEFORE_NAMES = tuple(
    (needed, re.compile(pattern), said)
    for needed, pattern, said in (
        ("_", r"_{2,}(?:\s_+)*", " blank "),
        (":;", r"(?<![\w)])[:;]-?[)(DP](?!\w)", " "),
        ("$", r"(?<![\w$])\$(?= (?:sign|symbol)\b)", "dollar"),
        ("$", r"(?i)(?<=\b(?:in|to|of) )\$(?![^\s.,?!])", "dollars"),
        ("°º", r"[°º] ?N\b(?! [a-z])", " degrees north"),
        ("°º", r"[°º] ?S\b(?! [a-z])", " degrees south"),
        ("°º", r"[°º] ?E\b(?! [a-z])", " degrees east"),
        ("°º", r"[°º] ?W\b(?! [a-z])", " degrees west"),
        ("°º", r"[°º] ?C\b", " degrees Celsius"),
        ("°º", r"[°º] ?F\b", " degrees Fahrenheit"),
        # In a formula of words a slash divides; elsewhere it parts alternatives.
        ("/", r"(?<==)([\w \t*+-]{1,60}?)\s?/\s?(?=\w)", r"\1 divided by "),
        ("/", r"(?<=[A-Za-z]{2})(?: /\s|/\s?)(?=[A-Za-z]{2})", " or "),
        ("/", r"(?<=\w)(?: /\s|/\s?)(?=\w)| / |(?<=\)) ?/ ?(?=[\w(])", " divided by "),
        ("*", r"(?<=[\w)]) ?\* ?(?=\d|\(|[A-Za-z]\b)|(?<=[\w)]) \* (?=\w)", " times "),
        ("<", r"<=", " is less than or equal to "),
        (">", r">=", " is greater than or equal to "),
        ("#", r"(?i)(?<=\bthe )#(?= (?:key|sign|symbol|mark|character|button)\b)", "hash"),
        ("<", r"(?<=[\w)]) ?< ?(?=-?[\d(]|\w\b)|(?<=[\w)]) < (?=\w)", " is less than "),
        (">", r"(?<=[\w)]) ?> ?(?=-?[\d(]|\w\b)|(?<=[\w)]) > (?=\w)", " is greater than "),
    )
)
_HAS_THEM = r"__|[:;]-?[)(DP]|[°º/*<>$#]"
_NAMES = re.compile(rf"(?<![^\W\d_])[{_GREEK}](?=[A-Za-z]?(?![\w]))|[{re.escape(_NAMED)}]")
_HAS_NAMES = rf"[{_GREEK}{re.escape(_NAMED)}]"
# Where they occur, what they are, what is written instead.
_PAUSES = (
    (r"[*`_†‡•▪●]", r"\*+|`+|[_†‡•▪●]", " "),
    (r"[()\[\]]", r"[(\[]([A-Za-z])[)\]]", " $1, "),
    (r"[()\[\]]", r"[()\[\]]", ", "),
    (r"[-–—―]", r" [-–—]+ |--+|[—–―]", ", "),
    (r"-", r"\B-+|-+\B", " "),
    (r"\.\.", r"\.{2,}(\s*)$", ".$1"),
    (r"\.\.", r"\.{2,}", ", "),
    (r"!!", r"!{2,}", "!"),
    (r"[?!]{2}", r"(?:\?!|!\?|\?{2,})[?!]*", "?"),
)
_TIDY = (
    (r"  ", r"  +", " "),
    (r" [,.;:?!]", r" ([,.;:?!])", "$1"),
    (r"[,;:] ?[,;:]", r"(?:[,;:] ?)+([,;:])", "$1"),
    (r"[,;:][.?!]", r"[,;:]+([.?!])", "$1"),
    (r"[.?!],", r"([.?!]),+", "$1"),
    (r"[,;][A-Za-z]", r"([,;])([A-Za-z])", "$1 $2"),
    (r"  ", r"  +", " "),
)

# Texts without this are left alone by say_symbols.
OCCURS = (
    r"[^\p{L}\p{M}\p{N} .,?!;:'\"-]|(?:^|\s)-|-(?:\s|$|[^\p{L}\p{N}])|[^\p{L}\p{N}]-|[.]{2}|[!?]{2}|[,;:.]\s?[,;:]"
    r"|[,;:?!][.?!]|\s[.,?!;:]|\s\s|^[,.;: ]|[,; ]$|[,;][A-Za-z]|(?:^|[^\p{L}\p{N}])[" + _GREEK + r"]"
)
# Letters of any script pass: whether they belong here is a question of language, not of symbols.
UNPRONOUNCEABLE = r"[\p{S}\p{C}{}\\|^/*#~`]"


def say_symbols(texts: pl.Series) -> pl.Series:
    """Replace symbols that have a word and turn the others that writing needs into pauses."""
    # A copy, for `scatter` changes the series itself.
    texts = _each(texts.clone(), _HAS_THEM, _say_signs)
    texts = _each(texts, _HAS_NAMES, _say_names)
    for occurs, pattern, said in (*_PAUSES, *_TIDY):
        rows = texts.str.contains(occurs).arg_true()
        texts = texts.scatter(rows, texts.gather(rows).str.replace_all(pattern, said))
    return texts.str.strip_chars_start(" ,.;:").str.strip_chars_end(" ,;")


def _each(texts: pl.Series, occurs: str, say: Callable[[str], str]) -> pl.Series:
    rows = texts.str.contains(occurs).arg_true()
    return texts.scatter(rows, pl.Series([say(text) for text in texts.gather(rows)], dtype=pl.String))


def _say_signs(text: str) -> str:
    for needed, pattern, said in _BEFORE_NAMES:
        if any(sign in text for sign in needed):
            text = pattern.sub(said, text)
    return text


def _say_names(text: str) -> str:
    return _NAMES.sub(lambda match: f" {_WORDS[match[0]]} ", text)


def unpronounceable(texts: pl.Series) -> pl.Series:
    """For texts in which UNPRONOUNCEABLE occurs: the first symbol that has no word, in a sentence."""
    return ("no word for " + texts.str.extract(f"({UNPRONOUNCEABLE})")).rename("unpronounceable")
