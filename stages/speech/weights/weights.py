"""Something that a recipe loads: how it is called there, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.stages.speech.weights.hub_file import HubFile, hub_file

if TYPE_CHECKING:
    # It brings Whisper with it, which nobody needs who only reads a recipe.
    from sayso.stages.speech.weights.released import Release

LOCAL = "a local file; all machines must see it under this path"
WITH_SAYSO = "comes with sayso"


@dataclass(frozen=True)
class Weights:
    """Something that a recipe loads: its name there, the files to fetch for it, and where it is when there are none."""

    name: str
    files: tuple[HubFile | Release, ...] = ()
    elsewhere: str = ""


def of_file(name: str) -> Weights:
    """The weights that are one file, here or on the Hub. Raises SpeechModelError for a name that is neither."""
    if Path(name).is_file():
        return Weights(name, elsewhere=LOCAL)
    return Weights(name, (hub_file(name),))
