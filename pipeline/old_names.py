"""Old names in recipes and in banks of voices: each is read as the new one, with a warning."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.pipeline.recipe_file import RecipeError


class OldName(FutureWarning):
    """A file has a name that is another now; the message names the file, the place, the old name and the new one."""


@dataclass(frozen=True)
class Key:
    """A key that was renamed, in the mapping at a place of the recipe; "*" stands for each entry of a list."""

    place: str
    old: str
    new: str


@dataclass(frozen=True)
class Value:
    """A value of a key that was renamed, such as the name of a filter, in the mapping at a place of the recipe."""

    place: str
    key: str
    old: str
    new: str


@dataclass(frozen=True)
class MovedKey:
    """A key that now stands in mappings below the one that it was in, under dotted names: in each of them."""

    place: str
    old: str
    new: tuple[str, ...]


RENAMED: tuple[Key | Value | MovedKey, ...] = (
    Value("screen.filters.*", "filter", "length", "spoken_length"),
    Value("screen.filters.*", "filter", "sayable", "pronounceable"),
    Key("synthesize.tokenizer", "rows_together", "max_batch_size"),
    Key("synthesize.voices.*.whisperspeech", "rows_together", "max_batch_size"),
    MovedKey("resources", "workers", ("text.workers", "speech.workers")),
    MovedKey("resources", "gpus_per_worker", ("speech.gpus",)),
)


def with_new_names(content: Any, path: Path, below: str = "") -> Any:
    """The content of the file at `path` with a new name for each old one, and one warning (OldName) for each of these.

    `below` is where in a recipe the content would stand: "synthesize.voices" for a bank of voices.
    Raises RecipeError where an old key stands beside the new one.
    """
    for renamed in RENAMED:
        if not f"{renamed.place}.".startswith(f"{below}." if below else ""):
            continue
        found: list[str] = []
        rename = _RENAME[type(renamed)](renamed, path, found)
        way = [step for step in renamed.place.removeprefix(below).split(".") if step]
        content = _change(content, way, "", rename)
        for message in found[:1]:
            warnings.warn(message, OldName, stacklevel=2)
    return content


def _change(node: Any, way: Sequence[str], place: str, rename: Callable[[dict[Any, Any], str], Any]) -> Any:
    """`node` with the mappings at the end of the way changed. Nothing else is looked into: YAML may hold circles."""
    if not way:
        return rename(node, place) if isinstance(node, dict) else node
    step, *further = way
    if step == "*" and isinstance(node, list):
        return [_change(entry, further, f"{place}[{number}]", rename) for number, entry in enumerate(node)]
    if isinstance(node, dict) and step in node:
        return {**node, step: _change(node[step], further, f"{place}.{step}", rename)}
    return node


def _rename_key(key: Key, path: Path, found: list[str]) -> Callable[[dict[Any, Any], str], Any]:
    def rename(node: dict[Any, Any], place: str) -> Any:
        if key.old not in node:
            return node
        where = f"{path}: {f'{place}.{key.old}'.lstrip('.')}"
        if key.new in node:
            raise RecipeError(f"{where}: this is the old name of {key.new!r}, which is given, too; leave the old out")
        found.append(f"{where}: {key.old!r} is called {key.new!r} now, and is read as that")
        return {key.new if name == key.old else name: value for name, value in node.items()}

    return rename


def _rename_value(value: Value, path: Path, found: list[str]) -> Callable[[dict[Any, Any], str], Any]:
    def rename(node: dict[Any, Any], place: str) -> Any:
        if node.get(value.key) != value.old:
            return node
        where = f"{path}: {f'{place}.{value.key}'.lstrip('.')}"
        found.append(f"{where}: {value.old!r} is called {value.new!r} now, and is read as that")
        return {**node, value.key: value.new}

    return rename


def _move_key(key: MovedKey, path: Path, found: list[str]) -> Callable[[dict[Any, Any], str], Any]:
    def move(node: dict[Any, Any], place: str) -> Any:
        if key.old not in node:
            return node
        where = f"{path}: {f'{place}.{key.old}'.lstrip('.')}"
        moved = {name: value for name, value in node.items() if name != key.old}
        for new in key.new:
            below, _, name = new.rpartition(".")
            there = moved.get(below) or {}
            if not isinstance(there, dict):
                # What is wrong with it is told by whoever checks the recipe.
                continue
            if name in there:
                raise RecipeError(f"{where}: this is the old name of {new!r}, which is given, too; leave the old out")
            moved[below] = {**there, name: node[key.old]}
        found.append(f"{where}: {key.old!r} is called {_listed(key.new)} now, and is read as that")
        return moved

    return move


def _listed(names: Sequence[str]) -> str:
    return " and ".join(map(repr, names))


_RENAME: dict[type, Callable[..., Callable[[dict[Any, Any], str], Any]]] = {
    Key: _rename_key,
    Value: _rename_value,
    MovedKey: _move_key,
}
