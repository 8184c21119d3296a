"""Near duplicates of a few hundred prompts, held against a comparison of every pair with every other."""

import itertools
import random
from functools import cache

import numpy as np
import polars as pl
import pytest

from sayso.filters.text.folding import fold, text_hash
from sayso.stages.deduplicate.clusters import keepers
from sayso.stages.deduplicate.pairs import near_text, rank, repeats, same_text
from sayso.stages.deduplicate.signatures import band_name, signatures

WORDS = """
    river mountain garden teacher bridge castle engine harbour island kitchen ladder market novel orchard
    describe explain compare paint measure remember visit repair design imagine follow question
"""
SUBJECTS = WORDS.split()[:14]
VERBS = WORDS.split()[14:]


def prompts(count, seed=0):
    """Made-up prompts of 12 to 40 words, every third one a copy of an earlier one with one or more words changed."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        if number % 3 == 2:
            words = draw.choice(made).split()
            for _ in range(draw.randint(0, 3)):
                words[draw.randrange(len(words))] = draw.choice(SUBJECTS)
        else:
            words = draw.choices(SUBJECTS + VERBS, k=draw.randint(12, 40))
        made.append(" ".join(words))
    return made


def table(texts, sources=("web",)):
    rows = pl.DataFrame({"prompt": texts, "answer": ["Yes." * (n % 5) for n in range(len(texts))]})
    return rows.with_columns(
        pl.Series("id", [f"{n * 7919 % 10007:032x}" for n in range(len(texts))]),
        pl.Series("source", [sources[n % len(sources)] for n in range(len(texts))]),
        pl.lit("file:1").alias("position"),
        text_hash(rows["prompt"]),
    )


@cache
def ngrams(text, ngram=3):
    words = fold(pl.Series([text]))[0].split(" ")
    return {tuple(words[start : start + ngram]) for start in range(max(1, len(words) - ngram + 1))}


def similarity(one, other):
    return len(ngrams(one) & ngrams(other)) / len(ngrams(one) | ngrams(other))


def found_pairs(rows, min_similarity, sources=("web",), bands=12):
    table = signatures(rows, 3, bands, 5)
    keys = table.with_row_index("row").with_columns(rank(table, sources))
    same = same_text(keys.select("row", "rank", "text"))
    near = []
    for band in range(bands):
        meet = keys[repeats(keys[band_name(band)].to_numpy())]
        near.append(near_text(meet.rename({band_name(band): "bucket"}), min_similarity))
    return same, pl.concat(near), keys.select("row", "rank")


def test_nearly_every_pair_that_is_alike_is_found_with_its_true_similarity():
    texts = list(dict.fromkeys(prompts(500)))
    _, near, _ = found_pairs(table(texts), 0.8)
    found = {frozenset((one, other)): similarity for one, other, similarity in near.rows()}
    alike = {
        frozenset((one, other))
        for one, other in itertools.combinations(range(len(texts)), 2)
        if similarity(texts[one], texts[other]) >= 0.8
    }
    assert len(alike) > 20
    assert len(alike & set(found)) >= 0.97 * len(alike)
    for pair, value in found.items():
        one, other = pair
        assert value == pytest.approx(similarity(texts[one], texts[other]))
        assert value >= np.float32(0.8)


def test_every_row_that_goes_is_alike_to_the_row_that_stays_for_it():
    texts = prompts(600, seed=1)
    gone = keepers(*found_pairs(table(texts), 0.7))
    stays = set(range(len(texts))) - set(gone["row"])
    assert 50 < gone.height < 300
    for row, keeper, value in gone.rows():
        assert keeper in stays
        assert similarity(texts[row], texts[keeper]) == pytest.approx(value)
        assert value >= np.float32(0.7)


def test_a_chain_is_not_followed():
    # Each is alike to the next, the ends of the chain are not.
    words, ends = [f"w{n}" for n in range(40)], [f"x{n}" for n in range(16)]
    texts = [" ".join(words), " ".join(ends[:8] + words[8:]), " ".join(ends[:8] + words[8:32] + ends[8:])]
    assert similarity(texts[0], texts[2]) < 0.5 < min(similarity(*texts[:2]), similarity(*texts[1:]))
    gone = keepers(*found_pairs(table(texts), 0.5))
    assert gone.height < 2
    assert all(similarity(texts[row], texts[keeper]) >= 0.5 for row, keeper, _ in gone.rows())


def test_the_source_named_first_wins_then_the_fuller_answer_then_the_smaller_id():
    rows = table(["Why is the sky blue?"] * 4).with_columns(
        pl.Series("source", ["web", "books", "books", "books"]),
        pl.Series("answer", ["Because it scatters light.", "Light.", "It scatters light.", "It scatters light!"]),
        pl.Series("id", [letter * 32 for letter in "abdc"]),
    )
    gone = keepers(*found_pairs(rows, 0.8, ("books", "web")))
    assert gone.rows() == [(0, 3, 1.0), (1, 3, 1.0), (2, 3, 1.0)]


def test_a_copy_goes_for_the_row_that_its_best_copy_went_for():
    text = " ".join(SUBJECTS)
    rows = table([text + " today please", text.upper() + ", today?", text + " today"], ("web",)).with_columns(
        pl.Series("answer", ["The fullest of all answers.", "A full answer.", "Short."])
    )
    gone = keepers(*found_pairs(rows, 0.8))
    assert gone["keeper"].to_list() == [0, 0]
    assert gone["similarity"].to_list() == pytest.approx([13 / 14, 13 / 14])


def test_the_order_and_cut_of_the_rows_do_not_matter():
    rows = table(prompts(400, seed=2))
    gone = keepers(*found_pairs(rows, 0.75))
    named = set(zip(rows["id"].gather(gone["row"]), rows["id"].gather(gone["keeper"]), strict=True))
    shuffled = rows.sample(rows.height, shuffle=True, seed=5)
    again = keepers(*found_pairs(shuffled, 0.75))
    assert named == set(zip(shuffled["id"].gather(again["row"]), shuffled["id"].gather(again["keeper"]), strict=True))
    whole, halves = signatures(rows, 3, 4, 5), [signatures(part, 3, 4, 5) for part in (rows[:150], rows[150:])]
    assert pl.concat(halves).equals(whole)


def test_a_bucket_of_very_many_rows_costs_no_more_than_a_few_comparisons_a_row():
    # Nine in ten words are shared by all: they meet in most buckets, and every one is alike to the best.
    texts = [" ".join([*SUBJECTS, *VERBS, f"number{n}"]) for n in range(5_000)]
    gone = keepers(*found_pairs(table(texts), 0.8))
    assert gone.height == 4_999


@pytest.mark.parametrize("text", ["Hi", "Hi there", "", "你好"])
def test_texts_of_fewer_words_than_an_ngram_are_compared_as_a_whole(text):
    same, near, _ = found_pairs(table([text, text + "!", "Something else"]), 0.8)
    assert same.height == 1
    assert near.is_empty()
