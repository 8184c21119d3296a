"""One function for many things at a time, as where each waits for a store: what it gives, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")


def in_order(function: Callable[[Given], Found], things: Iterable[Given], at_a_time: int) -> Iterator[Found]:
    """What a function gives for each thing, asked by so many threads. No more than these are ahead of the caller."""
    ahead = deque[Future[Found]]()
    with ThreadPoolExecutor(at_a_time) as threads:
        try:
            for thing in things:
                ahead.append(threads.submit(function, thing))
                if len(ahead) >= at_a_time:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for left in ahead:
                left.cancel()
