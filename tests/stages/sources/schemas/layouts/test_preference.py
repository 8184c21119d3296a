"""Pairs of a chosen and a rejected reply: what is asked is all that stands beside them."""

import pytest

from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from tests.stages.sources.schemas.test_schemas import ASKED, HI, converted, frame, resolved

PAIR: dict[str, object] = {"instruction": "Put it into the past.", "chosen": "She sang.", "rejected": "She sing."}


def test_an_input_is_said_after_the_instruction_of_a_pair() -> None:
    rows = converted({**PAIR, "input": "She sings."}, {**PAIR, "input": "none"}, {**PAIR, "input": None}, PAIR)
    assert rows["prompt"].to_list() == ["Put it into the past.\nShe sings.", *["Put it into the past."] * 3]
    assert rows["answer"].to_list() == ["She sang."] * 4


def test_an_input_of_a_pair_is_said_up_to_a_length() -> None:
    row = {**PAIR, "input": "She sings."}
    result = apply_schema(resolved(row), frame([row]), ReadingOptions(max_input_characters=9)).row(0, named=True)
    assert result["reason"] == "has_attached_input"
    assert result["detail"] == "its input has 10 characters; the source takes 9"


@pytest.mark.parametrize(
    "row",
    [
        {"conversations": HI[:1], "chosen": HI[1], "rejected": HI[1]},
        {"prompt": "Say hi.", "chosen": ASKED, "rejected": ASKED},
    ],
)
def test_an_input_beside_a_whole_conversation_drops_its_row_unless_it_is_said_there(row: dict[str, object]) -> None:
    rows = converted({**row, "input": "To Ann."}, {**row, "input": "Say hi."}, {**row, "input": ["To Ann."]})
    assert rows["reason"].to_list() == ["has_attached_input", None, "has_attached_input"]
    assert rows["detail"][0] == "`input` holds what its conversation does not"
    assert rows["detail"][2] == "`input` is a list, not text"


def test_a_history_of_a_pair_is_the_turns_before() -> None:
    rows = converted({**PAIR, "history": []}, {**PAIR, "history": [["Say hi.", "Hi!"]]}, {**PAIR, "history": ["hi"]})
    assert rows["reason"].to_list() == [None, None, "bad_messages"]
    assert rows["prompt"].to_list()[:2] == ["Put it into the past.", "Say hi."]
    assert [turn["content"] for turn in rows["messages"][1]] == ["Say hi.", "Hi!", PAIR["instruction"], PAIR["chosen"]]
