"""The rules that other tools are given are the filters' own: they say of the filters' examples what the filters say."""

import polars as pl
import pytest

from sayso.filters.language import Language, log_odds_of_english
from sayso.filters.quality import Quality
from sayso.filters.speakable import Speakable
from sayso.filters.text.folding import fold
from tests.benchmarks.python_patterns import write_rules
from tests.benchmarks.sides import rules
from tests.filters.text.test_folding import APART, SAME


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("rules") / "rules.json"
    write_rules(file)
    return file


@pytest.fixture(scope="module")
def found_and_limits(file):
    return rules.read_rules(file)


# The mark of an answer's end is taken away by the project only.
EXAMPLES = [
    (name, example)
    for name, one in (("quality", Quality), ("speakable", Speakable))
    for example in one.examples
    if "<|endoftext|>" not in example.answer
]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example.prompt[:40] for _, example in EXAMPLES])
def test_examples(found_and_limits, name, example):
    some = getattr(rules, name)(*found_and_limits)
    assert rules.first_reason(some, example.prompt, example.answer) == example.reason


def test_english_is_as_likely(file, found_and_limits):
    # What stands above or below a letter is part of a word to the project only.
    prompts = pl.Series([example.prompt for example in Language.examples])
    prompts = prompts.filter(~prompts.str.contains(r"\p{M}"))
    words = rules.read_words(file)
    found = [rules.log_odds_of_english(*found_and_limits, words, prompt, 0.3) for prompt in prompts]
    ours = log_odds_of_english(prompts, pl.Series([0.3] * len(prompts)))
    assert found == pytest.approx(ours.to_list(), abs=1e-3)


def test_a_phrase_said_in_a_row():
    assert rules.repeats("row the boat " * 4, 3)
    assert not rules.repeats("row the boat " * 3, 3)
    assert not rules.repeats("1 + 1 + 1 + 1 + 1 + 1", 3)


@pytest.mark.parametrize("text", [*dict.fromkeys(text for pair in (*APART, *SAME) for text in pair)])
def test_texts_are_folded_alike(text):
    assert " ".join(rules.folded(text)) == fold(pl.Series([text])).item()
