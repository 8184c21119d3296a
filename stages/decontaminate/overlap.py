"""Which evaluation text a prompt overlaps with, and by how much: the same words, or n-grams of words shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow

from sayso.filters.text.folding import text_hash
from sayso.filters.text.scripts import UNSPACED
from sayso.filters.text.words import Hashes, Places, Words, folded_words
from sayso.stages.rows.ngrams import ngrams

# An n-gram in more evaluation texts than this is a template ("Choose the right answer from the options below"). It
# tells no evaluation from another and does not count, as GPT-3 left out what was found more than ten times (Brown
# et al. 2020, appendix C). It also bounds the work for one prompt.
MOST_TEXTS = 10
SMALLEST_INDEX_BITS = 10
# So many more bits of a hash find its bit in the bitmap, of which then at most one in 8 is set.
EXTRA_BITS = 3

FINGERPRINTS = pl.Schema({"of": pl.String(), "text_hash": pl.String(), "ngrams": pl.List(pl.UInt64)})


def spaced_words(texts: pl.Series) -> Words:
    """The words of each text, where each character of an unspaced script is a word by itself."""
    other = (texts.str.len_bytes() != texts.str.len_chars()).arg_true()
    rare = texts.gather(other)
    if rare.str.contains(f"[{UNSPACED}]").any():
        spaced = rare.str.normalize("NFKC").str.replace_all(f"([{UNSPACED}])", " $1 ")
        # A copy, for `scatter` changes the series itself.
        texts = texts.clone().scatter(other, spaced)
    return folded_words(texts)


def fingerprints(of: pl.Series, texts: pl.Series, ngram: int) -> pl.DataFrame:
    """What a search needs of evaluation texts, in their order (`FINGERPRINTS`): 8 bytes for each n-gram.

    Texts without a letter or digit are left out: every other such text would be the same.
    """
    found = ngrams(spaced_words(texts), ngram)
    lists = pyarrow.LargeListArray.from_arrays(pyarrow.array(found.starts), pyarrow.array(found.hashes))
    hashes = pl.Series(pl.from_arrow(lists), dtype=pl.List(pl.UInt64))
    table = pl.DataFrame({"of": of, "text_hash": text_hash(texts), "ngrams": hashes}, schema=FINGERPRINTS)
    return table.filter(pl.col("ngrams").list.len() > 0)


@dataclass(frozen=True)
class Index:
    """Evaluation texts by their n-grams.

    `hashes` ascend; those whose first bits (all but `shift`) are b are `hashes[buckets[b] : buckets[b + 1]]`, and
    `bitmap` says for a few bits more whether there is any. The texts that have n-gram i are
    `texts[starts[i] : starts[i + 1]]`, and `sizes` is how many n-grams each text has here. `named` has `of` and
    `text_hash` of each text. About 30 bytes for each n-gram.
    """

    ngram: int
    hashes: Hashes
    buckets: npt.NDArray[np.uint32]
    shift: np.uint64
    bitmap: npt.NDArray[np.uint8]
    bitmap_shift: np.uint64
    starts: Places
    texts: npt.NDArray[np.uint32]
    sizes: Places
    named: pl.DataFrame


def index_of(table: pl.DataFrame, ngram: int) -> Index:
    """The index of evaluation texts (`FINGERPRINTS`); of texts with the same words the first one stands for all."""
    table = table.unique("text_hash", keep="first", maintain_order=True)
    entries = table.with_row_index("text").select("text", "ngrams").explode("ngrams", empty_as_null=False).unique()
    entries = entries.filter(pl.len().over("ngrams") <= MOST_TEXTS).sort("ngrams", "text")
    hashes, starts = np.unique(entries["ngrams"].to_numpy(), return_index=True)
    texts = entries["text"].to_numpy()
    bits = max(SMALLEST_INDEX_BITS, len(hashes).bit_length())
    shift, bitmap_shift = np.uint64(64 - bits), np.uint64(64 - bits - EXTRA_BITS)
    flags = np.zeros(1 << bits + EXTRA_BITS, dtype=np.bool_)
    flags[hashes >> bitmap_shift] = True
    firsts = np.bincount((hashes >> shift).astype(np.int64), minlength=1 << bits)
    return Index(
        ngram=ngram,
        hashes=hashes,
        buckets=np.concatenate([[0], np.cumsum(firsts)]).astype(np.uint32),
        shift=shift,
        bitmap=np.packbits(flags, bitorder="little"),
        bitmap_shift=bitmap_shift,
        starts=np.append(starts, len(texts)),
        texts=texts,
        sizes=np.bincount(texts, minlength=table.height),
        named=table.select("of", "text_hash"),
    )


def overlaps(prompts: pl.DataFrame, index: Index) -> pl.DataFrame:
    """The evaluation text that each prompt (`prompt`, `text_hash`) overlaps with most: `of`, null for none.

    `share` is how much of the evaluation text's distinct n-grams the prompt has, `prompt_share` how much of the
    prompt's the evaluation text has. A text with the prompt's very words (`same`) comes before others, then the
    higher share, then the earlier text.
    """
    found = ngrams(spaced_words(prompts["prompt"]), index.ngram)
    hashes, bitmap, buckets = index.hashes, index.bitmap, index.buckets
    places, entries = _known(found.hashes, bitmap, index.bitmap_shift, hashes, buckets, index.shift)
    best, shares = _search(places, entries, found.starts, found.hashes, index.starts, index.texts, index.sizes)
    of = pl.Series(best).replace(-1, None).cast(pl.UInt32)
    same = prompts.select("text_hash").join(index.named, on="text_hash", how="left", maintain_order="left")["of"]
    table = pl.DataFrame({"of": index.named["of"].gather(of), "share": shares[:, 0], "prompt_share": shares[:, 1]})
    shared = pl.col("of").is_not_null()
    return table.select(
        of=pl.coalesce(same, "of"),
        share=pl.when(same.is_not_null()).then(1.0).when(shared).then("share"),
        prompt_share=pl.when(same.is_not_null()).then(1.0).when(shared).then("prompt_share"),
        same=same.is_not_null(),
    )


@numba.njit(cache=True)
def _known(ngrams: Hashes, bitmap: Any, bitmap_shift: Any, hashes: Hashes, buckets: Any, shift: Any) -> Any:
    """The places of the n-grams that the index has, and where it has each."""
    places = np.empty(len(ngrams) + 1, np.int64)
    count = 0
    # Most are in no evaluation. Without a branch, the looks at the bitmap do not wait for each other.
    for at in range(len(ngrams)):
        bit = ngrams[at] >> bitmap_shift
        places[count] = at
        count += (bitmap[bit >> np.uint64(3)] >> (bit & np.uint64(7))) & np.uint64(1)
    entries = np.empty(count, np.int64)
    known = 0
    for at in places[:count]:
        bucket = ngrams[at] >> shift
        for entry in range(buckets[bucket], buckets[bucket + np.uint64(1)]):
            if hashes[entry] == ngrams[at]:
                places[known], entries[known] = at, entry
                known += 1
    return places[:known], entries[:known]


@numba.njit(cache=True)
def _search(
    places: Places, entries: Places, prompts: Places, ngrams: Hashes, starts: Places, texts: Any, sizes: Places
) -> Any:
    """For each prompt the text of the highest share, or -1, and both shares."""
    best = np.full(len(prompts) - 1, -1, np.int64)
    shares = np.zeros((len(best), 2), np.float64)
    common = np.zeros(len(sizes), np.int32)
    touched = np.empty(len(sizes), np.int64)
    at = 0
    for prompt in range(len(best)):
        first = at
        while at < len(places) and places[at] < prompts[prompt + 1]:
            at += 1
        if at == first:
            continue
        count = 0
        found = np.sort(entries[first:at])
        for number in range(len(found)):
            entry = found[number]
            if number and entry == found[number - 1]:
                continue
            for text in texts[starts[entry] : starts[entry + 1]]:
                if common[text] == 0:
                    touched[count] = text
                    count += 1
                common[text] += 1
        shared = 0
        for text in touched[:count]:
            share = common[text] / sizes[text]
            if share > shares[prompt, 0] or (share == shares[prompt, 0] and text < best[prompt]):
                best[prompt], shares[prompt, 0], shared = text, share, common[text]
            common[text] = 0
        own = np.sort(ngrams[prompts[prompt] : prompts[prompt + 1]])
        shares[prompt, 1] = shared / (1 + np.count_nonzero(own[1:] != own[:-1]))
    return best, shares
