"""Pairs of rows that are alike: those that meet in a bucket, with their true similarity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from sayso.stages.deduplicate.signatures import Shingles, as_shingles
from sayso.stages.rows.draws import key_of, splitmix

# In a group of up to so many rows each is held against each. In a larger one a row is held against so many rows before
# it and so many of the best ones, so that a million rows cost millions of comparisons and not billions.
EVERY = 32
NEIGHBOURS = 8
LEADERS = 8
# Pairs compared at a time: bounds the memory to about 100 MB at 25 n-grams a text.
PAIRS_AT_A_TIME = 200_000

Places = npt.NDArray[np.int64]

PAIRS = pl.Schema({"one": pl.UInt32, "other": pl.UInt32, "similarity": pl.Float32, "rest_similarity": pl.Float32})

PURPOSE = "duplicates"
# What a rank is made of, in bits: the source, whether the answer is clean, how far it is too long, and the draw.
SOURCE_BITS, LENGTH_BITS, DRAW_BITS = 12, 11, 40
LENGTH_STEP = 32


@dataclass(frozen=True)
class Preference:
    """Which of rows that are alike stays: by source, by answer, and by a draw from the seed."""

    sources: tuple[str, ...]
    longest_answer: int
    seed: int

    def rank(self, rows: pl.DataFrame) -> pl.Series:
        """One number a row, the smallest for the row that stays.

        Rows of the source that the recipe names first come first, then clean answers, then those of up to
        `longest_answer` characters, then longer ones by their length; a draw decides among the others. Takes `source`,
        `clean`, `answer_length`, `drawn_by`.
        """
        order = {source: min(place, (1 << SOURCE_BITS) - 1) for place, source in enumerate(self.sources)}
        beyond = (pl.col("answer_length").cast(pl.Int64) - self.longest_answer).clip(0)
        steps = ((beyond + LENGTH_STEP - 1) // LENGTH_STEP).clip(0, (1 << LENGTH_BITS) - 1)
        source = pl.col("source").replace_strict(order, return_dtype=pl.UInt64)
        unclean = (~pl.col("clean")).cast(pl.UInt64)
        above = (source * 2 + unclean) * (1 << LENGTH_BITS) + steps.cast(pl.UInt64)
        drawn = splitmix(rows["drawn_by"].to_numpy() + key_of(self.seed, PURPOSE)) >> np.uint64(64 - DRAW_BITS)
        return rows.select(rank=above * (1 << DRAW_BITS) + pl.lit(pl.Series(drawn))).to_series()


def same_text(keys: pl.DataFrame) -> pl.DataFrame:
    """Each row with the best of the rows that have its very text (`PAIRS`, similarity 1).

    Takes `row`, `rank`, `text`.
    """
    best = keys.sort("rank").with_columns(pl.col("row").first().over("text").alias("one"))
    others = best.filter(pl.col("one") != pl.col("row"))
    return others.select("one", other="row", similarity=pl.lit(1.0), rest_similarity=pl.lit(1.0)).cast(PAIRS)


def repeats(hashes: npt.NDArray[np.unsignedinteger]) -> Places:
    """The places of those hashes that occur more than once, ascending."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = ordered[1:] == ordered[:-1]
    return np.sort(order[np.concatenate([same, [False]]) | np.concatenate([[False], same])])


def candidate_pairs(keys: pl.DataFrame, min_similarity: float) -> tuple[Places, Places]:
    """Pairs of rows of one bucket, the better row first, that are worth comparing.

    Takes `place`, `rank`, `text`, `bucket`, `ngrams`; gives places. Of rows with the same text only the best one is
    compared, for the others are its duplicates already. In a bucket of up to EVERY texts every pair is one, and in a
    larger one every pair whose n-grams may be `min_similarity` alike.
    """
    ordered = keys.sort("bucket", "rank", maintain_order=True).unique(
        ["bucket", "text"], keep="first", maintain_order=True
    )
    is_large = (ordered.select(pl.len().over("bucket")).to_series() > EVERY).to_numpy()
    places = ordered["place"].to_numpy().astype(np.int64)
    ones, others = pairs_in_groups(ordered["bucket"].to_numpy()[~is_large])
    small, large = places[~is_large], ordered.filter(is_large)
    if large.is_empty():
        return small[ones], small[others]
    within = large.with_row_index("order").select("order", "place", "bucket", "ngrams")
    rare = rarest_ngrams(within, min_similarity)
    first, second = pairs_in_groups(rare["group"].to_numpy())
    orders = rare["order"].to_numpy().astype(np.uint64)
    found = np.unique(orders[first] << np.uint64(32) | orders[second])
    of_large = places[is_large]
    return (
        np.concatenate([small[ones], of_large[(found >> np.uint64(32)).astype(np.int64)]]),
        np.concatenate([small[others], of_large[(found & np.uint64(0xFFFFFFFF)).astype(np.int64)]]),
    )


