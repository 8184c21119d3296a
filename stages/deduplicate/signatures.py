"""The signature of each prompt: its word n-grams, and a MinHash of them cut into bands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow
from rensa import RMinHash

from sayso.filters.text.folding import text_hash
from sayso.filters.text.words import folded_words
from sayso.stages.rows.ngrams import ngrams
from sayso.stages.rows.recordings import IN_OWN_FILE, IS_RECORDED

SEED = 1
# A fuller answer is the better one, up to here; beyond it is only longer.
FULL_ANSWER = 2_000

# The first 64-bit prime of xxHash: odd, and so a product with it loses nothing.
_ODD = np.uint64(0x9E3779B185EBCA87)
# Of longer ones a short prompt has one or two, and a word changed is all of it changed.
LONGEST_NGRAM = 5


@dataclass(frozen=True)
class Shingles:
    """The distinct word n-grams of many texts as 32-bit hashes, ascending within each text.

    `values` holds them text after text; those of text i are `values[starts[i] : starts[i + 1]]`.
    """

    values: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]


def shingles(texts: pl.Series, ngram: int) -> Shingles:
    """The n-grams of words of each text, folded; a text of fewer words is one n-gram as a whole, one of none has none.

    Depends on each text alone. Two different n-grams share a hash once in 4 billion pairs.
    """
    found = ngrams(folded_words(texts), ngram)
    keys = found.texts.astype(np.uint64) << np.uint64(32) | found.hashes >> np.uint64(32)
    keys.sort()
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    counts = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=len(texts))
    return Shingles(keys.astype(np.uint32), np.concatenate([[0], np.cumsum(counts)]))


def band_hashes(found: Shingles, bands: int, band_rows: int) -> npt.NDArray[np.uint32]:
    """One hash for each text and band (texts x bands): two texts of Jaccard similarity s share a given band with
    probability s ** band_rows, by the MinHash of `bands * band_rows` permutations (Broder 1997, banding after
    Leskovec, Rajaraman and Ullman, chapter 3).
    """
    texts = len(found.starts) - 1
    if not texts:
        return np.zeros((0, bands), dtype=np.uint32)
    digests = RMinHash.digest_matrix_from_flat_token_hashes(
        found.values.astype(np.uint64), found.starts.astype(np.uint64), num_perm=bands * band_rows, seed=SEED
    )
    flat = chain.from_iterable(digests.to_rows())
    matrix = np.fromiter(flat, np.uint64, texts * bands * band_rows).reshape(texts, bands, band_rows)
    mixed = np.zeros((texts, bands), dtype=np.uint64)
    for row in range(band_rows):
        mixed = (mixed ^ matrix[:, :, row]) * _ODD
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def band_name(band: int) -> str:
    """The column that holds the hashes of one band."""
    return f"band_{band:02d}"


def recordings_for_themselves(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows, of recorded speech each with `prompt` and `text_hash` of its own: nothing is like it but itself.

    That many people say the same words is what recordings are collected for. One that is listed twice has one content
    and one text; where it has two, the gates hear which is right.
    """
    recorded = rows.select(IS_RECORDED).to_series()
    if not recorded.any():
        return rows
    content = pl.coalesce(pl.when(IN_OWN_FILE).then(pl.col("recording").struct.field("content")), "id")
    itself = text_hash(rows.select(pl.concat_str(content, "prompt", separator=" ")).to_series())
    return rows.with_columns(
        pl.when(recorded).then(pl.lit(itself)).otherwise(name).alias(name) for name in ("prompt", "text_hash")
    )


def signatures(rows: pl.DataFrame, ngram: int, bands: int, band_rows: int) -> pl.DataFrame:
    """What comparing needs of each row, in the rows' order: about 170 bytes a row on disk.

    Takes `id`, `source`, `position`, `prompt`, `answer`, `text_hash`. Gives `id`, `source`, `position`, `text` (64
    bits of the text hash), `answer_length` (characters, at most FULL_ANSWER), `shingles` and one column a band.
    """
    found = shingles(rows["prompt"], ngram)
    hashes = band_hashes(found, bands, band_rows)
    return rows.select(
        "id",
        "source",
        "position",
        text=pl.col("text_hash").str.slice(0, 16).str.decode("hex").bin.reinterpret(dtype=pl.UInt64, endianness="big"),
        answer_length=pl.col("answer").str.len_chars().clip(0, FULL_ANSWER).cast(pl.UInt16),
    ).with_columns(
        _as_lists(found).alias("shingles"),
        *(pl.Series(band_name(band), np.ascontiguousarray(hashes[:, band])) for band in range(bands)),
    )


def as_shingles(lists: pl.Series) -> Shingles:
    """The n-grams of a column of lists, as `signatures` writes it."""
    starts = np.concatenate([[0], lists.list.len().to_numpy().cumsum()]).astype(np.int64)
    return Shingles(lists.explode(empty_as_null=False).to_numpy(), starts)


def _as_lists(found: Shingles) -> pl.Series:
    lists = pyarrow.LargeListArray.from_arrays(pyarrow.array(found.starts), pyarrow.array(found.values))
    return pl.Series("shingles", pl.from_arrow(lists), dtype=pl.List(pl.UInt32))
