"""What is wrong in a recipe or a bank of voices, in words: each key that is, and what it might have been meant to be.

All that is known of keys follows from the JSON schema of what was checked, so it holds for what plugins add, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sayso.manifests.suggestions import suggestion

Schema = dict[str, Any]

KEYS_NEEDED = "keys and their values are needed"
# What pydantic says in words of Python, by its kinds of errors.
SAID = {
    "dict_type": KEYS_NEEDED,
    "model_type": KEYS_NEEDED,
    "model_attributes_type": KEYS_NEEDED,
    "tuple_type": "a list is needed",
    "string_type": "a text is needed",
    "too_short": "at least {min_length} is needed",
    "too_long": "at most {max_length} can be here, not {actual_length}",
}
# What pydantic counts in a list are its whole values, and one that is not has a fault of its own.
FOLLOWS = ("too_short", "too_long")
# What pydantic adds to the place of a key that is wrong itself.
OF_KEY = "[key]"
# The names of types as a recipe knows them.
KINDS = {"list": "a list", "dict": "keys and values", "NoneType": "empty"}


def faults(where: Path | str, error: ValidationError, checked: TypeAdapter[Any]) -> str:
    """One line for each key of a file, or of a part of a recipe, that is wrong, where it was checked by `checked`."""
    schema, problems = checked.json_schema(by_alias=True), error.errors()
    of_their_own = [problem for problem in problems if not _only_follows(problem, problems)]
    return "\n".join(f"{where}: {_explain(problem, schema)}" for problem in of_their_own)


def _only_follows(problem: Any, problems: Sequence[Any]) -> bool:
    """Whether a problem is there only because something inside is wrong, which another one tells."""
    place = problem["loc"]
    inside = (other for other in problems if len(other["loc"]) > len(place) and other["loc"][: len(place)] == place)
    return problem["type"] in FOLLOWS and any(inside)


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
    if problem["type"] in SAID:
        message = SAID[problem["type"]].format(**problem.get("ctx", {}))
    if problem["type"] == "tuple_type" and isinstance(problem["input"], str | int | float):
        message += f", as in [{problem['input']}]"
    if problem["type"] == "literal_error":
        message += _meant(problem)
    return f"{where}: {message} (it is {_shown(problem['input'])})"


def _meant(problem: Any) -> str:
    """The allowed value that is closest to the one given, where one is."""
    told = suggestion(problem["input"], problem["ctx"]["expected"].split("'")[1::2])
    return told if "did you mean" in told else ""


def _way(location: Sequence[str | int], schema: Schema) -> Iterator[tuple[str, list[Schema]]]:
    """The steps that lead to a place, as they are written, with the schemas that may hold of what is there.

    Where models are told apart by a key, pydantic adds its value to the path; that is no step of the file.
    """
    here = _alternatives(schema, schema)
    for part in location:
        if part == OF_KEY:
            continue
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
    return suggestion(key, known)


def _shown(given: object) -> str:
    if isinstance(given, int) and given.bit_length() > 1_000:
        # Python writes out no number of thousands of digits.
        return "a number of hundreds of digits"
    if isinstance(given, str | int | float):
        text = repr(given)
        return text if len(text) <= 200 else f"{text[:200]}…"
    return KINDS.get(type(given).__name__, type(given).__name__)
