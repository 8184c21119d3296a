"""Continuous batching: rows wait for a slot, are worked on together, and leave when each of them ends.

Whoever calls while others' rows are at work has rows among them: what a shard's parts leave empty, the next ones fill.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
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


class _Call(Generic[Row, Result]):
    """The rows of one caller: the places of those that wait, the longest first, and what has come of the others."""

    def __init__(self, rows: Sequence[Row], length: Callable[[Row], float]) -> None:
        self.rows, self._length = rows, length
        self.waiting = deque[int]()
        self.done: dict[int, Result | Exception] = {}
        self.error: Exception | None = None
        self.wait(range(len(rows)))

    @property
    def is_over(self) -> bool:
        return self.error is not None or len(self.done) == len(self.rows)

    def wait(self, places: Sequence[int]) -> None:
        """Let these rows wait, beside those that do."""
        self.waiting = deque(sorted([*self.waiting, *places], key=lambda place: -self._length(self.rows[place])))

    def fail(self, error: Exception) -> None:
        self.error = error
        self.waiting.clear()


class ContinuousBatcher(Generic[Row, Result]):
    """Runs any number of rows through a model in `slots` slots, made anew with half of them when memory runs out.

    Those that take longest, by `length`, begin first: rows of one length end together, and short ones fill the gaps.
    Several threads may call at once. Rows of a later call take the slots that an earlier one leaves empty; one of the
    callers works for all of them while the others wait.
    """

    def __init__(
        self, make: Callable[[int], RowByRow[Row, Result]], slots: int, length: Callable[[Row], float]
    ) -> None:
        self._make, self._slots, self._length = make, slots, length
        self._model: RowByRow[Row, Result] | None = None
        self._calls = deque[_Call[Row, Result]]()
        self._active: dict[int, tuple[_Call[Row, Result], int]] = {}
        self._at_work = Lock()

    def run(self, rows: Sequence[Row]) -> list[Result | Exception]:
        """What came of each row, in order: a row that fails gets its error and the others go on.

        After an out-of-memory error the rows that had not ended begin again in half as many slots; at one slot, the
        row that does not fit gets the error. Any other error of the model is raised to all whose rows were at work,
        and the model is made anew.
        """
        call = _Call[Row, Result](rows, self._length)
        self._calls.append(call)
        with self._at_work:
            while not call.is_over:
                self._go_on()
        if call.error is not None:
            raise call.error
        return [call.done[place] for place in range(len(rows))]

    def _go_on(self) -> None:
        """Begin the rows that there is room for, and take all that are at work one step further."""
        try:
            self._model = self._model or self._make(self._slots)
            self._begin(self._model)
            if self._active:
                for slot, result in self._model.step(sorted(self._active)).items():
                    self._end(slot, result)
            return
        except Exception as error:  # of whatever kind: rows sit in the model's slots that nobody waits for any more
            self._model = None
            self._give_up(error)
        # Outside of the handler, where the error no longer holds on to the tensors it met.
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _begin(self, model: RowByRow[Row, Result]) -> None:
        free = [slot for slot in range(model.slots) if slot not in self._active]
        while 0 < min(model.prefill_batch, self._count_waiting()) <= len(free):
            begun = self._next(model, model.prefill_batch)
            places = dict(zip(free, begun, strict=False))
            self._active |= places
            self._prefill(model, places)
            free = [*free[len(begun) :], *(slot for slot in places if slot not in self._active)]

    def _count_waiting(self) -> int:
        return sum(len(call.waiting) for call in tuple(self._calls))

    def _next(self, model: RowByRow[Row, Result], count: int) -> list[tuple[_Call[Row, Result], int]]:
        """Up to so many rows that can be begun, of whoever called first."""
        found: list[tuple[_Call[Row, Result], int]] = []
        while self._calls and len(found) < count:
            call = self._calls[0]
            if not call.waiting:
                self._calls.popleft()
                continue
            place = call.waiting.popleft()
            try:
                model.check(call.rows[place])
                found.append((call, place))
            except Exception as error:  # whatever it is, it is this row's own
                call.done[place] = error
        return found

    def _prefill(self, model: RowByRow[Row, Result], places: dict[int, tuple[_Call[Row, Result], int]]) -> None:
        """Begin the rows at these places, by slot. Where one cannot, each begins by itself."""
        try:
            model.prefill([*places], [call.rows[place] for call, place in places.values()])
            return
        except Exception as error:  # one row's own, it may be
            if is_out_of_memory(error):
                raise
            if len(places) == 1:
                (slot,) = places
                self._end(slot, error)
                return
        for slot, row in places.items():
            self._prefill(model, {slot: row})

    def _end(self, slot: int, result: Result | Exception) -> None:
        call, place = self._active.pop(slot)
        call.done[place] = result

    def _give_up(self, error: Exception) -> None:
        """Let the rows that were at work begin again where there was no room for them, or fail those who called."""
        rows, self._active = [*self._active.values()], {}
        callers = [*dict.fromkeys(call for call, _ in rows)] or [call for call in tuple(self._calls) if call.waiting][
            :1
        ]
        if not is_out_of_memory(error):
            for call in callers:
                call.fail(error)
            return
        for call in callers:
            call.wait([place for other, place in rows if other is call])
        self._calls.extendleft(call for call in reversed(callers) if call not in self._calls)
        if self._slots == 1:
            callers[0].done[callers[0].waiting.popleft()] = error
        self._slots = max(1, self._slots // 2)
