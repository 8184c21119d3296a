"""What nobody reads aloud: hashes, codes, bits, and symbols outside of ordinary writing."""

from __future__ import annotations

import polars as pl

from sayso.filters.text.patterns import any_of, only_where

ODD = any_of(
    r"[|\\{}¦¬¤¨¯¶†‡※◊○●□■▲△▼▽◆◇▶◀←-⇿␀-␿─-▟⠀-⣿ʘʬ\x{0321}\x{035C}\x{0361}\x{0488}\x{0489}]",
    # Bytes of another encoding, private use, control characters.
    r"[\x{FFFD}\x{E000}-\x{F8FF}\x{00}-\x{08}]",
)
# What is said without them: the braces of a set of words or numbers, and what marks a dollar or quotation mark as one.
BRACED = any_of(r"\{ ?[\w.+-]+(?: [\w.+-]+){0,3} ?(?:, ?[\w.+-]+(?: [\w.+-]+){0,3} ?){1,30}\}")
ESCAPED = r"\\[$\"']"
# Runs of marks with something before or behind them on their line, and UTF-8 that was read as Latin-1.
_RUN = r"[#$%&@*=+~^|\\/<>]{3,}"
ODD_RUN = any_of(
    rf"[^\s#$%&@*=+~^|\\/<>][ \t]*{_RUN}|{_RUN}[ \t]*[^\s#$%&@*=+~^|\\/<>]", r"[ÃÂ][\x{80}-\x{BF}€™œ“”]|â€|ï»¿"
)

UNREADABLE = any_of(
    # Hashes, UUIDs, addresses, base64.
    r"\b(?:[A-Fa-f]+[0-9]|[0-9]+[A-Fa-f])[0-9A-Fa-f]{10,}\b|\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-|\b0x[0-9a-fA-F]{4,}\b",
    r"\b[A-Za-z0-9+/]{40,}={0,2}|[A-Za-z0-9+/]{14,}={1,2}(?:\W|$)|[A-Za-z0-9_]{32,}",
    r"%[0-9A-F]{2}%[0-9A-F]{2}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}",
    # Codes in which small letters and digits take turns: formulas have capitals, durations and sizes d, h, m, s and x.
    r"\b[a-z]{0,8}\d+[a-ce-gi-ln-rt-wyz]+\d+[a-z]+\d\w*\b",
    r"\b[A-Za-z]{1,8}\d[A-Za-z0-9]{9,}\b|\b\d+[A-Za-z][A-Za-z0-9]{9,}\b|\b\d{13,}\b",
    # Bits: eight and more with a one among them, for 10000000 is ten million.
    r"\b0[01]{7,}\b|" + "|".join(rf"\b[01]{{{ones}}}1[01]{{{7 - ones},}}\b" for ones in range(1, 7)),
    r"\b[01]{7,}1[01]*\b",
    r"(?i:[bcdfghjklmnpqrstvwxz]{7,})",
)
# What looks like one of these, and is read: words with slashes between them, and long numbers in a sum.
READ = any_of(
    r"\b[A-Z]?[a-z]{1,14}(?:/[A-Z]?[a-z]{1,14}){3,30}\b",
    r"\b\d{13,15}\s?[-+*/×÷=x]\s?\d|\d\s?[-+*/×÷=x]\s?\d{13,15}\b",
)
CONSONANTS = any_of(
    r"(?i:\b[a-z]*[bcdfghjklmnpqrstvwxz]{6,}[a-z]*\b)|\b[bcdfghjklmnpqrstvwxz]{5,}\b",
)


def unreadable(prompt: pl.Expr) -> pl.Expr:
    """Whether a prompt has a hash, a code, bits or the like."""
    found = prompt.str.contains(UNREADABLE)
    rest = only_where(found, prompt).str.replace_all(READ, " ")
    return rest.str.contains(UNREADABLE).fill_null(False)


def odd_symbols(prompt: pl.Expr, possible: pl.Expr) -> pl.Expr:
    """How many there are but for those that are said without; `possible` tells where these may be."""
    marked = only_where(possible, prompt)
    without = 2 * marked.str.count_matches(BRACED).cast(pl.Int32) + marked.str.count_matches(ESCAPED).cast(pl.Int32)
    return prompt.str.count_matches(ODD).cast(pl.Int32) - without.fill_null(0)
