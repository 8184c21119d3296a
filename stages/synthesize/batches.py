"""Batches: items go through a model some at a time, and fewer where a batch fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sayso.stages.speech.packages import told_of_exit
from sayso.stages.speech.protocols import SpeechModelError, SynthesisError

Item = TypeVar("Item")
Found = TypeVar("Found")
Result = TypeVar("Result")


def batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """The items in order, `size` at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def each(
    items: Sequence[Item],
    model: Callable[[Sequence[Item]], Sequence[Found | Exception]],
    checked: Callable[[Found], Result],
) -> list[Result | Exception]:
    """Results of a model on a batch; when it raises, on each half of it, and so on, so that only the culprit fails.

    Each result goes through `checked`, which raises SynthesisError for what is none. Raises the SpeechModelError of a
    model that is gone.
    """
    if not items:
        return []
    try:
        results = [*model(items)]
        if len(results) != len(items):
            raise SynthesisError(f"{len(results)} results came for {len(items)}")
    except SpeechModelError:  # the model is gone, which is the fault of no item
        raise
    except (Exception, SystemExit) as error:  # a model's own, of whatever kind: it must cost no neighbour its place
        own = SynthesisError(f"the model {told_of_exit(error)}") if isinstance(error, SystemExit) else error
        if len(items) == 1:
            return [own]
        middle = len(items) // 2
        return [result for half in (items[:middle], items[middle:]) for result in each(half, model, checked)]
    return [_checked(result, checked) for result in results]


def _checked(result: Found | Exception, checked: Callable[[Found], Result]) -> Result | Exception:
    if isinstance(result, Exception):
        return result
    try:
        return checked(result)
    except SynthesisError as error:
        return error
