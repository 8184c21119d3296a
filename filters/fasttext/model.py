"""A fastText classifier as its quantised file (.ftz) holds it, in plain arrays."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC, VERSION = 793712314, 12
HIERARCHICAL_SOFTMAX, SUPERVISED = 1, 3
# Centroids of one product-quantiser part: codes are bytes.
CENTROIDS = 256

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


class UnknownModel(ValueError):
    """Raised when a file is no quantised fastText classifier of the kind that is read here."""


@dataclass(frozen=True)
class FastTextModel:
    """What a text is looked up in.

    `words` are the known words, whose vectors are the first rows of `vectors` (rows x dimension, dequantised);
    `row_of_bucket` gives the row of a hashed character n-gram of `shortest` to `longest` characters, -1 for those
    that were pruned. `nodes` (labels - 1 x dimension) decides at each node of a binary tree whose node i has the
    children `left[i]` and `right[i]`: nodes from 0 to labels - 1 are the leaves, the last one is the root.
    """

    words: tuple[bytes, ...]
    labels: tuple[str, ...]
    vectors: Floats
    row_of_bucket: Rows
    shortest: int
    longest: int
    nodes: Floats
    left: Rows
    right: Rows


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def numbers(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from(f"<{layout}", self._content, self._at)
        self._at += struct.calcsize(f"<{layout}")
        return found

    def number(self, layout: str) -> int:
        return self.numbers(layout)[0]

    def word(self) -> bytes:
        end = self._content.index(b"\0", self._at)
        found = self._content[self._at : end]
        self._at = end + 1
        return found

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        found = np.frombuffer(self._content, dtype, count, self._at)
        self._at += found.nbytes
        return found


def read_model(path: Path) -> FastTextModel:
    """The model in a .ftz file: supervised, hierarchical softmax, character n-grams, quantised input.

    The layout is that of fastText's `FastText::saveModel`, version 12. Raises UnknownModel for any other file.
    """
    reader = _Reader(path.read_bytes())
    try:
        return _model(reader)
    except (struct.error, ValueError, IndexError) as error:
        raise UnknownModel(f"{path}: {error}") from error


def _model(reader: _Reader) -> FastTextModel:
    if reader.numbers("ii") != (MAGIC, VERSION):
        raise ValueError(f"no fastText file of version {VERSION}")
    dimension, *_, word_ngrams, loss, kind, buckets, shortest, longest, _, _ = reader.numbers("12id")
    if (word_ngrams, loss, kind) != (1, HIERARCHICAL_SOFTMAX, SUPERVISED):
        raise ValueError("not a classifier with hierarchical softmax and single words")
    entries, known, labels, _, pruned = reader.numbers("iiiqq")
    found = [(reader.word(), reader.numbers("qb")[0]) for _ in range(entries)]
    row_of_bucket = np.full(int(buckets), -1, dtype=np.int32)
    kept = reader.array("<i4", 2 * pruned).reshape(pruned, 2)
    row_of_bucket[kept[:, 0]] = kept[:, 1] + known
    if not reader.number("?"):
        raise ValueError("its input is not quantised")
    vectors = _vectors(reader)
    if reader.number("?"):
        raise ValueError("its output is quantised")
    rows, width = reader.numbers("qq")
    nodes = np.asarray(reader.array("<f4", rows * width).reshape(rows, width)[: labels - 1], dtype=np.float32)
    left, right = _tree([count for _, count in found[known:]])
    return FastTextModel(
        words=tuple(word for word, _ in found[:known]),
        labels=tuple(label.decode().removeprefix("__label__") for label, _ in found[known:]),
        vectors=vectors[:, :dimension],
        row_of_bucket=row_of_bucket,
        shortest=shortest,
        longest=longest,
        nodes=nodes,
        left=left,
        right=right,
    )


def _vectors(reader: _Reader) -> Floats:
    """The product-quantised matrix: each row's parts are centroids, scaled by the row's own quantised length."""
    has_lengths = reader.number("?")
    rows, width = reader.numbers("qq")
    codes = reader.array("u1", reader.number("i")).reshape(rows, -1)
    vectors = _decode(_centroids(reader), codes)[:, :width]
    if has_lengths:
        lengths = reader.array("u1", rows).reshape(rows, 1)
        vectors = vectors * _decode(_centroids(reader), lengths)
    return np.ascontiguousarray(vectors, dtype=np.float32)


def _centroids(reader: _Reader) -> Floats:
    """Parts x centroids x width of a part. Raises ValueError where the last part is narrower than the others."""
    dimension, parts, width, last_width = reader.numbers("4i")
    if width != last_width:
        raise ValueError("the parts of its vectors differ in width")
    return np.asarray(reader.array("<f4", dimension * CENTROIDS).reshape(parts, CENTROIDS, width), dtype=np.float32)


def _decode(centroids: Floats, codes: npt.NDArray[np.generic]) -> Floats:
    return np.concatenate([centroids[part][codes[:, part].astype(np.intp)] for part in range(len(centroids))], axis=1)


def _tree(counts: list[int]) -> tuple[Rows, Rows]:
    """Children of each node of the Huffman tree over labels with these counts, largest first; leaves have none."""
    labels = len(counts)
    weights = [*counts, *([10**15] * (labels - 1))]
    left, right = np.full(2 * labels - 1, -1, dtype=np.int32), np.full(2 * labels - 1, -1, dtype=np.int32)
    leaf, node = labels - 1, labels
    for parent in range(labels, 2 * labels - 1):
        pair = []
        for _ in range(2):
            if leaf >= 0 and weights[leaf] < weights[node]:
                pair.append(leaf)
                leaf -= 1
            else:
                pair.append(node)
                node += 1
        left[parent], right[parent] = pair
        weights[parent] = weights[pair[0]] + weights[pair[1]]
    return left, right
