"""Continuous batching: rows wait for a slot, are worked on together, and leave when each of them ends."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import torch

from stages.speech.groups import is_out_of_memory

Row = TypeVar("Row")
Row_contra = TypeVar("Row_contra", contravariant=True)
Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class RowByRow(Protocol[Row_contra, Result_co]):
    """A model at work on several rows, one in each of its slots."""

    slots: int

    def seat(self, slot: int, row: Row_contra) -> None:
        """Begin a row in a free slot. Raises where the row cannot be begun."""
        ...

    def step(self, slots: Sequence[int]) -> Mapping[int, Result_co | Exception]:
        """Take the rows in these slots one step further; what came of each row that ended, by its slot."""
        ...


class Batches(Generic[Row, Result]):
    """Runs any number of rows through a model in `slots` slots, made anew with half of them when memory runs out."""

    def __init__(self, make: Callable[[int], RowByRow[Row, Result]], slots: int) -> None:
        self._make, self._slots = make, slots
        self._model: RowByRow[Row, Result] | None = None

    def run(self, rows: Sequence[Row]) -> list[Result | Exception]:
        """What came of each row, in order: a row that fails gets its error and the others go on.

        After an out-of-memory error the rows that had not ended begin again in half as many slots; at one slot, the
        row that does not fit gets the error.
        """
        done: dict[int, Result | Exception] = {}
        while len(done) < len(rows):
            try:
                self._model = self._model or self._make(self._slots)
                _run(self._model, rows, done)
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
                self._model = None
                if self._slots == 1:
                    done[next(place for place in range(len(rows)) if place not in done)] = error
                self._slots = max(1, self._slots // 2)
            # Outside of the handler, where the error no longer holds on to the tensors it met.
            if self._model is None and torch.cuda.is_available():
                torch.cuda.empty_cache()
        return [done[place] for place in range(len(rows))]


def _run(model: RowByRow[Row, Result], rows: Sequence[Row], done: dict[int, Result | Exception]) -> None:
    waiting = deque(place for place in range(len(rows)) if place not in done)
    seated: dict[int, int] = {}
    while waiting or seated:
        for slot in itertools.filterfalse(seated.__contains__, range(model.slots)):
            if not waiting:
                break
            place = waiting.popleft()
            try:
                model.seat(slot, rows[place])
                seated[slot] = place
            except Exception as error:  # whatever it is, it is this row's own
                if is_out_of_memory(error):
                    raise
                done[place] = error
        if seated:
            for slot, result in model.step(sorted(seated)).items():
                done[seated.pop(slot)] = result
