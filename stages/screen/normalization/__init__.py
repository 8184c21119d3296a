"""Text for speech: from written to spoken English, column-wise where nothing has to change."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sayso.stages.screen.normalization import dates, numbers, quantities, symbols, words
from sayso.stages.screen.normalization.rewriting import rewriter
from sayso.stages.screen.normalization.writing import one_line

# Longer texts never fit a voice's window (30 s are about 450 characters), so they are left as they are: of 11,475 real
# prompts beyond this none became shorter than that.
LONGEST_SAID = 600
# Full stops at line ends make a text longer by half at most, but one character may stand for eighteen (ﷺ).
LONGEST_LINE = 2 * LONGEST_SAID

say_words = rewriter(words.RULES)
# Dates before ranges ("2024-05-12"), measures before plain numbers ("5 km").
_say_numbers = rewriter((*numbers.FIRST, *dates.RULES, *quantities.RULES, *numbers.LAST))


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
    for occurs, say in ((words.OCCURS, say_words), (r"[0-9]|\^", say_numbers)):
        rows = said.str.contains(occurs).arg_true()
        results = [_say_or_error(say, text) for text in said.gather(rows)]
        said = said.scatter(rows, pl.Series([text for text, _ in results], dtype=pl.String))
        failed = [(row, error) for row, (_, error) in zip(rows, results, strict=True) if error]
        why = why.scatter([row for row, _ in failed], pl.Series([error for _, error in failed], dtype=pl.String))
    rows = said.str.contains(symbols.OCCURS).arg_true()
    said = said.scatter(rows, symbols.say_symbols(said.gather(rows)))
    rows = (said.str.contains(symbols.UNPRONOUNCEABLE) & why.is_null()).arg_true()
    why = why.scatter(rows, symbols.unpronounceable(said.gather(rows)))
    unpronounceable = pl.Series("unpronounceable", [None] * texts.len(), dtype=pl.String).scatter(short, why)
    return pl.DataFrame([texts.scatter(short, said), unpronounceable])


def say_numbers(text: str) -> str:
    """Say every number of a text, with the signs that belong to it."""
    return _say_numbers(numbers.minuses(text))


def _say_or_error(say: Callable[[str], str], text: str) -> tuple[str, str | None]:
    try:
        return say(text), None
    except Exception as error:  # an odd text must not lose the column
        return text, f"{type(error).__name__}: {error}"
