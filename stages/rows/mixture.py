"""Mixture: which kinds of rows a dataset has, and how many of each, exact to one row."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, model_validator

from sayso.stages.rows.kinds import KINDS, Kind


class Mixture(BaseModel):
    """The kinds of rows, by share or by count; all are spoken instructions, and recorded speech transcriptions, when
    neither is given.

    `instruction`: the prompt is said, the answer is text. `transcription`: the prompt is said, and the answer is what
    was said. `text`: nothing is said. `two_turn` and `four_turn`: the first two or four turns of a conversation,
    with each prompt said; both are published as `multi_turn`. `inaudible`: random sound tokens, and an answer that asks
    to say it again. `pretraining`: the sound tokens of recorded speech, and nothing else. Recorded speech can be of the
    kinds `transcription` and `pretraining` alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shares: dict[Kind, PositiveFloat] = Field(
        default={}, description="share of the published rows that each kind has; the scarcest kind decides how many"
    )
    counts: dict[Kind, PositiveInt] = Field(
        default={}, description="published rows of each kind, or as many as there are"
    )

    @model_validator(mode="after")
    def _is_told_in_one_way(self) -> Mixture:
        if self.shares and self.counts:
            raise ValueError("shares and counts both say how many rows of a kind there are; give one of them")
        if self.shares and not math.isclose(math.fsum(self.shares.values()), 1, abs_tol=1e-9):
            raise ValueError(f"shares must add up to 1, not {math.fsum(self.shares.values()):g}")
        if "inaudible" in self.asked and not any(KINDS[kind].is_said for kind in self.asked):
            raise ValueError("inaudible rows take their lengths from rows that are said; name a kind of these, too")
        return self

    @property
    def is_asked(self) -> bool:
        """Whether the recipe says anything of kinds."""
        return bool(self.shares or self.counts)

    @property
    def asked(self) -> dict[Kind, float]:
        """What each kind has in proportion, in the order of `KINDS`; by share or by count."""
        given: dict[Kind, float] = {**self.shares, **self.counts} or {"instruction": 1.0}
        return {kind: given[kind] for kind in KINDS if kind in given}

    @property
    def most_turns(self) -> int:
        """How many turns of a conversation a row needs at most."""
        return max(KINDS[kind].turns for kind in self.asked)


def divide(total: int, parts: Mapping[Kind, float]) -> dict[Kind, int]:
    """`total` divided in proportion to `parts`, each within one of its exact part: by the largest remainder."""
    whole = math.fsum(parts.values())
    exact = {kind: total * part / whole for kind, part in parts.items()}
    # What should be a whole number, and is not by the last bit of a float, is one.
    counts = {kind: math.floor(part + 1e-9) for kind, part in exact.items()}
    order = {kind: place for place, kind in enumerate(KINDS)}
    by_remainder = sorted(exact, key=lambda kind: (round(counts[kind] - exact[kind], 9), order[kind]))
    for kind in by_remainder[: total - sum(counts.values())]:
        counts[kind] += 1
    return counts


def attainable_counts(mixture: Mixture, there: Mapping[Kind, int]) -> dict[Kind, int]:
    """How many rows of each kind come out when so many are `there`; a kind that is not in it can be made at will.

    By shares, the largest total whose parts are all there; by counts, what is asked for or all there are.
    """
    if mixture.counts:
        return {kind: min(count, there.get(kind, count)) for kind, count in mixture.counts.items()}
    asked = mixture.asked
    limits = {kind: there[kind] for kind in asked if kind in there}
    # A part is less than one above its share of the total, so no larger total can do.
    total = min(math.floor((rows + 1) / asked[kind]) for kind, rows in limits.items())
    while any(divide(total, asked)[kind] > rows for kind, rows in limits.items()):
        total -= 1
    return divide(total, asked)
