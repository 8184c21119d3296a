"""Signals that end a command: each as Ctrl-C does, so that it is told what is safe and leaves no process behind."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

# From a terminal that is closed, and from whatever stops services and batch jobs.
ENDING = (signal.SIGHUP, signal.SIGTERM)


@dataclass
class Ending:
    """The number of the signal that ended a command: that of Ctrl-C, unless another one came."""

    number: int = signal.SIGINT


@contextmanager
def raise_on_signals() -> Iterator[Ending]:
    """Raise KeyboardInterrupt in this block where an ending signal comes, and tell which it was.

    One that is ignored, as under nohup, stays so.
    """
    ending = Ending()

    def stop(number: int, frame: FrameType | None) -> None:
        # Kept here, for a library that is interrupted may raise another KeyboardInterrupt instead of this one.
        ending.number = number
        raise KeyboardInterrupt

    with keep_handlers():
        if _may_handle():
            for number in ENDING:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    signal.signal(number, stop)
        yield ending


@contextmanager
def keep_handlers() -> Iterator[None]:
    """Keep the handlers of ending signals where a library puts its own in their places."""
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        yield
    finally:
        if _may_handle():
            for number, handler in before.items():
                signal.signal(number, handler)


def _may_handle() -> bool:
    return threading.current_thread() is threading.main_thread()
