"""In place of numba: Whisper decorates what aligns words in time with it, which nothing here asks for."""

from typing import Any


def jit(*functions: Any, **_: Any) -> Any:
    return functions[0] if functions and callable(functions[0]) else lambda function: function


njit = jit
