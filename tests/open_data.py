"""Real instruction files, which some tests and benchmarks read: SAYSO_OPEN_DATA names their folder.

`python -m tests.open_data [FOLDER]` prints a recipe over them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import yaml

VARIABLE = "SAYSO_OPEN_DATA"
RECIPE = Path(__file__).parent / "benchmarks/open_data.yaml"
# The questions of an evaluation, which is no source.
EVALUATION = "vicuna_bench.jsonl"
WHAT_TO_DO = f"set {VARIABLE} to a folder of real instruction files (docs/benchmarks.md says which)"


class OpenDataError(SystemExit):
    """There is no folder of real instruction files, or it lacks some: it ends a benchmark with one sentence."""


def names() -> list[str]:
    """The files that the folder must hold."""
    return [*(name for source in _recipe()["sources"] for name in source["paths"]), EVALUATION]


def checked(folder: str | None) -> Path:
    """The folder, once all the files are in it."""
    if not folder:
        raise OpenDataError(WHAT_TO_DO)
    missing = [name for name in names() if not (Path(folder) / name).is_file()]
    if missing:
        raise OpenDataError(f"{folder} lacks {', '.join(missing)}: {WHAT_TO_DO}")
    return Path(folder).resolve()


def named() -> str | None:
    """What the environment says."""
    return os.environ.get(VARIABLE)


def recipe_text(folder: Path) -> str:
    """The recipe over the files of a folder."""
    recipe = _recipe()
    for source in recipe["sources"]:
        source["paths"] = [str(folder / name) for name in source["paths"]]
    return yaml.safe_dump(recipe, sort_keys=False)


def _recipe() -> dict[str, Any]:
    return yaml.safe_load(RECIPE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    print(recipe_text(checked(sys.argv[1] if len(sys.argv) > 1 else named())), end="")
