"""Reading the YAML files that describe a run, and saying what is wrong in them."""

from __future__ import annotations

import difflib
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from sayso.manifests.errors import ExitCode, SaysoError


class RecipeError(SaysoError):
    """Raised when a recipe cannot be read; names the file and every key that is wrong."""

    exit_code = ExitCode.BAD_RECIPE


def read_yaml(path: Path) -> Any:
    """What a YAML file holds. Raises RecipeError naming the line where it is not YAML."""
    return parse_yaml(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a file, its line ends as they are. Raises RecipeError where it cannot be read or is not UTF-8."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}") from None


def parse_yaml(text: str, path: Path) -> Any:
    """What a YAML text holds that is, or is to be, in the file `path`. Raises RecipeError as `read_yaml` does."""
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise RecipeError(f"{path}: {place}: {error.problem}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise RecipeError(
            f"{path}: line {line}: the character {chr(error.character)!r} is not allowed in YAML"
        ) from None
    except RecursionError:
        raise RecipeError(f"{path}: it is nested deeper than any recipe or bank; write it flatter") from None
    except (ValueError, OverflowError) as error:
        # A value that has the form of a date or a number, and is none.
        raise RecipeError(f"{path}: a value cannot be read ({error}); put text in quotes") from None


def faults(path: Path, error: ValidationError, model: type[BaseModel]) -> str:
    """One line for each key of a file that is wrong, where the file is checked by `model`."""
    return "\n".join(f"{path}: {_explain(problem, model)}" for problem in error.errors())


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key that is given twice, of which YAML would silently drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.MarkedYAMLError(problem="a key must be a text", problem_mark=key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"key {key!r} is given twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def _explain(problem: Any, model: Any) -> str:
    location = problem["loc"]
    # Inside the filters the filter's name is added to the path, which is no key of the file.
    keys = [
        f"[{part}]" if isinstance(part, int) else f".{part}"
        for place, part in enumerate(location)
        if place != _place_of_filter(location)
    ]
    where = "".join(keys).lstrip(".") or "recipe"
    if problem["type"] == "extra_forbidden":
        return f"{where}: there is no such key{_suggestion(location, model)}"
    if problem["type"] == "missing":
        return f"{where}: this key is needed"
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "value_error":
        return f"{where}: {message}"
    given = problem["input"]
    return f"{where}: {message} (it is {_shown(given)})"


def _shown(given: object) -> str:
    if isinstance(given, int) and given.bit_length() > 1_000:
        # Python writes out no number of thousands of digits.
        return "a number of hundreds of digits"
    if isinstance(given, str | int | float | bool | None):
        text = repr(given)
        return text if len(text) <= 200 else f"{text[:200]}…"
    return type(given).__name__


def _suggestion(location: tuple[Any, ...], model: Any) -> str:
    """The keys that are known where an unknown one was found, the closest first."""
    if filter_at := _place_of_filter(location):
        from sayso.stages.screen.known_filters import filter_class

        model, location = filter_class(location[filter_at]), location[filter_at + 1 :]
    for part in location[:-1]:
        model = _step(model, part)
        if model is None:
            return ""
    known = [field.alias or name for name, field in _fields(model).items()]
    if location[-1] in known:
        return " for this engine"
    close = difflib.get_close_matches(str(location[-1]), known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(known)}"


def _place_of_filter(location: tuple[Any, ...]) -> int | None:
    """Where in the path of an error the name of a filter stands, as in ("screen", "filters", 0, "language", "keep")."""
    inside = (place for place in range(2, len(location)) if location[place - 2] == "filters")
    return next((place for place in inside if isinstance(location[place - 1], int)), None)


def _step(model: Any, part: str | int) -> Any:
    if isinstance(part, int):
        return model
    field = next((f for name, f in _fields(model).items() if part in (name, f.alias)), None)
    return _model_in(field.annotation) if field else None


def _fields(model: Any) -> dict[str, Any]:
    """The keys of a model; of a voice or a tokenizer, those of all engines."""
    from sayso.stages.speech.tokenizers.any_tokenizer import TOKENIZERS
    from sayso.stages.speech.voices.any_voice import VOICES

    models = next((one.classes().values() for one in (VOICES, TOKENIZERS) if one.base is model), (model,))
    return {name: field for one in models for name, field in one.model_fields.items()}


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None
