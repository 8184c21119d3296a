"""Of the rows that ask the same thing, one is kept, and the others name it."""

import polars as pl
import pytest
from pydantic import ValidationError

from sayso.filters.text.folding import text_hash
from sayso.stages.deduplicate.deduplicate import Deduplicate, deduplicate

ROWS = pl.DataFrame(
    {"id": ["a" * 32, "b" * 32, "c" * 32], "source": ["web", "web", "books"], "position": ["w:1", "w:2", "b:1"]}
)
GONE = {"id": pl.String, "of": pl.String, "similarity": pl.Float32, "rest_similarity": pl.Float32, "same": pl.Boolean}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is an atom?", "what is an ATOM"),
        ("Name a  fruit.", "Name a fruit!"),
        ("Caf\u00e9 hours", "Cafe\u0301 hours"),
        ("Sum up:\nthe text", "Sum up the text"),
    ],
)
def test_case_punctuation_spacing_and_composition_do_not_matter(one, other):
    hashes = text_hash(pl.Series([one, other]))
    assert hashes[0] == hashes[1]


def test_other_words_are_other_texts():
    assert text_hash(pl.Series(["What is an atom?", "What is a atom?"])).n_unique() == 2


def test_the_verdict_on_a_duplicate_names_the_row_that_stays_and_how_alike_they_are():
    gone = pl.DataFrame(
        [("b" * 32, "a" * 32, 1.0, 1.0, True), ("c" * 32, "a" * 32, 0.85, 0.7, False)], schema=GONE, orient="row"
    )
    outcome = deduplicate(ROWS, gone)
    assert outcome.rows["id"].to_list() == ["a" * 32]
    told = outcome.verdicts.select("verdict", "filter", "reason", "duplicates.of").rows()
    assert told == [
        ("kept", None, None, None),
        ("dropped", "duplicates", "exact_duplicate", "a" * 32),
        ("dropped", "duplicates", "near_duplicate", "a" * 32),
    ]
    assert outcome.verdicts["duplicates.similarity"].to_list() == pytest.approx([None, 1.0, 0.85])
    assert outcome.verdicts["duplicates.rest_similarity"].to_list() == pytest.approx([None, 1.0, 0.7])


def test_without_duplicates_every_row_is_kept():
    outcome = deduplicate(ROWS, pl.DataFrame(schema=GONE))
    assert outcome.rows.equals(ROWS)
    assert set(outcome.verdicts["verdict"]) == {"kept"}


def test_a_similarity_above_one_is_refused():
    with pytest.raises(ValidationError, match="min_similarity"):
        Deduplicate(min_similarity=80)
