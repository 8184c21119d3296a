"""Conversations are compared as they are published, and not by their greetings."""

import polars as pl

from sayso.filters.text.folding import text_hash
from sayso.stages.deduplicate.compared_rows import as_compared
from sayso.stages.rows.recordings import NO_RECORDING
from sayso.stages.rows.turns import LATER_TURNS


def rows(*conversations):
    later = [
        [{"prompt": text, "spoken": text, "answer": "Yes."} for text in more] or None for _, *more in conversations
    ]
    prompts = pl.Series("prompt", [first for first, *_ in conversations])
    table = pl.DataFrame([prompts, text_hash(prompts), pl.Series("later_turns", later, dtype=LATER_TURNS)])
    return table.with_columns(NO_RECORDING)


def test_conversations_that_begin_with_the_same_greeting_are_different_texts():
    found = as_compared(rows(["Hi", "What is rain?"], ["Hi!", "What is snow?"], ["hi", "What is RAIN"], ["Hi"]))
    first, second, third, alone = found["text_hash"]
    assert first == third
    assert len({first, second, alone}) == 3
    assert found["prompt"].to_list() == ["Hi\nWhat is rain?", "Hi!\nWhat is snow?", "hi\nWhat is RAIN", "Hi"]


def test_all_turns_count():
    found = as_compared(rows(["Hi", "How are you?", "Why?"], ["Hi", "How are you?", "Where?"]))
    assert found["text_hash"].n_unique() == 2


def test_rows_of_one_turn_stay_as_they_are():
    given = rows(["What is rain?"], ["What is snow?"])
    assert as_compared(given).equals(given)
