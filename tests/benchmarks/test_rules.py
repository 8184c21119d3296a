"""The rules that other tools are given are the filters' own: they say of the filters' examples what the filters say."""

import polars as pl
import pytest

from sayso.filters.answer_text import AnswerText
from sayso.filters.judging import first_reason
from sayso.filters.language import Language, log_odds_of_english
from sayso.filters.quality import Quality
from sayso.filters.screen_request import ScreenRequest
from sayso.filters.self_description import SelfDescription
from sayso.filters.speakable import Speakable
from sayso.filters.standalone import Standalone
from sayso.filters.text.folding import fold
from tests.benchmarks.python_patterns import write_rules
from tests.benchmarks.sides import rules
from tests.filters.prompts import labelled
from tests.filters.rows import rows_of
from tests.filters.text.test_folding import APART, SAME


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("rules") / "rules.json"
    write_rules(file)
    return file


@pytest.fixture(scope="module")
def found_and_limits(file):
    return rules.read_rules(file)


FILTERS = {
    one.model_fields["filter"].default: one
    for one in (Quality, AnswerText, SelfDescription, Speakable, ScreenRequest, Standalone)
}
# The mark of an answer's end is taken away by the project only.
EXAMPLES = [
    (name, example)
    for name, one in FILTERS.items()
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


@pytest.mark.parametrize("name", ["screen_request", "standalone"])
def test_what_prompts_ask_for_and_speak_of(found_and_limits, name):
    prompts = [prompt for table in ("screen_request", "standalone") for _, prompt in labelled(table)]
    some = getattr(rules, name)(*found_and_limits)
    ours = first_reason(rows_of(prompts), [FILTERS[name]()])["reason"].to_list()
    assert [rules.first_reason(some, prompt, "") for prompt in prompts] == ours
