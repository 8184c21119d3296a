"""Reading the YAML files that describe a run."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

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
