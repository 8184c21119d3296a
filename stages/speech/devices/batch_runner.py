"""Batches: a model gets rows a few at a time, and fewer when memory runs out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

Row = TypeVar("Row")
Result = TypeVar("Result")


class BatchRunner:
    """Runs any number of rows through a model, `size` at a time, and from then on half as many when memory runs out."""

    def __init__(self, size: int) -> None:
        self.size = size

    def run(self, rows: Sequence[Row], model: Callable[[Sequence[Row], int], Sequence[Result]]) -> list[Result]:
        """What a model makes of rows, in order; it is told the size, for the last group may be shorter.

        Raises the out-of-memory error of a row that does not fit alone.
        """
        done: list[Result] = []
        while len(done) < len(rows):
            try:
                done.extend(model(rows[len(done) : len(done) + self.size], self.size))
                continue
            except (MemoryError, RuntimeError) as error:
                if self.size == 1 or not is_out_of_memory(error):
                    raise
            # Outside of the handler, where the error no longer holds on to the tensors it met.
            self.size //= 2
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
        return done


def is_out_of_memory(error: Exception) -> bool:
    """Whether the device or the machine had no room, so that less at a time may do."""
    # The CPU's allocator has no class of error of its own.
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)
