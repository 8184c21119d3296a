"""CUDA graphs: the kernels of a step, recorded once and launched at once from then on.

A step of one token is hundreds of small kernels, and launching them one by one can take longer than they do. While one
thread records, others may launch.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from functools import cache
from threading import Lock

import torch
from torch import Tensor

from sayso.stages.speech.devices.batch_runner import is_out_of_memory

_RECORDING = Lock()


class Graphs:
    """A step on a CUDA device by its number of positions, recorded when that number first comes up.

    Warns where a step cannot be recorded, and launches it kernel by kernel from then on, which gives the same.
    """

    def __init__(self, step: Callable[[int], Tensor], device: torch.device) -> None:
        self._step, self._device = step, device
        self._recorded: dict[int, tuple[torch.cuda.CUDAGraph, Tensor]] = {}
        self._refused = False
        self._pool = torch.cuda.graph_pool_handle()

    def __call__(self, longest: int) -> Tensor:
        """What the step gives, in memory that the next step writes to. Raises RuntimeError for a step of no kernels."""
        if longest in self._recorded:
            graph, result = self._recorded[longest]
            graph.replay()
            return result
        # Recording carries out nothing, and may not make ready what a first step makes ready.
        result = self._step(longest)
        if not self._refused:
            with _RECORDING:
                self._record(longest)
        return result

    def _record(self, longest: int) -> None:
        graph = torch.cuda.CUDAGraph()
        # Also where the device is not the current one, whose kernels alone a recording would hold otherwise.
        with torch.cuda.device(self._device):
            before = torch.cuda.current_stream(self._device)
            try:
                with warnings.catch_warnings():
                    warnings.filterwarnings("error", message="The CUDA Graph is empty")
                    with torch.cuda.graph(
                        graph,
                        pool=self._pool,
                        stream=_recording_stream(self._device, before),
                        # What other threads ask for meanwhile, such as memory, is no fault of the recording.
                        capture_error_mode="thread_local",
                    ):
                        result = self._step(longest)
            except UserWarning as error:
                raise RuntimeError(f"nothing was recorded on {self._device}: {error}") from None
            except RuntimeError as error:
                self._close_pool()
                if is_out_of_memory(error):
                    raise
                self._refused = True
                warnings.warn(f"no CUDA graphs, so speech is slower: {error}", stacklevel=2)
                return
            finally:
                # A recording that fails stays on its own stream, where later work would not wait for earlier.
                torch.cuda.set_stream(before)
        self._recorded[longest] = graph, result

    def _close_pool(self) -> None:
        """End what a failed recording began; torch before 2.12 fails otherwise when it is to give memory back."""
        with contextlib.suppress(RuntimeError):  # where it has been ended
            torch._C._cuda_endAllocateToPool(torch.cuda.current_device(), self._pool)


@cache
def _recording_stream(device: torch.device, replayed_on: torch.cuda.Stream) -> torch.cuda.Stream:
    """One for all graphs of a stream: each stream that multiplies matrices gets memory of its own for that.

    Graphs that are replayed on different streams may be at work at once, and must not share it.
    """
    return torch.cuda.Stream(device)
