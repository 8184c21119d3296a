"""The kinds of rows: which rows can be of each, and what a row of it says when it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# Mixtures name them, so that these are a part of the recipe's schema.
Kind = Literal["instruction", "transcription", "text", "two_turn", "four_turn", "inaudible", "pretraining"]


@dataclass(frozen=True)
class RowsOfKind:
    """What a kind asks of a row, and what becomes of it.

    `turns`: how many turns a row must have to be dealt to this kind, and keeps; a turn is a user's message and its
    answer. `is_said`: whether somebody says the prompts. `is_made`: whether its rows are made for their place in the
    mixture, and not drawn from the sources. `of_texts`, `of_recordings`: whether a row that is text, or one that is
    recorded speech, can be of it. `answer`: the column that the assistant says in the first turn, if any.
    `asks_to_transcribe`: whether a request to write down the sound stands before it. `published_as`: the kind that
    the published row has, its own when not given.
    """

    turns: int = 1
    is_said: bool = True
    is_made: bool = False
    of_texts: bool = True
    of_recordings: bool = False
    answer: Literal["answer", "spoken"] | None = "answer"
    asks_to_transcribe: bool = False
    published_as: str | None = None


# In the order in which they are shown, and in which shares that are alike get the rows that are left over.
KINDS: Mapping[Kind, RowsOfKind] = {
    "instruction": RowsOfKind(),
    "transcription": RowsOfKind(of_recordings=True, answer="spoken", asks_to_transcribe=True),
    "text": RowsOfKind(is_said=False),
    "two_turn": RowsOfKind(turns=2, published_as="multi_turn"),
    "four_turn": RowsOfKind(turns=4, published_as="multi_turn"),
    "inaudible": RowsOfKind(is_said=False, is_made=True),
    "pretraining": RowsOfKind(of_texts=False, of_recordings=True, answer=None),
}


def published_kind(kind: Kind) -> str:
    """What rows of a kind are called in the published column `kind`."""
    return KINDS[kind].published_as or kind
