"""The signature of each prompt: its word n-grams, and a MinHash of them cut into bands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow
from rensa import RMinHash

from sayso.filters.text.words import Hashes, Places, folded_words
from sayso.stages.deduplicate.frames import Frames
from sayso.stages.rows.ngrams import ngrams

SEED = 1
LONGEST_ANSWER = (1 << 16) - 1
# Whether nothing was taken out of an answer, and nothing is wrong with it as far as can be seen: a long one that ends
# inside a sentence ran away or was cut. Whatever else says so of a screened row belongs here.
_IS_CUT = (pl.col("answer").str.len_chars() > 200) & pl.col("answer").str.tail(8).str.contains(r"[\p{L}\p{N},]\s*$")
IS_CLEAN = pl.col("taken_out").is_null() & ~_IS_CUT

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
    return _distinct(found.hashes, found.texts, len(texts))


def _distinct(hashes: Hashes, owners: Places, texts: int) -> Shingles:
    keys = owners.astype(np.uint64) << np.uint64(32) | hashes >> np.uint64(32)
    keys.sort()
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if len(keys) else keys
    counts = np.bincount((keys >> np.uint64(32)).astype(np.int64), minlength=texts)
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


def signatures(rows: pl.DataFrame, ngram: int, bands: int, band_rows: int, frames: Frames) -> pl.DataFrame:
    """What comparing needs of each row, in the rows' order: about 170 bytes a row on disk.

    Takes `id`, `source`, `position`, `prompt`, `answer`, `text_hash`, `taken_out`. Gives `id`, `source`, `position`,
    `text` (64 bits of the text hash), `drawn_by` (the last 64 bits of the id), `answer_length` (characters, at most
    LONGEST_ANSWER), `clean`, `shingles`, `rest` (those of what is outside of frames; null where a prompt has no frame)
    and one column a band.
    """
    words = folded_words(rows["prompt"])
    found = ngrams(words, ngram)
    whole = _distinct(found.hashes, found.texts, rows.height)
    hashes = band_hashes(whole, bands, band_rows)
    pieces, owners = frames.outside(words)
    outside = ngrams(pieces, ngram)
    rest = _as_lists(_distinct(outside.hashes, owners[outside.texts], rows.height))
    framed = pl.Series(np.isin(np.arange(rows.height), owners))
    return rows.select(
        "id",
        "source",
        "position",
        text=_bits("text_hash", 0),
        drawn_by=_bits("id", 16),
        answer_length=pl.col("answer").str.len_chars().fill_null(0).clip(0, LONGEST_ANSWER).cast(pl.UInt16),
        clean=IS_CLEAN.fill_null(False),
    ).with_columns(
        _as_lists(whole).alias("shingles"),
        pl.select(pl.when(framed).then(rest)).to_series().alias("rest"),
        *(pl.Series(band_name(band), np.ascontiguousarray(hashes[:, band])) for band in range(bands)),
    )


def _bits(name: str, start: int) -> pl.Expr:
    """64 bits of a column of hexadecimal digits, from one of these on."""
    digits = pl.col(name).str.slice(start, 16)
    return digits.str.decode("hex").bin.reinterpret(dtype=pl.UInt64, endianness="big")


def as_shingles(lists: pl.Series) -> Shingles:
    """The n-grams of a column of lists, as `signatures` writes it."""
    starts = np.concatenate([[0], lists.list.len().to_numpy().cumsum()]).astype(np.int64)
    return Shingles(lists.explode(empty_as_null=False).to_numpy(), starts)


def _as_lists(found: Shingles) -> pl.Series:
    lists = pyarrow.LargeListArray.from_arrays(pyarrow.array(found.starts), pyarrow.array(found.values))
    return pl.Series("shingles", pl.from_arrow(lists), dtype=pl.List(pl.UInt32))
