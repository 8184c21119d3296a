"""Symbols: those with a word get it, punctuation becomes what a voice pauses at, the rest is reported."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    "≤": "is at most",
    "≥": "is at least",
    "√": "the square root of",
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
_NAMEABLE = frozenset(_WORDS)


@dataclass(frozen=True)
class _Rewrite:
    """A pattern worth trying where one of the characters `needs` occurs (any text where it is empty)."""

    needs: frozenset[str]
    pattern: re.Pattern[str]
    said: str


def _rewrites(*rows: tuple[str, str, str]) -> tuple[_Rewrite, ...]:
    return tuple(_Rewrite(frozenset(needs), re.compile(pattern), said) for needs, pattern, said in rows)


# In this order: each is what it is only after those above are gone.
_BEFORE_NAMES = _rewrites(
    ("_", r"_{2,}(?:\s_+)*", " blank "),
    (":;", r"(?<![\w)])[:;]-?[)(DP](?!\w)", " "),
    ("°º", r"[°º] ?C\b", " degrees Celsius"),
    ("°º", r"[°º] ?F\b", " degrees Fahrenheit"),
    ("/", r"\bkm/h\b", "kilometers per hour"),
    ("/", r"\bkm/s\b", "kilometers per second"),
    ("/", r"\bm/s\b", "meters per second"),
    ("/", r"(?<=[A-Z])/(?=[A-Z]{2})", " "),
    ("/", r"\b(miles|kilometers|meters|feet|dollars|words|calories|grams) ?/ ?(?=[a-z])", r"\1 per "),
    ("/", r"(?<=[A-Za-z]{2})\s?/\s?(?=[A-Za-z]{2})", " or "),
    ("/", r"(?<=\w)\s?/\s?(?=\w)| / |(?<=\)) ?/ ?(?=[\w(])", " divided by "),
    ("*", r"(?<=[\w)]) ?\* ?(?=\d|\(|[A-Za-z]\b)|(?<=[\w)]) \* (?=\w)", " times "),
    ("<", r"<=", " is at most "),
    (">", r">=", " is at least "),
    ("<", r"(?<=[\w)]) ?< ?(?=-?[\d(]|\w\b)|(?<=[\w)]) < (?=\w)", " is less than "),
    (">", r"(?<=[\w)]) ?> ?(?=-?[\d(]|\w\b)|(?<=[\w)]) > (?=\w)", " is greater than "),
    ("#", r"#(?=[A-Za-z])", " hashtag "),
)
_NAMES = re.compile(rf"(?<!\w)[{_GREEK}](?!\w)|[{re.escape(_NAMED)}]")
_PAUSES = _rewrites(
    ("*`_†‡•▪●", r"\*+|`+|(?<!\w)_|_(?!\w)|[†‡•▪●]|_", " "),
    ("([", r"[(\[]([A-Za-z])[)\]]", r" \1, "),
    ("()[]", r"[()\[\]]", ", "),
    ("-–—―", r" [-–—]+ |--+|[—–―]", ", "),
    ("-", r"\B-+|-+(?!\w)", " "),
    (".", r"\.{2,}(?=\s*\S)", ", "),
    (".", r"\.{2,}", "."),
    ("!?", r"!{2,}", "!"),
    ("?", r"(?:\?!|!\?|\?{2,})[?!]*", "?"),
)
_TIDY = _rewrites(
    ("", r"  +", " "),
    (".,;:?!", r" ([,.;:?!])", r"\1"),
    (",;:", r"(?:[,;:] ?)+([,;:])", r"\1"),
    (",;:", r"[,;:]+([.?!])", r"\1"),
    (",", r"([.?!]),+", r"\1"),
    (",;", r"([,;])(?=[A-Za-z])", r"\1 "),
    ("", r"  +", " "),
)

# Texts without this are left alone by say_symbols.
OCCURS = (
    r"[^\p{L}\p{M}\p{N} .,?!;:'\"-]|(?:^|\s)-|-(?:\s|$|[^\p{L}\p{N}])|[^\p{L}\p{N}]-|[.]{2}|[!?]{2}|[,;:.]\s?[,;:]"
    r"|[,;:?!][.?!]|\s[.,?!;:]|\s\s|^[,.;: ]|[,; ]$|[,;][A-Za-z]|(?:^|[^\p{L}\p{N}])[" + _GREEK + r"]"
)
# Letters of any script pass: whether they belong here is a question of language, not of symbols.
UNSAYABLE = r"[\p{S}\p{C}{}\\|^/*#~`]"


def say_symbols(text: str) -> str:
    """Replace symbols that have a word and turn the others that writing needs into pauses."""
    present = frozenset(text)
    text = _apply(_BEFORE_NAMES, text, present)
    if not _NAMEABLE.isdisjoint(present):
        text = _NAMES.sub(lambda match: f" {_WORDS[match[0]]} ", text)
    text = _apply(_PAUSES, text, frozenset(text))
    return _apply(_TIDY, text, frozenset(text)).lstrip(" ,.;:").rstrip(" ,;")


def _apply(rewrites: tuple[_Rewrite, ...], text: str, present: frozenset[str]) -> str:
    for rewrite in rewrites:
        if not rewrite.needs or not rewrite.needs.isdisjoint(present):
            text = rewrite.pattern.sub(rewrite.said, text)
    return text


def unsayable(texts: pl.Series) -> pl.Series:
    """For texts in which UNSAYABLE occurs: the first symbol that has no word, in a sentence."""
    return ("no word for " + texts.str.extract(f"({UNSAYABLE})")).rename("unsaid")
