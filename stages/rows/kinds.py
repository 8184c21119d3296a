"""The kinds of rows: which rows can be of each, and what a row of it says when it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# Mixtures name them, so that these are a part of the recipe's schema.
Kind = Literal["instruction", "transcription", "text", "two_turn", "four_turn", "inaudible"]


@dataclass(frozen=True)
class RowsOfKind:
    """What a kind asks of a row, and what becomes of it.

    `turns`: how many turns a row must have to be dealt to this kind, and keeps; a turn is a user's message and its
    answer. `is_said`: whether a voice says the prompts. `is_made`: whether its rows are made for their place in the
    mixture, and not drawn from the sources. `answer`: the column that the assistant says in the first turn.
    `asks_to_transcribe`: whether a request to write down the sound stands before it. `published_as`: the kind that
    the published row has, its own when not given.
    """

    turns: int = 1
    is_said: bool = True
    is_made: bool = False
    answer: Literal["answer", "spoken"] = "answer"
    asks_to_transcribe: bool = False
    published_as: str | None = None


# In the order in which they are shown, and in which shares that are alike get the rows that are left over.
KINDS: Mapping[Kind, RowsOfKind] = {
    "instruction": RowsOfKind(),
    "transcription": RowsOfKind(answer="spoken", asks_to_transcribe=True),
    "text": RowsOfKind(is_said=False),
    "two_turn": RowsOfKind(turns=2, published_as="multi_turn"),
    "four_turn": RowsOfKind(turns=4, published_as="multi_turn"),
    "inaudible": RowsOfKind(is_said=False, is_made=True),
}


def published_kind(kind: Kind) -> str:
    """What rows of a kind are called in the published column `kind`."""
    return KINDS[kind].published_as or kind
