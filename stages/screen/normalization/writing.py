"""One way of writing: Unicode forms, quotation marks, dashes, blanks and line ends made alike."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl


def one_line(texts: pl.Series) -> pl.Series:
    """Put texts into compatibility-normalised Unicode with plain quotation marks, each on one line.

    A line that ends without punctuation gets a full stop, or a comma where the next goes on in lower case.
    """
    # Most texts are one line of ASCII, and one look at them tells that three steps have nothing to do.
    rows = texts.str.contains(r"[^ -~]|^ *[-*] ").arg_true()
    # A copy, for `scatter` changes the series itself.
    texts = texts.clone().scatter(rows, _without_lines(texts.gather(rows)))
    texts = _where(texts, r"[a-z]{3}[.?!][A-Z0-9]", _separate_sentences)
    texts = _where(
        texts,
        r"``[^`]| (?:n't|'(?:s|t|re|ve|ll|d|m))\b|(?i:-[lr][rsc]b-)|#36;| [,;:.?!%](?:\s|$)|[$#] \d",
        _joined_tokens,
    )
    texts = _where(texts, r"\{[^{}]*,|\\[$\"']|\w\(\)|[a-z]/[A-Za-z]+/[A-Za-z]+/[A-Za-z]", _without_marks)
    # Beyond ASCII there may be other blanks, and where there are none nothing changes.
    texts = _where(texts, r"^ | $|  |[^ -~]", _single_blanks)
    texts = _where(texts, r"\d,\d{1,2}(?:\D|$)", _with_decimal_points)
    return _where(texts, r"\d[ .']\d{3}", _with_commas)


def _without_lines(texts: pl.Series) -> pl.Series:
    texts = _where(texts, r"[^\x00-\x7f]", _plain_characters)
    texts = _where(texts, r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\p{Cf}]", _without_controls)
    return _where(texts, r"[\r\n\x{2028}\x{2029}]|^[ \t]*[-*•▪●][ \t]", _without_line_ends)


def _where(texts: pl.Series, occurs: str, change: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    rows = texts.str.contains(occurs).arg_true()
    if not rows.len():
        return texts
    changed = texts.gather(rows).to_frame("text").select(change(pl.col("text"))).to_series()
    # A copy, for `scatter` changes the series itself.
    return texts.clone().scatter(rows, changed)


def _plain_characters(text: pl.Expr) -> pl.Expr:
    return (
        text.str.replace_all(r"[™®©]", "")
        # What Unicode's compatibility forms would make plain digits and letters of: powers, degrees, numbers.
        .str.replace_all(r"([⁻⁺]?[⁰¹²³⁴-⁹]+)", "^$1")
        .str.replace_all(r"\bN[º°] ?(\d)", "No. $1")
        .str.replace_all(r"[º˚]", "°")
        .str.replace_all("№", "No. ", literal=True)
        .str.replace_all(r"(\d)([¼-¾⅐-⅞])", "$1 $2")
        .str.normalize("NFKC")
        .str.replace_all("⁄", "/", literal=True)
        .str.replace_all(r"[‘’‚‛´′]", "'")
        .str.replace_all(r"[“”„‟″«»]", '"')
        .str.replace_all(r"[‐‑−⁻]", "-")
        .str.replace_all("⁺", "+", literal=True)
    )


def _without_controls(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\p{Cf}]", "")


def _without_line_ends(text: pl.Expr) -> pl.Expr:
    ends = r"[ \t]*[\r\n\x{2028}\x{2029}]\s*"
    # A line across the page parts what stands above it from what stands below, and is not said.
    text = text.str.replace_all(r"(?m)^[ \t]*(?:={3,}|-{3,}|\*{3,}|~{3,}|#{3,})[ \t]*\r?$", "").str.strip_chars()
    # One question, broken where the line was full, has no pauses there.
    is_one = text.str.contains(r"^[^.?!\r\n]*(?:[\r\n]+[ \t]*\p{Ll}[^.?!\r\n]*)+\?$")
    return (
        pl.when(is_one)
        .then(text.str.replace_all(ends, " "))
        .otherwise(text)
        .str.replace_all(r"(?m)^[ \t]*[-*•▪●][ \t]+", "")
        .str.replace_all(r"([\p{L}\p{N}\"'%)\]])" + ends + r"(\p{Ll})", "$1, $2")
        .str.replace_all(r"([\p{L}\p{N}%)\]])" + ends, "$1. ")
    )


def _separate_sentences(text: pl.Expr) -> pl.Expr:
    """Sentences that were joined without a blank: "the depth of a lake.Lake Como"."""
    return text.str.replace_all(r"([a-z]{3}[.?!])([A-Z][a-z]{2}|[0-9])", "$1 $2")


def _joined_tokens(text: pl.Expr) -> pl.Expr:
    """What a tokenizer took apart or wrote in words of its own: "ca n't", "-lrb- 1961 -rrb-", "3 : 59", "#36;2"."""
    text = (
        pl.when(text.str.contains("``[^`]") & ~text.str.contains("```", literal=True))
        .then(text.str.replace_all(r"`` ?| ?''", '"'))
        .otherwise(text)
    )
    return (
        text.str.replace_all(r"(\w) (n't|'(?:s|t|re|ve|ll|d|m))\b", "$1$2")
        .str.replace_all(r"&?#36;", "$$")
        .str.replace_all(r"(?i)-l[rsc]b- ?", "(")
        .str.replace_all(r"(?i) ?-r[rsc]b-", ")")
        .str.replace_all(r"(\d) : (\d\d)\b", "$1:$2")
        .str.replace_all(r"\b(No|no) \. (\d)", "$1. $2")
        .str.replace_all(r" ([,;.?!%])(\s|$)", "$1$2")
        .str.replace_all(r"([$#]) (\d)", "$1$2")
    )


def _without_marks(text: pl.Expr) -> pl.Expr:
    """What programs write around words: "{red, green}" as "(red, green)", "\\$5" as "$5", "print()" as "print"; and
    "one/two/three/four", words of a list, as "one, two, three, four"."""
    item = r"[\w.+-]+(?: [\w.+-]+){0,3} ?"
    return (
        text.str.replace_all(rf"\{{ ?({item}(?:, ?{item}){{1,30}})\}}", "($1)")
        .str.replace_all(r"\\([$\"'])", "$1")
        .str.replace_all(r"(\w)\(\)", "$1")
        .map_elements(lambda one: _SLASHED.sub(lambda found: found[0].replace("/", ", "), one), return_dtype=pl.String)
    )


_SLASHED = re.compile(r"(?<![\w/.:~-])[A-Z]?[a-z]{1,14}(?:/[A-Z]?[a-z]{1,14}){3,30}(?![\w/.])")


# Thousands with blanks, full stops or quotes between. Two groups with a blank may be two numbers, unless the second is
# round or several things follow.
_GROUPED = re.compile(
    r"(?<![\w.,$-])(?<!\d )(?:[1-9]\d{0,2}(?: \d{3}){2,4}|[1-9]\d{0,2}(?: 000){1,4}"
    r"|[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}(?:'\d{3})+"
    r"|[1-9]\d{1,2} \d{3}(?= (?:dollars|euros|pounds|people|inhabitants|residents|words|years|copies|visitors"
    r"|kilometers|miles|km|kg|steps|items|units|votes|fans|students)\b))(?![\w]| \d|[.,-]\d)"
)


def _with_commas(text: pl.Expr) -> pl.Expr:
    """Thousands as American English writes them: "1 000 000" as "1,000,000"."""
    return text.map_elements(lambda one: _GROUPED.sub(_commas, one), return_dtype=pl.String)


# A comma before one or two digits and what they count: "2,5 liters". A list of numbers has a blank, or goes on.
_DECIMAL = re.compile(
    r"(?<![\d,] )(?<![\d,.])(\d+),(\d{1,2})"
    r"(?:(?= ?(?:percent\b|%|[a-zµ]{2,}\b(?<!and)(?<!or))| [mlgL]\b)|(?<=\d)(?=[.?!]?$))(?![\d,])"
)
_TOLD = re.compile(r"\b(?:is|was|equals|about|costs?|weighs?|measures) $")


def _with_decimal_points(text: pl.Expr) -> pl.Expr:
    return text.map_elements(lambda one: _DECIMAL.sub(_point, one), return_dtype=pl.String)


def _point(match: re.Match[str]) -> str:
    ends = not re.match(r" ?[%a-zA-Zµ]", match.string[match.end() : match.end() + 2])
    if ends and not _TOLD.search(match.string[max(0, match.start() - 20) : match.start()]):
        return match[0]
    return f"{match[1]}.{match[2]}"


def _commas(match: re.Match[str]) -> str:
    return re.sub(r"[ .']", ",", match[0])


def _single_blanks(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"\s+", " ").str.strip_chars()
