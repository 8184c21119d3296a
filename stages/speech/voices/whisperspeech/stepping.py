"""Stepping: how all rows of a batch take a step on their device, on CUDA as one graph for each stretch of positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor

from sayso.stages.speech.devices.cuda_graphs import Graphs
from sayso.stages.speech.voices.whisperspeech.decoder import Alone, Attention, Together

# A row attends to a multiple of so many positions: on average half of them for nothing, and a graph for each multiple.
STRETCH = 128

Row = TypeVar("Row")
Advance = Callable[[Attention], Tensor]
Step = Callable[[Sequence[int], Sequence[int]], Tensor]


def stepping(advance: Advance, positions: Tensor, most: int) -> Step:
    """A step for the rows in `slots`, which have so many positions each with this one, as `advance` takes it.

    `positions` (slots,) is where the rows are, on their device; `advance` moves them on in place. A row has at most
    `most`. On a CPU each row attends alone, elsewhere all together.
    """
    if positions.device.type == "cpu":
        return lambda slots, lengths: advance(Alone(slots, lengths))

    def together(longest: int) -> Tensor:
        return advance(Together(positions, longest))

    step = Graphs(together, positions.device) if positions.device.type == "cuda" else together
    return lambda slots, lengths: step(min(-(-max(lengths) // STRETCH) * STRETCH, most))


def prefill_batch(slots: int, device: torch.device | str) -> int:
    """How many rows are begun at once: one on a CPU, where the bits of its encoder's output are to be its own."""
    return 1 if torch.device(device).type == "cpu" else max(1, slots // 8)


def fill_group(rows: Sequence[Row], count: int) -> list[Row]:
    """Rows with the first again behind them, `count` in all: the last bits may hang on how many are begun at once."""
    return [*rows, *[rows[0]] * (count - len(rows))]


class SlotStates:
    """Where the row in each slot is, on the device and here as well, and what it is drawn by."""

    def __init__(self, slots: int, device: torch.device | str) -> None:
        self.positions = torch.zeros(slots, dtype=torch.long, device=device)
        self.temperatures = torch.zeros(slots, device=device)
        self.seeds = torch.zeros(slots, dtype=torch.long, device=device)
        self._occupied = torch.zeros(slots, dtype=torch.long, device=device)
        self._counts = [0] * slots

    def begin(self, slots: Sequence[int], temperatures: Sequence[float], seeds: Sequence[int]) -> None:
        device = self.positions.device
        places = torch.tensor(slots, device=device)
        self.positions[places], self._occupied[places] = 0, 1
        self.temperatures[places] = torch.tensor(temperatures, dtype=torch.float32, device=device)
        self.seeds[places] = torch.tensor(seeds, device=device)
        for slot in slots:
            self._counts[slot] = 0

    def ahead(self, slots: Sequence[int]) -> list[int]:
        """How many positions the rows in these slots have with the step that is taken now."""
        for slot in slots:
            self._counts[slot] += 1
        return [self._counts[slot] for slot in slots]

    def advance(self) -> None:
        """Move the rows on, on the device; a slot without a row stays where it is."""
        self.positions += self._occupied

    def end(self, slots: Sequence[int]) -> None:
        if slots:
            places = torch.tensor(slots, device=self.positions.device)
            self.positions[places], self._occupied[places] = 0, 0
