"""A prompt that gives away what an evaluation asks is dropped, and the verdict names the row of the evaluation."""

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from sayso.filters.text.folding import text_hash
from sayso.stages.decontaminate.decontaminate import Decontaminate, decontaminate
from sayso.stages.decontaminate.evaluations import evaluation_files, evaluation_table
from sayso.stages.decontaminate.overlap import MOST_TEXTS, fingerprints, index_of
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.sources.source import Source

NGRAM = 4
EVALUATION = {
    "bench:a.jsonl:1": "What is the capital of France?",
    "bench:a.jsonl:2": "Explain how a bridge carries the weight of the cars that drive over it every day.",
    "bench:a.jsonl:3": "Thank you",
    "bench:a.jsonl:4": "请用三句话介绍一下量子计算的基本概念。",
    "bench:a.jsonl:5": "Pourquoi le ciel est-il bleu à midi et rouge le soir ?",
    "bench:a.jsonl:6": "...",
}


def index(texts=EVALUATION, ngram=NGRAM):
    of = list(texts)
    return index_of(fingerprints(pl.Series(of), pl.Series([texts[one] for one in of]), ngram), ngram)


def rows(*prompts):
    found = pl.DataFrame({"prompt": prompts}).with_columns(
        id=pl.int_range(pl.len()).cast(pl.String),
        source=pl.lit("web"),
        position=pl.format("w:{}", pl.int_range(pl.len())),
        later_turns=pl.lit(None, LATER_TURNS),
    )
    return found.with_columns(text_hash(found["prompt"]))


def verdicts(*prompts, min_share=0.5, against=None):
    found = decontaminate(rows(*prompts), against or index(), min_share).verdicts
    return found.select("reason", "decontamination.of", "decontamination.share").rows()


def test_a_later_turn_gives_an_evaluation_away_like_the_first():
    asked = [{"prompt": prompt, "spoken": prompt, "answer": "Yes."} for prompt in ("And now?", "Thank you")]
    given = rows("What is the capital of France?", "How are you today, my dear old friend?", "Hello")
    given = given.with_columns(pl.Series("later_turns", [None, asked, asked[:1]], dtype=LATER_TURNS))
    found = decontaminate(given, index(), 0.5)
    assert found.verdicts.select("reason", "decontamination.of").rows() == [
        ("exact_overlap", "bench:a.jsonl:1"),
        ("exact_overlap", "bench:a.jsonl:3"),
        (None, None),
    ]
    assert found.rows["id"].to_list() == ["2"]


@pytest.mark.parametrize(
    ("prompt", "row"),
    [
        ("what is the CAPITAL of france", 1),
        ("Thank you!", 3),
        (" 请用三句话介绍一下量子计算的基本概念", 4),
        ("pourquoi le ciel est il bleu a\u0300 midi, et rouge le soir", 5),
    ],
)
def test_the_same_words_are_an_exact_overlap_however_they_are_written(prompt, row):
    assert verdicts(prompt) == [("exact_overlap", f"bench:a.jsonl:{row}", 1.0)]


@pytest.mark.parametrize(
    ("asked", "prompt"),
    [
        ("Sort a list in C++", "Sort a list in C."),
        ("Sort a list in C#", "Sort a list in C++."),
        ("What is 8 - 3?", "What is 8 + 3?"),
        ("What is 20% of 50?", "What is 20 of 50?"),
        ("What is .NET good for?", "What is NET good for?"),
        ("Which number is smaller, 3.5 or -5?", "Which number is smaller, 3.5 or 5?"),
    ],
)
def test_a_sign_that_changes_the_question_makes_it_another(asked, prompt):
    assert verdicts(prompt, against=index({"bench:1": asked}, ngram=8))[0][0] is None
    assert verdicts(asked.upper(), against=index({"bench:1": asked}, ngram=8))[0][0] == "exact_overlap"


@pytest.mark.parametrize(
    ("prompt", "row"),
    [
        ("My teacher wants to know: what is the capital of France, and how large is it?", 1),
        ("老师的问题是:请用三句话介绍一下量子计算的基本概念。谢谢你", 4),
        ("Dis-moi pourquoi le ciel est-il bleu à midi et rouge le soir, s'il te plaît.", 5),
    ],
)
def test_an_evaluation_inside_a_longer_prompt_is_found(prompt, row):
    assert verdicts(prompt) == [("ngram_overlap", f"bench:a.jsonl:{row}", 1.0)]


def test_the_share_decides_and_is_on_record_on_both_sides_of_the_threshold():
    # The text has 16 words and so 13 n-grams of four; a cut after the tenth word leaves 7 of them.
    prompt = "Explain how a bridge carries the weight of the cars please"
    assert verdicts(prompt, min_share=7 / 13) == [("ngram_overlap", "bench:a.jsonl:2", 7 / 13)]
    assert verdicts(prompt, min_share=7.01 / 13) == [(None, "bench:a.jsonl:2", 7 / 13)]
    outcome = decontaminate(rows(prompt), index(), 0.9)
    assert outcome.verdicts["decontamination.prompt_share"].to_list() == [7 / 8]
    assert outcome.rows["id"].to_list() == ["0"]


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the capital of Spain and why?",
        "Thank you for your help, now tell me a story.",
        "Please tell me: what is the capital of France?",
        "Explain how a bridge carries the weight of a bird.",
        "???",
        "",
    ],
)
def test_a_shared_phrase_a_short_text_inside_or_no_words_at_all_are_no_overlap(prompt):
    assert verdicts(prompt, against=index(ngram=8))[0][0] is None


