"""Pairs of rows that are alike: those that meet in a bucket, with their true similarity."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.stages.deduplicate.signatures import Shingles, as_shingles

# In a bucket each row is held against so many rows before it and so many of the best ones, so that a bucket of a
# million rows costs millions of comparisons and not billions. Rows that are truly alike meet in other buckets, too.
NEIGHBOURS = 8
LEADERS = 8
# Pairs compared at a time: bounds the memory to about 100 MB at 25 n-grams a text.
PAIRS_AT_A_TIME = 200_000

Places = npt.NDArray[np.int64]

PAIRS = pl.Schema({"one": pl.UInt32, "other": pl.UInt32, "similarity": pl.Float32})


def rank(rows: pl.DataFrame, sources: tuple[str, ...]) -> pl.Series:
    """Rows by who is kept, smallest first: source as the recipe orders them, the fuller answer, then the id.

    Takes `source`, `answer_length`, `id`. Gives one string a row, ordered as the rows are.
    """
    priority = {source: f"{place:06d}" for place, source in enumerate(sources)}
    return rows.select(
        pl.concat_str(
            pl.col("source").replace_strict(priority, return_dtype=pl.String),
            (60_000 - pl.col("answer_length").cast(pl.Int32)).cast(pl.String),
            "id",
        ).alias("rank")
    ).to_series()


def same_text(keys: pl.DataFrame) -> pl.DataFrame:
    """Each row with the best of the rows that have its very text (`PAIRS`, similarity 1).

    Takes `row`, `rank`, `text`.
    """
    best = keys.sort("rank").with_columns(pl.col("row").first().over("text").alias("one"))
    others = best.filter(pl.col("one") != pl.col("row"))
    return others.select(pl.col("one"), pl.col("row").alias("other"), pl.lit(1.0).alias("similarity")).cast(PAIRS)


def repeats(hashes: npt.NDArray[np.unsignedinteger]) -> Places:
    """The places of those hashes that occur more than once, ascending."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    return np.sort(order[np.concatenate([same, [False]]) | np.concatenate([[False], same])])


def candidate_pairs(keys: pl.DataFrame) -> tuple[Places, Places]:
    """Pairs of rows of one bucket, the better row first, that are worth comparing.

    Takes `place`, `rank`, `text`, `bucket`; gives places. Of rows with the same text only the best one is
    compared, for the others are its duplicates already.
    """
    ordered = keys.sort("bucket", "rank").unique(["bucket", "text"], keep="first", maintain_order=True)
    texts = ordered["place"].to_numpy().astype(np.int64)
    buckets = ordered["bucket"].to_numpy()
    places = np.arange(len(texts))
    first = np.searchsorted(buckets, buckets, side="left")
    ones, others = [], []
    for distance in range(1, NEIGHBOURS + 1):
        other = places[distance:][buckets[distance:] == buckets[:-distance]]
        ones.append(texts[other - distance])
        others.append(texts[other])
    for leader in range(LEADERS):
        other = places[places - first - leader > NEIGHBOURS]
        ones.append(texts[first[other] + leader])
        others.append(texts[other])
    return np.concatenate(ones), np.concatenate(others)


def jaccard(found: Shingles, ones: Places, others: Places) -> npt.NDArray[np.float32]:
    """Shared n-grams over all n-grams of each pair of texts, given by their places in `found`."""
    lengths = np.diff(found.starts)
    similarities = np.empty(len(ones), dtype=np.float32)
    for start in range(0, len(ones), PAIRS_AT_A_TIME):
        one, other = ones[start : start + PAIRS_AT_A_TIME], others[start : start + PAIRS_AT_A_TIME]
        keys = np.concatenate([_of_pairs(found, one), _of_pairs(found, other)])
        keys.sort()
        # An n-gram is in a text once, so one that stands twice under a pair is in both of its texts.
        both = keys[1:][keys[1:] == keys[:-1]] >> np.uint64(32)
        common = np.bincount(both.astype(np.int64), minlength=len(one))
        similarities[start : start + PAIRS_AT_A_TIME] = common / np.maximum(lengths[one] + lengths[other] - common, 1)
    return similarities


def _of_pairs(found: Shingles, texts: Places) -> npt.NDArray[np.uint64]:
    """The n-grams of a text for each pair, with the pair's number before the hash."""
    lengths = np.diff(found.starts)[texts]
    ends = np.cumsum(lengths)
    places = np.arange(ends[-1]) + np.repeat(found.starts[texts] - ends + lengths, lengths)
    pairs = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    return pairs << np.uint64(32) | found.values[places]


def near_text(keys: pl.DataFrame, min_similarity: float) -> pl.DataFrame:
    """Pairs of rows from the buckets of one band whose n-grams are alike, the better row first (`PAIRS`).

    Takes `row`, `rank`, `text`, `bucket`, `shingles` of rows that share a bucket with another.
    """
    found = as_shingles(keys["shingles"])
    ones, others = candidate_pairs(keys.drop("shingles").with_row_index("place"))
    similarities = jaccard(found, ones, others)
    near = similarities >= np.float32(min_similarity)
    rows = keys["row"].to_numpy()
    pairs = {"one": rows[ones[near]], "other": rows[others[near]], "similarity": similarities[near]}
    return pl.DataFrame(pairs, schema=PAIRS)
