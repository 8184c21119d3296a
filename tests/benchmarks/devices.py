"""The clock and the memory of a device, so that work on it can be measured."""

from __future__ import annotations

import gc
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import torch

from sayso.stages.speech.devices.batch_runner import is_out_of_memory

MIB = 1024**2
# Work that takes less is done again and again, for that long.
LEAST_SECONDS = 0.1

Result = TypeVar("Result")


class OutOfMemory(Exception):
    """The work did not fit, or only in smaller batches than it was given."""

    def __str__(self) -> str:
        return "there was not enough memory"


@dataclass(frozen=True)
class Cost:
    """What one piece of work takes: seconds, and the most memory, that of the models included."""

    seconds: float
    peak_mib: int


class Device(Protocol):
    """Where work is done."""

    name: str

    def now(self) -> float:
        """Seconds on some clock, when all work that was asked for is done."""
        ...

    def forget_peak(self) -> None:
        """Let `peak_mib` begin anew."""
        ...

    def peak_mib(self) -> int:
        """The most memory in use."""
        ...

    def times_full(self) -> int:
        """How often there was no room, as far as this is known."""
        ...


class Gpu:
    """A CUDA device, by torch's own account of its memory."""

    def __init__(self, device: str) -> None:
        self._device = torch.device(device)
        self.name = torch.cuda.get_device_name(self._device)

    def now(self) -> float:
        torch.cuda.synchronize(self._device)
        return time.perf_counter()

    def forget_peak(self) -> None:
        torch.cuda.reset_peak_memory_stats(self._device)

    def peak_mib(self) -> int:
        return torch.cuda.max_memory_allocated(self._device) // MIB

    def times_full(self) -> int:
        return torch.cuda.memory_stats(self._device).get("num_ooms", 0)


class Processor:
    """A CPU, with the memory of the whole process (Linux); what it held before cannot be taken off."""

    def __init__(self) -> None:
        self.name = f"CPU ({platform.machine()}, {torch.get_num_threads()} torch threads)"

    def now(self) -> float:
        return time.perf_counter()

    def forget_peak(self) -> None:
        pass

    def peak_mib(self) -> int:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // MIB

    def times_full(self) -> int:
        return 0


def precision_of(device: str) -> str:
    """What models are measured in there: on a GPU in what the recipes for one speak in."""
    return "float16" if torch.device(device).type == "cuda" else "float32"


def device_of(name: str) -> Device:
    """The device that torch knows by this name."""
    return Gpu(name) if torch.device(name).type == "cuda" else Processor()


def measured(
    device: Device, work: Callable[[], Sequence[Result | Exception]], warm_up: Callable[[], object]
) -> tuple[list[Result], Cost]:
    """What comes of work, and what it costs after a warm-up that counts for nothing.

    Raises OutOfMemory, or the error that a row met.
    """
    full = device.times_full()
    found: tuple[list[Result], Cost] | None = None
    try:
        warm_up()
        found = _again(device, work)
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
    # Outside of the handler, where the error no longer holds on to the tensors it met. The engines themselves go on in
    # halves where a batch does not fit, so only the device knows.
    if found is None or device.times_full() > full:
        raise OutOfMemory
    return found


def _again(device: Device, work: Callable[[], Sequence[Result | Exception]]) -> tuple[list[Result], Cost]:
    device.forget_peak()
    start, times, seconds = device.now(), 0, 0.0
    while not times or seconds < LEAST_SECONDS:
        results = work()
        times += 1
        seconds = device.now() - start
    error = next((result for result in results if isinstance(result, Exception)), None)
    if error is not None:
        raise error
    return list(results), Cost(seconds / times, device.peak_mib())


def make_room() -> None:
    """Give back the memory of what is no longer used."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
