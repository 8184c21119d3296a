"""Every row that enters a stage gets a verdict, made in one place from a reason that is null where the row stays."""

import polars as pl
import pytest

from sayso.manifests.verdicts import KEPT, NO_REASON, SAMPLED_OUT, VERDICT_SCHEMA, check_accounted, outcome

ROWS = pl.DataFrame(
    {
        "id": ["a", "b", "c"],
        "source": "facts",
        "position": ["facts.jsonl:1", "facts.jsonl:2", "facts.jsonl:3"],
        "words": [3, 90, 7],
        "note": ["short", "long", "middling"],
    }
)
TOO_LONG = pl.when(pl.col("words") > 50).then(pl.lit("too_long"))
WORDS = (pl.col("words").alias("length.words"),)


def test_rows_without_a_reason_go_on_and_the_others_say_why_with_what_was_measured():
    found = outcome(ROWS, "length", TOO_LONG, WORDS, kept=("id", "words"), detail=pl.col("note"))
    assert found.rows.rows() == [("a", 3), ("c", 7)]
    assert found.verdicts.rows() == [
        ("a", "facts", "facts.jsonl:1", "kept", None, None, None, 3),
        ("b", "facts", "facts.jsonl:2", "dropped", "length", "too_long", "long", 90),
        ("c", "facts", "facts.jsonl:3", "kept", None, None, None, 7),
    ]
    check_accounted(found, 3, "screen/facts-00000")


def test_rows_that_fall_out_by_lot_have_a_verdict_of_their_own():
    found = outcome(ROWS, "sample", TOO_LONG, kept=("id",), verdict=SAMPLED_OUT)
    assert found.verdicts["verdict"].to_list() == [KEPT, SAMPLED_OUT, KEPT]


@pytest.mark.parametrize("reason", [TOO_LONG, NO_REASON])
@pytest.mark.parametrize("rows", [ROWS, ROWS.clear()])
def test_verdicts_have_the_same_columns_whatever_the_rows_and_the_reasons(rows, reason):
    found = outcome(rows, "length", reason, WORDS, kept=("id",))
    assert found.verdicts.schema == {**VERDICT_SCHEMA, "length.words": pl.Int64}
    assert found.verdicts.height == rows.height
