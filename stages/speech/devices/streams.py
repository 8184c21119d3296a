"""Streams: models that work beside others on one device, each in an order of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from types import TracebackType

import torch
from torch.backends import cudnn


class OwnStream:
    """On a CUDA device a stream of its own for a model's work, on another nothing."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None

    @contextmanager
    def entered(self) -> Iterator[None]:
        """What is done within begins when the stream of the caller has done what it was told before.

        What is made within must have come to the CPU by its end: others do not wait for this stream.
        """
        if self._stream is None:
            yield
            return
        self._stream.wait_stream(torch.cuda.current_stream(self._device))
        with torch.cuda.stream(self._stream):
            yield


class _ExactConvolutions:
    """See `exact_convolutions`: the flags are the process's, so the last thread to leave puts them back."""

    def __init__(self) -> None:
        self._lock, self._within = Lock(), 0
        self._flags: AbstractContextManager[None] | None = None

    def __enter__(self) -> None:
        with self._lock:
            if self._within == 0:
                self._flags = cudnn.flags(enabled=True, deterministic=True, allow_tf32=False)
                self._flags.__enter__()
            self._within += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._within -= 1
            if self._within == 0 and self._flags is not None:
                self._flags.__exit__(None, None, None)


exact_convolutions = _ExactConvolutions()
"""Within it convolutions are in float32 proper and in a fixed order; a GPU would take them in TF32, by default."""
