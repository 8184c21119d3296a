"""What is wrong in a recipe or a bank of voices, in words: each key that is, and what it might have been meant to be.

All that is known of keys follows from the JSON schema of what was checked, so it holds for what plugins add, too.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

Schema = dict[str, Any]


def faults(where: Path | str, error: ValidationError, checked: TypeAdapter[Any]) -> str:
    """One line for each key of a file, or of a part of a recipe, that is wrong, where it was checked by `checked`."""
    schema = checked.json_schema(by_alias=True)
    return "\n".join(f"{where}: {_explain(problem, schema)}" for problem in error.errors())


def _explain(problem: Any, schema: Schema) -> str:
    way = list(_way(problem["loc"], schema))
    where = "".join(step for step, _ in way).lstrip(".") or "recipe"
    if problem["type"] == "extra_forbidden":
        *_, last = problem["loc"]
        before = way[-2][1] if len(way) > 1 else _alternatives(schema, schema)
        return f"{where}: there is no such key{_suggestion(str(last), before)}"
    if problem["type"] == "missing":
        return f"{where}: this key is needed"
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "value_error":
        return f"{where}: {message}"
    return f"{where}: {message} (it is {_shown(problem['input'])})"


def _way(location: Sequence[str | int], schema: Schema) -> Iterator[tuple[str, list[Schema]]]:
    """The steps that lead to a place, as they are written, with the schemas that may hold of what is there.

    Where models are told apart by a key, pydantic adds its value to the path; that is no step of the file.
    """
    here = _alternatives(schema, schema)
    for part in location:
        if isinstance(part, int):
            items = [one["items"] for one in here if isinstance(one.get("items"), dict)]
            here = [found for one in items for found in _alternatives(one, schema)]
            yield f"[{part}]", here
        elif inside := [one["properties"][part] for one in here if part in one.get("properties", {})]:
            here = [found for one in inside for found in _alternatives(one, schema)]
            yield f".{part}", here
        elif named := [one for one in here if part in _names(one)]:
            here = named
            yield "", here
        else:
            here = []
            yield f".{part}", here


def _alternatives(part: Schema, schema: Schema) -> list[Schema]:
    """The schemas of which one holds, each without references."""
    if "$ref" in part:
        return _alternatives(schema["$defs"][part["$ref"].rpartition("/")[2]], schema)
    inside = [one for kind in ("anyOf", "oneOf", "allOf") for one in part.get(kind, ())]
    return [found for one in inside for found in _alternatives(one, schema)] or [part]


def _names(one: Schema) -> list[str]:
    """The values by which a schema is told apart from its alternatives."""
    return [told["const"] for told in one.get("properties", {}).values() if "const" in told]


def _suggestion(key: str, alternatives: list[Schema]) -> str:
    """The keys that are known where an unknown one was found, the closest first."""
    known = list(dict.fromkeys(name for one in alternatives for name in one.get("properties", {})))
    if key in known:
        (name, *_) = [name for one in alternatives for name, told in one["properties"].items() if "const" in told]
        return f" for this {name}"
    close = difflib.get_close_matches(key, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known here: {', '.join(known)}" if known else ""


def _shown(given: object) -> str:
    if isinstance(given, int) and given.bit_length() > 1_000:
        # Python writes out no number of thousands of digits.
        return "a number of hundreds of digits"
    if isinstance(given, str | int | float | bool | None):
        text = repr(given)
        return text if len(text) <= 200 else f"{text[:200]}…"
    return type(given).__name__
