"""How rows go through a model a few at a time, with one that is out of memory at more than it can take."""

import pytest

from sayso.stages.speech.devices.batch_runner import BatchRunner


class Doubling:
    """Doubles numbers; writes down its groups, and the size it was told."""

    def __init__(self, fits: int) -> None:
        self.fits = fits
        self.seen: list[tuple[list[int], int]] = []

    def __call__(self, rows, together):
        self.seen.append(([*rows], together))
        if together > self.fits:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        return [2 * row for row in rows]


def test_the_last_group_may_be_short_and_is_told_the_size():
    model = Doubling(2)
    assert BatchRunner(2).run([1, 2, 3], model) == [2, 4, 6]
    assert model.seen == [([1, 2], 2), ([3], 2)]
    assert BatchRunner(2).run([], model) == []


def test_without_memory_the_rows_go_on_in_half_as_large_groups():
    groups, model = BatchRunner(8), Doubling(2)
    assert groups.run([1, 2, 3], model) == [2, 4, 6]
    assert model.seen == [([1, 2, 3], 8), ([1, 2, 3], 4), ([1, 2], 2), ([3], 2)]
    model.seen.clear()
    groups.run([1, 2, 3, 4], model)
    assert model.seen == [([1, 2], 2), ([3, 4], 2)], "what did not fit once is not tried again"


def test_what_was_done_before_memory_ran_out_is_not_done_again():
    groups, model = BatchRunner(4), Doubling(4)
    assert groups.run([1, 2, 3, 4, 5, 6], lambda rows, together: _then_full(model, rows, together)) == [
        *(2, 4, 6, 8, 10, 12)
    ]
    assert [rows for rows, _ in model.seen] == [[1, 2, 3, 4], [5, 6], [5, 6]]


def _then_full(model, rows, together):
    results = model(rows, together)
    model.fits = 2
    return results


def test_a_row_that_does_not_fit_alone_is_an_error():
    with pytest.raises(RuntimeError, match="can't allocate memory"):
        BatchRunner(4).run([1], Doubling(0))


def test_another_error_is_none_of_memory():
    def broken(rows, together):
        raise RuntimeError("no such device")

    with pytest.raises(RuntimeError, match="no such device"):
        BatchRunner(4).run([1, 2], broken)
