"""Which row of those that are alike stays, and which row each of the others is a duplicate of."""

from __future__ import annotations

import polars as pl

KEEPERS = pl.Schema({"row": pl.UInt32, "keeper": pl.UInt32, "similarity": pl.Float32, "rest_similarity": pl.Float32})


def keepers(same: pl.DataFrame, near: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """The rows that go, each with the row that stays for it and their similarity, sorted by row (`KEEPERS`).

    `same` and `near` are pairs (`sayso.stages.deduplicate.pairs.PAIRS`), those of near texts once or more, between
    rows that are the best of their own text; `ranks` has `row` and `rank` of every row in `near`. From the best row
    to the worst, each that is not yet a duplicate stays, and its neighbours after it go. So every row that goes is
    truly alike to the very row that stays: likeness is never passed on along a chain.
    """
    edges = near.unique(["one", "other"], keep="any").join(ranks.rename({"row": "one", "rank": "first"}), on="one")
    edges = edges.join(ranks.rename({"row": "other", "rank": "second"}), on="other").sort("first", "second")
    kept_for: dict[int, tuple[int, float, float]] = {}
    for one, other, *similar in edges.select("one", "other", "similarity", "rest_similarity").iter_rows():
        if one not in kept_for and other not in kept_for:
            kept_for[other] = (one, *similar)
    found = [(row, *kept) for row, kept in kept_for.items()]
    gone = pl.DataFrame(found, schema=KEEPERS, orient="row")
    # The best row of a text may itself have gone: its copies have the same n-grams, so they go for the same row.
    of_best = gone.rename({"row": "one", "similarity": "of_best", "rest_similarity": "rest_of_best"})
    moved = same.join(of_best, on="one", how="left").select(
        row="other",
        keeper=pl.coalesce("keeper", "one"),
        similarity=pl.coalesce("of_best", "similarity"),
        rest_similarity=pl.coalesce("rest_of_best", "rest_similarity"),
    )
    return pl.concat([gone, moved.cast(KEEPERS)]).sort("row")
