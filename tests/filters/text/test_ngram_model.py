"""The model says the same of a text wherever it stands, whatever it is."""

import numpy as np
import polars as pl
import pytest

from sayso.filters.answers import refusals
from sayso.filters.answers.refusals import refusal_log_odds
from sayso.filters.text.ngram_model import NgramModel, features_of, word_classes
from tests.benchmarks.python_patterns import _model
from tests.benchmarks.sides.ngram_model import NgramModel as OfOneText

TEXTS = [
    "",
    "I'm sorry, I can’t help with that.",
    "Ich weiß es nicht … 何もない 🙂",
    "a\0b\x7f\t\r\n\n\nc",
    "word" * 400_000,
    "don't " * 90,
    "\u2028\u200b’’ 'quoted' “so”: 1,000.50!",
    "â€™ \u20ac5 'tis the dogs' bone",
    "é" * 639 + "x",
]


def odds(answers: list[str | None], prompts: list[str | None]) -> list[float]:
    return refusal_log_odds(pl.DataFrame({"prompt": prompts, "answer": answers}, schema_overrides=SCHEMA)).to_list()


SCHEMA = {"prompt": pl.String, "answer": pl.String}


def test_a_row_is_told_the_same_alone_and_beside_others() -> None:
    prompts = TEXTS[::-1]
    assert odds(TEXTS, prompts) == [odds([one], [other])[0] for one, other in zip(TEXTS, prompts, strict=True)]
    assert odds([], []) == []
    assert odds([None], [None]) == odds([""], [""])


def test_a_slice_of_a_column_is_read_where_it_begins() -> None:
    rows = pl.DataFrame({"prompt": TEXTS, "answer": TEXTS})
    assert refusal_log_odds(rows[3:5]).to_list() == refusal_log_odds(rows).to_list()[3:5]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_what_other_tools_are_given_says_the_same(text: str) -> None:
    other = OfOneText(_model(refusals))
    assert odds([text], ["Why?"])[0] == pytest.approx(other.log_odds(text, "Why?"), abs=1e-4)


def test_weights_of_another_version_are_refused() -> None:
    with pytest.raises(ValueError, match=r"refusals\.bin is not the file"):
        NgramModel(refusals.WEIGHTS, "0" * 64, 0.0)


def test_features_are_counted_for_each_text() -> None:
    buckets, starts = features_of(pl.Series(["Stop it.", "", "Go"]), 0, word_classes())
    assert len(starts) == 4 and starts[0] == 0 and starts[-1] == len(buckets)
    assert np.all(np.diff(starts) > 0) and buckets.min() >= 0 and buckets.max() < 1 << 16