def rarest_ngrams(rows: pl.DataFrame, min_similarity: float) -> pl.DataFrame:
    """Groups of rows of which two that are so much alike are in one together: `group`, ascending, and `order`.

    Takes `order` (ascending), `bucket`, `ngrams`. Of two rows the rarest n-grams, as many as may be missing and one
    more, cannot all differ (prefix filtering, Chaudhuri, Ganti and Kaushik 2006): a group are the rows of a bucket with
    one of these. Rows without an n-gram are a group, too.
    """
    entries = rows.select("order", "bucket", ngram="ngrams").explode("ngram")
    counted = entries.with_columns(rows=pl.len().over("bucket", "ngram"), size=pl.len().over("order"))
    looked_up = pl.col("size") - (pl.col("size") * min_similarity - 1e-6).ceil().cast(pl.Int64) + 1
    rarest = counted.sort("order", "rows", "ngram").filter(pl.int_range(pl.len()).over("order") < looked_up)
    together = rarest.filter(pl.col("rows") > 1).sort("bucket", "ngram", "order")
    return together.select(pl.struct("bucket", "ngram").rle_id().alias("group"), "order")


def pairs_in_groups(groups: npt.NDArray[np.unsignedinteger]) -> tuple[Places, Places]:
    """Pairs of places, the earlier first, of the same group; `groups` ascends. All of a group of up to EVERY."""
    places = np.arange(len(groups))
    first = np.searchsorted(groups, groups, side="left")
    is_large = np.searchsorted(groups, groups, side="right") - first > EVERY
    farthest = np.minimum(places - first, np.where(is_large, NEIGHBOURS, EVERY))
    ones, others = [places[:0]], [places[:0]]
    left = places
    for distance in range(1, EVERY):
        left = left[farthest[left] >= distance]
        ones.append(left - distance)
        others.append(left)
    beyond = places[is_large]
    for leader in range(LEADERS):
        other = beyond[beyond - first[beyond] - leader > NEIGHBOURS]
        ones.append(first[other] + leader)
        others.append(other)
    return np.concatenate(ones), np.concatenate(others)


def jaccard(found: Shingles, ones: Places, others: Places, nothing: float = 0) -> npt.NDArray[np.float32]:
    """Shared n-grams over all n-grams of each pair of texts, given by their places in `found`.

    `nothing` is how much two texts are alike that have none.
    """
    lengths = np.diff(found.starts)
    similarities = np.empty(len(ones), dtype=np.float32)
    for start in range(0, len(ones), PAIRS_AT_A_TIME):
        one, other = ones[start : start + PAIRS_AT_A_TIME], others[start : start + PAIRS_AT_A_TIME]
        if not len(one):
            continue
        keys = np.concatenate([_of_pairs(found, one), _of_pairs(found, other)])
        keys.sort()
        # An n-gram is in a text once, so one that stands twice under a pair is in both of its texts.
        both = keys[1:][keys[1:] == keys[:-1]] >> np.uint64(32)
        common = np.bincount(both.astype(np.int64), minlength=len(one))
        every = lengths[one] + lengths[other] - common
        similarities[start : start + PAIRS_AT_A_TIME] = np.where(every > 0, common / np.maximum(every, 1), nothing)
    return similarities


def _of_pairs(found: Shingles, texts: Places) -> npt.NDArray[np.uint64]:
    """The n-grams of a text for each pair, with the pair's number before the hash."""
    lengths = np.diff(found.starts)[texts]
    ends = np.cumsum(lengths)
    places = np.arange(ends[-1]) + np.repeat(found.starts[texts] - ends + lengths, lengths)
    pairs = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    return pairs << np.uint64(32) | found.values[places]


def near_text(keys: pl.DataFrame, min_similarity: float, min_rest_similarity: float) -> pl.DataFrame:
    """Pairs of rows from the buckets of one band whose n-grams are alike, the better row first (`PAIRS`).

    Takes `row`, `rank`, `text`, `bucket`, `shingles`, `rest` of rows that share a bucket with another. Where one of a
    pair has a frame, the n-grams outside of frames must be alike, too.
    """
    outside = keys.select(pl.coalesce("rest", "shingles")).to_series()
    found, rest = as_shingles(keys["shingles"]), as_shingles(outside)
    places = keys.select("rank", "text", "bucket", outside.alias("ngrams")).with_row_index("place")
    ones, others = candidate_pairs(places, min(min_similarity, min_rest_similarity))
    similarities = jaccard(found, ones, others)
    near = similarities >= np.float32(min_similarity)
    ones, others, similarities = ones[near], others[near], similarities[near]
    has_frame = keys["rest"].is_not_null().to_numpy()
    framed = has_frame[ones] | has_frame[others]
    rest_similarities = similarities.copy()
    rest_similarities[framed] = jaccard(rest, ones[framed], others[framed], nothing=1)
    alike = ~framed | (rest_similarities >= np.float32(min_rest_similarity))
    rows = keys["row"].to_numpy()
    pairs = {
        "one": rows[ones[alike]],
        "other": rows[others[alike]],
        "similarity": similarities[alike],
        "rest_similarity": rest_similarities[alike],
    }
    return pl.DataFrame(pairs, schema=PAIRS)
