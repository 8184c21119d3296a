"""How rows share slots, with a model that counts: a row of n takes n steps."""

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
