"""How rows share slots, with a model that counts: a row of n takes n steps."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from sayso.stages.speech.voices.whisperspeech.batching import ContinuousBatcher


class Counting:
    """Writes down which rows were at work together; out of memory when more than `fits` are."""

    def __init__(self, slots: int, fits: int, seen: list, prefill_batch: int) -> None:
        self.slots, self.fits, self.seen, self.prefill_batch = slots, fits, seen, prefill_batch
        self.left: dict[int, int] = {}
        self.rows: dict[int, int] = {}

    def check(self, row):
        if row < 0:
            raise ValueError("less than nothing")

    def prefill(self, slots, rows):
        if 13 in rows:
            raise ValueError("bad luck")
        for slot, row in zip(slots, rows, strict=True):
            self.left[slot] = self.rows[slot] = row
        if sum(left > 0 for left in self.left.values()) > self.fits:
            raise MemoryError("no room")

    def step(self, slots):
        self.seen.append([self.rows[slot] for slot in slots])
        for slot in slots:
            self.left[slot] -= 1
        return {slot: f"said {self.rows[slot]}" for slot in slots if self.left[slot] == 0}


def batches(slots: int, fits: int, seen: list, prefill_batch: int = 1) -> ContinuousBatcher:
    return ContinuousBatcher(lambda count: Counting(count, fits, seen, prefill_batch), slots, length=lambda row: row)


def test_the_longest_rows_begin_and_each_that_ends_makes_room_for_the_next_one():
    seen = []
    assert batches(2, 2, seen).run([1, 4, 1, 2]) == ["said 1", "said 4", "said 1", "said 2"]
    assert seen == [[4, 2], [4, 2], [4, 1], [4, 1]]


def test_rows_that_begin_together_wait_until_there_is_room_for_all_of_them():
    seen = []
    assert batches(4, 4, seen, prefill_batch=2).run([5, 4, 3, 1, 2, 2]) == [f"said {row}" for row in (5, 4, 3, 1, 2, 2)]
    assert seen == [[5, 4, 3, 2], [5, 4, 3, 2], [5, 4, 3], [5, 4, 2, 1], [5, 2]]


def test_a_row_that_cannot_begin_with_others_fails_alone():
    found = batches(4, 4, [], prefill_batch=4).run([3, 13, 2, 1])
    assert str(found[1]) == "bad luck"
    assert [found[0], *found[2:]] == ["said 3", "said 2", "said 1"]


def test_a_row_that_cannot_begin_gets_its_error():
    found = batches(2, 2, []).run([1, -1, 2])
    assert found[::2] == ["said 1", "said 2"]
    assert str(found[1]) == "less than nothing"


def test_without_memory_the_rows_go_on_in_half_as_many_slots():
    seen = []
    running = batches(8, 2, seen)
    assert running.run([2, 2, 1]) == ["said 2", "said 2", "said 1"]
    assert max(map(len, seen)) == 2
    seen.clear()
    running.run([1] * 8)
    assert max(map(len, seen)) == 2, "what did not fit once is not tried again"


def test_a_row_that_never_fits_gets_the_error():
    found = batches(4, 0, []).run([1, 2])
    assert [str(error) for error in found] == ["no room", "no room"]


def test_an_error_of_the_model_itself_is_not_hidden():
    def broken(slots: int) -> Counting:
        raise RuntimeError("no such device")

    with pytest.raises(RuntimeError, match="no such device"):
        ContinuousBatcher(broken, 2, length=lambda row: row).run([1])


class Called(Counting):
    """While its third step is taken others call, each with rows; at its sixth it fails where it is to."""

    fault: Exception | None = None
    calls: ContinuousBatcher
    later: list[list[int]]
    call: Callable[[list[int]], None]

    def step(self, slots):
        if len(self.seen) == 2:
            for rows in self.later:
                before = len(self.calls._calls)
                self.call(rows)
                wait_until(lambda before=before: len(self.calls._calls) > before)
        if len(self.seen) == 5 and self.fault:
            self.seen.append(self.fault)
            raise self.fault
        return super().step(slots)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def several(slots: int, fault: Exception | None, *rows: list[int]) -> tuple[list[Future], list]:
    """What becomes of the rows of several callers, all but the first calling while its rows are at work."""
    seen: list = []
    with ThreadPoolExecutor() as pool:
        results = []

        def make(count: int) -> Called:
            model = Called(count, 99, seen, prefill_batch=1)
            model.fault, model.calls, model.later, model.call = fault, batcher, [*rows[1:]], submit
            return model

        def submit(rows: list[int]) -> None:
            results.append(pool.submit(batcher.run, rows))

        batcher = ContinuousBatcher(make, slots, length=lambda row: row)
        first = pool.submit(batcher.run, rows[0])
        first.exception()
    return [first, *results], seen


def test_rows_of_a_later_call_take_the_slots_that_an_earlier_one_leaves_empty() -> None:
    (first, second), seen = several(3, None, [9, 5, 4], [3, 8])
    assert first.result() == ["said 9", "said 5", "said 4"]
    assert second.result() == ["said 3", "said 8"]
    assert seen == [[9, 5, 4]] * 4 + [[9, 5, 8]] + [[9, 3, 8]] * 3 + [[9, 8]] + [[8]] * 3


def test_an_error_of_the_model_is_raised_to_all_whose_rows_were_at_work() -> None:
    (first, second, third), _ = several(2, RuntimeError("an error of the device"), [9, 4], [8], [7, 2])
    for call in (first, second):
        with pytest.raises(RuntimeError, match="an error of the device"):
            call.result()
    assert third.result() == ["said 7", "said 2"]


def test_without_memory_the_rows_of_all_callers_begin_again() -> None:
    fault = MemoryError("no room")
    (first, second), seen = several(4, fault, [9, 4, 5, 4], [8, 1])
    assert first.result() == ["said 9", "said 4", "said 5", "said 4"]
    assert second.result() == ["said 8", "said 1"]
    assert seen[4] == [9, 5, 8, 1]
    assert max(len(rows) for rows in seen[seen.index(fault) + 1 :]) == 2
