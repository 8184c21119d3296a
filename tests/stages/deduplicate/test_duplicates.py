"""Near duplicates of a few hundred prompts, held against a comparison of every pair with every other."""

import itertools
import random
from functools import cache

import numpy as np
import polars as pl
import pytest

from sayso.filters.text.folding import fold, text_hash
from sayso.filters.text.words import folded_words
from sayso.stages.deduplicate.clusters import keepers
from sayso.stages.deduplicate.deduplicate import Deduplicate
from sayso.stages.deduplicate.frames import Frames, run_keys, shared_runs
from sayso.stages.deduplicate.pairs import EVERY, Preference, near_text, repeats, same_text
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
        pl.lit(None, pl.List(pl.String)).alias("taken_out"),
        text_hash(rows["prompt"]),
    )


@cache
def ngrams(text, ngram=3):
    words = fold(pl.Series([text]))[0].split(" ")
    return {tuple(words[start : start + ngram]) for start in range(max(1, len(words) - ngram + 1))}


def similarity(one, other):
    return len(ngrams(one) & ngrams(other)) / len(ngrams(one) | ngrams(other))


def frames_of(rows, config):
    texts = rows.select(pl.col("text_hash").str.slice(0, 8).str.to_integer(base=16, dtype=pl.UInt32)).to_series()
    keys = run_keys(folded_words(rows["prompt"]), texts.to_numpy(), config.frame_words, 0, 1)
    return Frames.of(shared_runs([keys], config.frame_above(rows.height)), config.frame_words)


def signed(rows, config):
    return signatures(rows, config.ngram, config.bands, config.band_rows, frames_of(rows, config))


def found_pairs(rows, min_similarity, sources=("web",), seed=0, **keys):
    config = Deduplicate(min_similarity=min_similarity, **keys)
    table = signed(rows, config)
    keys = table.with_row_index("row").with_columns(Preference(sources, config.longest_answer, seed).rank(table))
    same = same_text(keys.select("row", "rank", "text"))
    near = []
    for band in range(config.bands):
        meet = keys[repeats(keys[band_name(band)].to_numpy())]
        meet = meet.rename({band_name(band): "bucket"})
        near.append(near_text(meet, config.min_similarity, config.min_rest_similarity))
    return same, pl.concat(near), keys.select("row", "rank")


def test_nearly_every_pair_that_is_alike_is_found_with_its_true_similarity():
    texts = list(dict.fromkeys(prompts(500)))
    _, near, _ = found_pairs(table(texts), 0.8)
    found = {frozenset((one, other)): similarity for one, other, similarity, _ in near.rows()}
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
    for row, keeper, value, _ in gone.rows():
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
    assert all(similarity(texts[row], texts[keeper]) >= 0.5 for row, keeper, *_ in gone.rows())


SEA = "It is a calm and wide sea. "
LONG = SEA * 40


def stays(answers, sources=("web",), given=None, seed=0):
    """The number of the row that stays of rows with the same prompt and these answers."""
    rows = table(["Why is the sky blue?"] * len(answers)).with_columns(
        pl.Series("source", given or ["web"] * len(answers)), pl.Series("answer", answers)
    )
    gone = keepers(*found_pairs(rows, 0.8, sources, seed))
    assert gone["keeper"].n_unique() == 1
    return gone["keeper"][0]


def test_an_answer_is_clean_that_nothing_was_taken_out_of_and_that_was_not_cut():
    rows = table(["name a bird that swims"] * 3).with_columns(
        pl.Series("answer", ["A swan.", "A swan.", "Swans swim. " * 20 + "And"]),
        pl.Series("taken_out", [None, ["final_line"], None]),
    )
    assert signed(rows, Deduplicate())["clean"].to_list() == [True, False, False]


@pytest.mark.parametrize("seed", range(5))
def test_the_source_named_first_wins_then_a_clean_answer_then_one_that_is_not_too_long(seed):
    assert stays([SEA, LONG + "and then", LONG], ("books", "web"), ["web", "books", "web"], seed) == 1
    assert stays([LONG + "and then", LONG, LONG * 2], seed=seed) == 1
    assert stays(["A calm sea and then " * 20, LONG], seed=seed) == 1
    assert stays([LONG * 2, SEA, LONG * 3], seed=seed) == 1
    assert stays([LONG * 3, LONG * 2, LONG * 4], seed=seed) == 1


def test_among_answers_that_are_equally_good_the_seed_draws_whatever_their_length():
    answers = ["Yes.", SEA * 5, SEA * 20, "No, it is not."]
    drawn = {stays(answers, seed=seed) for seed in range(40)}
    assert drawn == {0, 1, 2, 3}


def test_a_rank_is_one_whole_number_that_the_source_decides_first():
    table_of_ranks = pl.DataFrame(
        {
            "source": ["a", "b", "a"],
            "clean": [True, True, False],
            "answer_length": pl.Series([65_535, 1, 1], dtype=pl.UInt16),
            "drawn_by": pl.Series([2**64 - 1, 0, 5], dtype=pl.UInt64),
        }
    )
    ranks = Preference(("a", "b"), 900, 7).rank(table_of_ranks)
    assert ranks.dtype == pl.UInt64
    assert ranks[0] < ranks[2] < ranks[1]


