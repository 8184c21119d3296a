"""Continuous batching: rows wait for a slot, are worked on together, and leave when each of them ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import torch

from sayso.stages.speech.devices.batch_runner import is_out_of_memory

Row = TypeVar("Row")
Row_contra = TypeVar("Row_contra", contravariant=True)
Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


class RowByRow(Protocol[Row_contra, Result_co]):
    """A model at work on several rows, one in each of its slots."""

    slots: int
    prefill_batch: int
    """How many rows are begun at once, and so how many slots must be free for that."""

    def check(self, row: Row_contra) -> None:
        """Raises where the row cannot be begun."""
        ...

    def prefill(self, slots: Sequence[int], rows: Sequence[Row_contra]) -> None:
        """Begin rows in free slots."""
        ...

    def step(self, slots: Sequence[int]) -> Mapping[int, Result_co | Exception]:
        """Take the rows in these slots one step further; what came of each row that ended, by its slot."""
        ...


class ContinuousBatcher(Generic[Row, Result]):
    """Runs any number of rows through a model in `slots` slots, made anew with half of them when memory runs out.

    Those that take longest, by `length`, begin first: rows of one length end together, and short ones fill the gaps.
    """

    def __init__(
        self, make: Callable[[int], RowByRow[Row, Result]], slots: int, length: Callable[[Row], float]
    ) -> None:
        self._make, self._slots, self._length = make, slots, length
        self._model: RowByRow[Row, Result] | None = None

    def run(self, rows: Sequence[Row]) -> list[Result | Exception]:
        """What came of each row, in order: a row that fails gets its error and the others go on.

        After an out-of-memory error the rows that had not ended begin again in half as many slots; at one slot, the
        row that does not fit gets the error. Raises any other error of the model, which is then made anew.
        """
        order = sorted(range(len(rows)), key=lambda place: -self._length(rows[place]))
        done: dict[int, Result | Exception] = {}
        while len(done) < len(rows):
            left = [place for place in order if place not in done]
            try:
                self._model = self._model or self._make(self._slots)
                _run(self._model, rows, left, done)
            except Exception as error:  # of whatever kind: rows sit in the model's slots that nobody waits for any more
                self._model = None
                if not is_out_of_memory(error):
                    raise
                if self._slots == 1:
                    done[left[0]] = error
                self._slots = max(1, self._slots // 2)
            # Outside of the handler, where the error no longer holds on to the tensors it met.
            if self._model is None and torch.cuda.is_available():
                torch.cuda.empty_cache()
        return [done[place] for place in range(len(rows))]


def _run(
    model: RowByRow[Row, Result], rows: Sequence[Row], order: Sequence[int], done: dict[int, Result | Exception]
) -> None:
    waiting: deque[int] = deque()
    for place in order:
        try:
            model.check(rows[place])
            waiting.append(place)
        except Exception as error:  # whatever it is, it is this row's own
            done[place] = error
    active: dict[int, int] = {}
    while waiting or active:
        free = [slot for slot in range(model.slots) if slot not in active]
        while waiting and len(free) >= (count := min(model.prefill_batch, len(waiting))):
            places = [waiting.popleft() for _ in range(count)]
            slots, free = free[:count], free[count:]
            begun = _prefill(model, rows, dict(zip(slots, places, strict=True)), done)
            active |= begun
            free.extend(slot for slot in slots if slot not in begun)
        if active:
            for slot, result in model.step(sorted(active)).items():
                done[active.pop(slot)] = result


def _prefill(
    model: RowByRow[Row, Result], rows: Sequence[Row], places: dict[int, int], done: dict[int, Result | Exception]
) -> dict[int, int]:
    """Begin the rows at these places, by slot; those that could be. Where one cannot, each begins by itself."""
    try:
        model.prefill([*places], [rows[place] for place in places.values()])
        return places
    except Exception as error:  # one row's own, it may be
        if is_out_of_memory(error):
            raise
        if len(places) == 1:
            done |= dict.fromkeys(places.values(), error)
            return {}
    begun: dict[int, int] = {}
    for slot, place in places.items():
        begun |= _prefill(model, rows, {slot: place}, done)
    return begun
