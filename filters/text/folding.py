"""What makes two texts the same but for how they are written: case, punctuation, spacing, Unicode form."""

from __future__ import annotations

import polars as pl
import xxhash


def fold(texts: pl.Series) -> pl.Series:
    """Each text in NFKC lower case, its words of letters and digits set apart by one blank."""
    # Most texts are ASCII, in which NFKC changes nothing and a word's characters are found faster.
    other = texts.str.contains(r"[^\x00-\x7f]").arg_true()
    lower = texts.str.to_lowercase().str.replace_all(r"[^a-z0-9]+", " ")
    return lower.scatter(other, fold_unicode(texts.gather(other))).str.strip_chars(" ")


def fold_unicode(texts: pl.Series) -> pl.Series:
    """The same for texts of any letters, their ends aside."""
    return texts.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ")


def text_hash(texts: pl.Series) -> pl.Series:
    """xxh3-128 (32 hex) of each folded text: equal for texts that are the same but for how they are written."""
    hashes = [xxhash.xxh3_128_hexdigest(text.encode()) for text in fold(texts)]
    return pl.Series("text_hash", hashes, dtype=pl.String)
