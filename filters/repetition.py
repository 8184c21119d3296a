"""How often a text says the same phrase in a row."""

from __future__ import annotations

import polars as pl

LONGEST_PHRASE = 6


def phrase_repeats(texts: pl.Series) -> pl.Series:
    """For each text, the most times that a phrase of one to six words is said without a break (1: never again).

    All words of the column stand in one long column: a phrase of n words repeats where each word equals the
    one n places before it in the same text, and a run of k such words is k // n repeats more.
    Case and punctuation do not count. A phrase needs a word of two letters: signs and figures repeat in any sum.
    """
    words = (
        texts.to_frame("text")
        .with_row_index("row")
        .select(
            "row",
            word=pl.col("text").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.split(" "),
        )
        .explode("word")
        .filter(pl.col("word").str.len_bytes() > 0)
        .with_columns(place=pl.int_range(pl.len(), dtype=pl.Int32))
        .with_columns(
            word=pl.col("word").hash(),
            spoken=pl.when(pl.col("word").str.contains(r"\p{L}{2}")).then("place").forward_fill(),
        )
    )
    place = pl.col("place")

    def run(n: int) -> pl.Expr:
        """Length of the run, ending here, of words that equal the one n places before."""
        differs = (pl.col("word").ne_missing(pl.col("word").shift(n))) | pl.col("row").ne_missing(
            pl.col("row").shift(n)
        )
        last = pl.when(differs).then(place).otherwise(None).forward_fill()
        return pl.when(place - pl.col("spoken") < n).then((place - last) // n + 1).otherwise(1)

    longest = (
        words.select("row", times=pl.max_horizontal(run(n) for n in range(1, LONGEST_PHRASE + 1)))
        .group_by("row")
        .agg(pl.col("times").max())
    )
    return (
        pl.DataFrame({"row": pl.int_range(len(texts), dtype=pl.UInt32, eager=True)})
        .join(longest, on="row", how="left", maintain_order="left")["times"]
        .fill_null(0)
        .cast(pl.Int32)
        .alias(texts.name)
    )
