"""Text for speech: from written to spoken English, column-wise where nothing has to change."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sayso.stages.screen.normalization import (
    codes,
    dates,
    fractions,
    measures,
    money,
    named_numbers,
    numbers,
    plain_numbers,
    powers,
    ranges,
    slashes,
    sums,
    symbols,
    times,
    units_alone,
    words,
    years,
)
from sayso.stages.screen.normalization.rewriting import Doubtful, rewriter, without_letters
from sayso.stages.screen.normalization.writing import one_line

# Longer texts never fit a voice's window (30 s are about 450 characters), so they are left as they are: of 11,475 real
# prompts beyond this none became shorter than that.
LONGEST_SAID = 600
# Full stops at line ends make a text longer by half at most, but one character may stand for eighteen (ﷺ).
LONGEST_LINE = 2 * LONGEST_SAID

say_words = rewriter(words.RULES)
# Any word may stand before a slash: most texts have none, and a scan that is looked for at fewer letters.
_say_words = rewriter([one for one in words.RULES if one not in slashes.FORMS])
# Each class of written forms by itself, those that say more of a text before those that would read a part of it.
NUMBER_FORMS = (
    *plain_numbers.FORMS,
    *numbers.FIRST,
    *codes.FORMS,
    *named_numbers.FORMS,
    *dates.FORMS,
    *times.FORMS,
    *years.FORMS,
    *money.FORMS,
    *sums.FORMS,
    *powers.FORMS,
    *measures.FORMS,
    *units_alone.FORMS,
    *fractions.FORMS,
    *ranges.FORMS,
    *numbers.LAST,
)
# Those that start with a letter, as dates and sums may, and where they can be; most texts have numbers alone.
_LETTER_FORMS = (
    rf"{dates.MONTH_BEGINS}{dates.AFTER_MONTH}"
    r"|\b[x×] ?[0-9]|\b[a-z]{4,} x [a-z]|\bpi\b|\b[A-Za-zα-ωΔΣΩ] ?[-–+*×÷⋅·/=<>≤≥≠≈±^!(]"
    r"|\bQ[1-4]|\bFY| --?[A-Za-z]|\b[A-Z][A-Za-z]?[0-9]|\bv[0-9]|\blog_?[0-9]"
    r"|\b(?:[A-Z][a-z]?){2,4}[0-9]"
    rf"|\b[A-Za-z]{{1,3}}/[A-Za-z]|\b(?:{units_alone.ALONE})\b|\b(?:{money.CODES})\b"
    r"|\b(?:USD?|CAD?|C|AUD?|A|NZ|HK|S|R|Rs\.?) ?[$0-9]"
)
say_numbers = rewriter(NUMBER_FORMS)
_say_digits = rewriter(list(map(without_letters, NUMBER_FORMS)))
_DIGIT_FORMS = r"[0-9^√=<>*+]"


def to_spoken(prompts: pl.Series) -> pl.DataFrame:
    """Say a column of English prompts in words.

    Takes strings; gives a frame of the same height with `spoken` (String: words and plain punctuation on one
    line) and `unpronounceable` (String: why the text cannot be said, null where it can). Depends on each text alone.
    Texts of more than LONGEST_SAID characters come back unchanged, those that have more than LONGEST_LINE on one line
    as that line: they are too long for any voice.
    """
    texts = prompts.fill_null("").rename("spoken")
    short = (texts.str.len_chars() <= LONGEST_SAID).arg_true()
    texts = texts.scatter(short, one_line(texts.gather(short)))
    short = short.filter(texts.gather(short).str.len_chars() <= LONGEST_LINE)
    said = texts.gather(short)
    why = pl.Series("unpronounceable", [None] * said.len(), dtype=pl.String)
    # Each pass touches only the rows in which its kind of writing occurs; on the others it would change nothing.
    rows = said.str.contains(words.OCCURS)
    with_slash = rows & said.str.contains("/", literal=True)
    said, why = _rewrite(said, why, with_slash.arg_true(), say_words)
    said, why = _rewrite(said, why, (rows & ~with_slash).arg_true(), _say_words)
    with_letters = said.str.contains(_LETTER_FORMS)
    rest = (~with_letters & said.str.contains(_DIGIT_FORMS)).arg_true()
    said, why = _rewrite(said, why, with_letters.arg_true(), say_numbers)
    said, why = _rewrite(said, why, rest, _say_digits)
    rows = said.str.contains(symbols.OCCURS).arg_true()
    said = said.scatter(rows, symbols.say_symbols(said.gather(rows)))
    rows = (said.str.contains(symbols.UNPRONOUNCEABLE) & why.is_null()).arg_true()
    why = why.scatter(rows, symbols.unpronounceable(said.gather(rows)))
    unpronounceable = pl.Series("unpronounceable", [None] * texts.len(), dtype=pl.String).scatter(short, why)
    return pl.DataFrame([texts.scatter(short, said), unpronounceable])


def _rewrite(
    texts: pl.Series, why: pl.Series, rows: pl.Series, say: Callable[[str], str]
) -> tuple[pl.Series, pl.Series]:
    """The texts with some rows said, and why rows cannot be said with what went wrong in these."""
    results = [_say_or_error(say, text) for text in texts.gather(rows)]
    failed = [(row, error) for row, (_, error) in zip(rows, results, strict=True) if error]
    return (
        texts.scatter(rows, pl.Series([text for text, _ in results], dtype=pl.String)),
        why.scatter([row for row, _ in failed], pl.Series([error for _, error in failed], dtype=pl.String)),
    )


def _say_or_error(say: Callable[[str], str], text: str) -> tuple[str, str | None]:
    try:
        return say(text), None
    except Doubtful as doubt:
        return text, str(doubt)
    except Exception as error:  # an odd text must not lose the column
        return text, f"{type(error).__name__}: {error}"
