"""The rules that other tools are given are the filters' own: they say of the filters' examples what the filters say."""

import polars as pl
import pytest

from sayso.filters.answer_language import AnswerLanguage
from sayso.filters.answer_text import AnswerText
from sayso.filters.judging import first_reason
from sayso.filters.language import Language, identify, log_odds_of_english
from sayso.filters.privacy import Privacy
from sayso.filters.quality import Quality
from sayso.filters.screen_request import ScreenRequest
from sayso.filters.self_description import SelfDescription
from sayso.filters.speakable import Speakable
from sayso.filters.standalone import Standalone
from sayso.filters.text.folding import fold
from sayso.filters.written_length import WrittenLength
from sayso.stages.screen.cleaning import clean_answers
from tests.benchmarks.python_patterns import write_rules
from tests.benchmarks.required_literals import alternatives
from tests.benchmarks.sides import rules
from tests.benchmarks.sides.cleaning import Cleaning
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
    for one in (WrittenLength, Quality, AnswerText, SelfDescription, Privacy, Speakable, ScreenRequest, Standalone)
}
MARKED = [
    "Tom has <<5+9=14>>14 apples.\n#### 14",
    "<gadget id='calculator'>5+9</gadget> <output>14</output> So it is 14.",
    "It is nine thousand.\n#### 9,000",
    r"The sum is $\boxed{14}$, and $\frac{\boxed{1}}{2}$ is half.",
    r"It is \fbox{\text{red}}.",
    "<think>Let me see.</think>\nThe Nile.",
    "The Nile or the Amazon.</think> The Nile.",
    "One.\n<think>Two.</think>\nThree.",
    "<think>Let me see, the Nile or",
    "<think>a</think><answer>The Nile.</answer>",
    "The Nile.<|im_end|></s>",
    "Write `<think>` before it, as some models do.",
    "Think of the Nile.",
]
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


def test_who_asks_back_about_something_else_does_not_refuse(found_and_limits):
    """Nothing in it is a sign of a refusal, so that no pattern is asked."""
    some = rules.quality(*found_and_limits)
    assert rules.first_reason(some, "What did she say?", "Have you been playing those games again?") is None


def test_english_is_as_likely(file, found_and_limits):
    # What stands above or below a letter is part of a word to the project only.
    prompts = pl.Series([example.prompt for example in Language.examples])
    prompts = prompts.filter(~prompts.str.contains(r"\p{M}"))
    words = rules.read_words(file)
    found = [rules.log_odds_of_english(*found_and_limits, words, prompt, 0.3) for prompt in prompts]
    ours = log_odds_of_english(prompts, pl.Series([0.3] * len(prompts)))
    assert found == pytest.approx(ours.to_list(), abs=1e-3)


@pytest.mark.parametrize("example", AnswerLanguage.examples, ids=[one.answer[:30] for one in AnswerLanguage.examples])
def test_the_language_of_an_answer_is_told_by_the_same_text(found_and_limits, example):
    """By none in both, or by one of which the model says the same."""
    found, limits = found_and_limits
    limits = limits["answer_language"]
    text = rules.text_of_language(found, limits, example.prompt, example.answer)
    seen = pl.select(AnswerLanguage()._identify(pl.Series([{"prompt": example.prompt, "answer": example.answer}])))
    ours = seen.unnest("answer_language").row(0, named=True)
    theirs = identify(pl.Series([text], dtype=pl.String), ("en",)).row(0, named=True) if text else {"code": None}
    assert theirs["code"] == ours["code"]
    if text:
        assert theirs["confidence"] == pytest.approx(ours["confidence"], abs=1e-3)


@pytest.mark.parametrize("answer", MARKED)
def test_answers_are_cleaned_alike(found_and_limits, answer):
    ours = clean_answers(pl.Series([answer])).row(0)
    text, taken_out = Cleaning(*found_and_limits).clean(answer)
    assert (text, taken_out or None) == ours


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


@pytest.mark.parametrize(
    ("pattern", "words", "literals"),
    [
        (r"(?i:\bread (?:it|this) aloud\b)", ["aloud"], []),
        (r"\b(?:tables?|grid)\b", ["grid", "table", "tables"], []),
        (r"translat\w+", [], ["translat"]),
        (r"<\|[a-z]{2,9}\|>", [], ["<|"]),
        (r"!{5,}", [], ["!!!!!"]),
        (r"[a-z]+\d?", [], []),
        (r"(?:a|the )?\w+ cat", [], [" cat"]),
    ],
)
def test_what_every_match_has(pattern, words, literals):
    assert alternatives(pattern) == [(words, literals, pattern)]


def test_alternatives_are_told_apart():
    parts = [one.pattern for one in alternatives(r"(?i:[|)]a|\|b|(?:c|d) e)")]
    assert parts == [r"(?i:[|)]a)", r"(?i:\|b)", "(?i:(?:c|d) e)"]