def test_a_copy_goes_for_the_row_that_its_best_copy_went_for():
    text = " ".join(SUBJECTS)
    rows = table([text + " today please", text.upper() + ", today?", text + " today"], ("web",)).with_columns(
        pl.Series("answer", [SEA, LONG, LONG * 2])
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
    frames = frames_of(rows, Deduplicate())
    whole, halves = (
        signatures(rows, 3, 4, 5, frames),
        [signatures(part, 3, 4, 5, frames) for part in (rows[:150], rows[150:])],
    )
    assert pl.concat(halves).equals(whole)


FRAME = (
    "You are a patient teacher who answers in plain words, step by step, with one example from daily life and "
    "without any lists. Here is what a pupil would like to know today:"
)


def question(number):
    draw = random.Random(number)
    return " ".join(draw.choices([f"{word}{draw.randrange(500)}" for word in SUBJECTS + VERBS], k=draw.randint(1, 12)))


def test_a_frame_with_another_question_in_it_is_no_duplicate():
    texts = [f"{FRAME} {question(number)}?" for number in range(16)]
    alike = [similarity(*pair) for pair in itertools.combinations(texts, 2)]
    assert max(alike) > 0.9
    assert keepers(*found_pairs(table(texts), 0.8)).is_empty()
    behind = [f"{question(number)} {FRAME}" for number in range(16)]
    assert keepers(*found_pairs(table(behind), 0.8)).is_empty()


def test_the_same_question_in_a_frame_is_a_duplicate_however_many_have_the_frame():
    """Some thousand rows of one template: their buckets are as large, and hide no pair."""
    texts = [f"{FRAME} {question(number)}?" for number in range(3_000)]
    longer = [number for number in range(3_000) if len(question(number).split()) >= 8]
    copies = [texts[number].replace("?", " please?") for number in longer]
    _, near, _ = found_pairs(table([*texts, *copies]), 0.8)
    found = {tuple(sorted(pair)) for pair in near.select("one", "other").rows()}
    planted = {(number, 3_000 + place) for place, number in enumerate(longer)}
    assert len(planted) > 1_000
    assert len(planted & found) >= 0.99 * len(planted)
    assert found == planted & found


def test_copies_of_one_prompt_do_not_make_a_frame_of_it():
    prompt = f"{FRAME} {question(9)} {question(10)}"
    texts = [prompt.upper() if number % 2 else prompt for number in range(30)]
    gone = keepers(*found_pairs(table([*texts, f"{prompt} now"]), 0.8))
    assert gone.height == 30


def test_what_more_prompts_share_than_the_recipe_says_is_a_frame():
    texts = [f"{FRAME} {question(number)}" for number in range(12)]
    assert frames_of(table(texts[:11]), Deduplicate()).runs.size > 10
    assert frames_of(table(texts[:10]), Deduplicate()).runs.size == 0
    assert frames_of(table(texts[:6]), Deduplicate(frame_prompts=5)).runs.size > 10
    assert Deduplicate().frame_above(6_000_000) == 300


def test_frames_are_the_same_however_prompts_are_cut_into_shards_and_runs_into_parts():
    rows = table([f"{FRAME} {question(number % 40)}" for number in range(60)])
    whole = frames_of(rows, Deduplicate()).runs
    cut = []
    for part in range(3):
        keys = []
        for shard in (rows[40:], rows[:7], rows[7:40]):
            texts = shard["text_hash"].str.slice(0, 8).str.to_integer(base=16, dtype=pl.UInt32).to_numpy()
            keys.append(run_keys(folded_words(shard["prompt"]), texts, 10, part, 3))
        cut.append(shared_runs(keys, 10))
    assert np.sort(np.concatenate(cut)).tolist() == whole.tolist()


@pytest.mark.parametrize(("similarity", "words"), [(0.5, 4), (0.7, 7), (0.8, 10), (0.9, 20), (1.0, 32)])
def test_a_frame_is_as_long_as_two_texts_need_to_be_alike_by_it_alone(similarity, words):
    config = Deduplicate(min_similarity=similarity)
    assert config.frame_words == words
    shared = words - config.ngram + 1
    assert similarity == 1 or (shared - 1) / (shared + 1) < similarity <= shared / (shared + 2)


def test_in_a_large_bucket_without_a_frame_pairs_are_found_as_well():
    """Nearly all words are shared, in another order in each text, so that there is no frame."""
    draw = random.Random(4)
    blocks = [" ".join(draw.choices(SUBJECTS + VERBS, k=6)) for _ in range(8)]
    texts = list(dict.fromkeys(" ".join(draw.sample(blocks, 8)) for _ in range(600)))
    _, near, _ = found_pairs(table(texts), 0.8, frame_prompts=1_000)
    found = {tuple(sorted(pair)) for pair in near.select("one", "other").rows()}
    alike = {pair for pair in itertools.combinations(range(len(texts)), 2) if ngrams_shared(texts, pair) >= 0.8}
    assert len(texts) > 10 * EVERY and len(alike) > 50
    assert len(alike & found) >= 0.97 * len(alike)


def ngrams_shared(texts, pair):
    one, other = (ngrams(texts[number]) for number in pair)
    return len(one & other) / len(one | other)


@pytest.mark.parametrize("text", ["Hi", "Hi there", "", "你好"])
def test_texts_of_fewer_words_than_an_ngram_are_compared_as_a_whole(text):
    same, near, _ = found_pairs(table([text, text + "!", "Something else"]), 0.8)
    assert same.height == 1
    assert near.is_empty()