def test_the_highest_share_is_named_then_the_earlier_row():
    against = index(
        {
            "bench:1": "name the four largest rivers of Europe and their sources",
            "bench:2": "name the four largest rivers of Europe",
            "bench:3": "tell me: name the four largest rivers",
            "bench:4": "name the four largest rivers of Europe!",
        }
    )
    assert verdicts("Please name the four largest rivers of Europe now", against=against)[0][1:] == ("bench:2", 1.0)
    assert verdicts("name the four largest rivers in Africa", against=against)[0][1:] == ("bench:2", 0.5)


def test_a_template_of_many_evaluation_rows_does_not_count():
    template = "Choose the right answer from the options below and say why:"
    names = ["iron", "gold", "lead", "zinc", "tin", "neon", "radon", "boron", "argon", "xenon", "carbon", "oxygen"]
    against = index({f"bench:{name}": f"{template} is {name} heavier than {name[::-1]}" for name in names})
    assert len(names) > MOST_TEXTS
    assert verdicts(f"{template} is water wet", against=against)[0][0] is None
    hit = verdicts(f"{template} is zinc heavier than cniz", against=index({"bench:zinc": "is zinc heavier than cniz"}))
    assert hit == [("ngram_overlap", "bench:zinc", 1.0)]


def test_every_prompt_gets_the_same_verdict_alone_and_among_others():
    words = np.array(["river", "bridge", "castle", "engine", "island", "market", "novel", "garden", "paint", "measure"])
    draw = np.random.default_rng(3)
    prompts = [" ".join(draw.choice(words, draw.integers(1, 30))) for _ in range(300)]
    against = index({f"bench:{n}": prompts[n] for n in range(0, 300, 3)}, ngram=2)
    together = verdicts(*prompts, against=against, min_share=0.3)
    assert together == [verdicts(prompt, against=against, min_share=0.3)[0] for prompt in prompts]
    assert {reason for reason, _, _ in together} == {None, "exact_overlap", "ngram_overlap"}


def test_the_shares_are_those_that_sets_of_ngrams_give():
    words = np.array(["river", "bridge", "castle", "engine", "island", "market", "novel", "garden", "paint", "measure"])
    draw = np.random.default_rng(4)
    made = [" ".join(draw.choice(words, draw.integers(3, 20))) for _ in range(200)]
    texts, prompts = made[:60], made[60:]
    sets = [{tuple(text.split()[n : n + 3]) for n in range(len(text.split()) - 2)} for text in made]
    held = {ngram for ngram in set().union(*sets[:60]) if sum(ngram in one for one in sets[:60]) <= MOST_TEXTS}
    found = verdicts(*prompts, against=index({f"bench:{n}": text for n, text in enumerate(texts)}, ngram=3))
    for prompt, (reason, of, share) in zip(sets[60:], found, strict=True):
        if reason == "exact_overlap":
            continue
        best = max((len(prompt & one & held) / len(one & held) for one in sets[:60] if one & held), default=0)
        assert (share or 0) == pytest.approx(best)
        assert (of is None) == (best == 0)


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({"schema": "alpaca"}, "schema means nothing in an evaluation set"),
        ({"columns": {"answer": "reply"}}, "columns.answer means nothing"),
        ({"limit": 5}, "limit means nothing"),
    ],
)
def test_a_key_that_an_evaluation_set_has_no_use_for_is_refused(keys, error):
    with pytest.raises(ValidationError, match=error):
        Decontaminate(against=({"name": "bench", "paths": ("a.jsonl",), **keys},))


def test_two_evaluation_sets_of_one_name_are_refused():
    with pytest.raises(ValidationError, match="two evaluation sets are called 'bench'"):
        Decontaminate(against=({"name": "bench", "paths": ("a.jsonl",)}, {"name": "bench", "paths": ("b.jsonl",)}))


def test_vicuna_bench_in_real_sets(open_data):
    config = Decontaminate(against=({"name": "vicuna", "paths": ("vicuna_bench.jsonl",)},))
    (file,) = evaluation_files(config.against[0], open_data)
    against = index_of(evaluation_table(file, config.ngram), config.ngram)
    assert against.named.height == 80
    names = ("codegen.json", "roleplay.json", "alpaca_en_demo.json", "si_seed.jsonl")
    shards = [shard for name in names for shard in plan_shards(Source(name=name, paths=(name,)), open_data)]
    real = pl.concat([ingest(shard).rows for shard in shards]).select(
        "id", "source", "position", "prompt", "later_turns"
    )
    real = real.with_columns(text_hash(real["prompt"]))
    assert decontaminate(real, against, config.min_share).rows.height == real.height
    found = decontaminate(real, against, 0.4).verdicts
    dropped = found.filter(pl.col("verdict") == "dropped").select("position", "decontamination.of").rows()
    # "… a Python script that reads a text file line by line and counts the number of occurrences of a specific word",
    # which the evaluation asks for in C++.
    assert dropped == [("codegen.json:1134", "vicuna:vicuna_bench.jsonl:61")]
