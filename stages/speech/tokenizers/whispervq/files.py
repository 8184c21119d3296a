"""The checkpoints of WhisperVQ: with sayso, in a file, or on the Hub."""

from __future__ import annotations

import re
from pathlib import Path

from sayso.manifests.suggestions import suggestion
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.finding import find_file
from sayso.stages.speech.weights.hub_file import FORM
from sayso.stages.speech.weights.weights import WITH_SAYSO, Weights, of_file

BUNDLED = Path(__file__).parent / "bundled"


def find_checkpoint(name: str) -> Path:
    """A checkpoint: a bundled model's name, a path, or a Hub file. Raises SpeechModelError."""
    found = find_bundled(name)
    if found:
        return found
    if not Path(name).is_file() and ":" not in name:
        known = sorted(path.parent.name for path in BUNDLED.glob("*/*.model"))
        told = suggestion(name, known)
        raise SpeechModelError(f"no WhisperVQ model {name!r}: neither a file, {FORM}, nor one with sayso{told}")
    return find_file(name)


def find_bundled(name: str) -> Path | None:
    """The checkpoint that comes with sayso under this name, if there is one."""
    path = BUNDLED / name / f"{name}.model"
    return path if re.fullmatch(r"[\w.-]+", name) and path.is_file() else None


def checkpoint_weights(name: str) -> Weights:
    """Where a checkpoint comes from: with sayso, or as any file."""
    return Weights(name, elsewhere=WITH_SAYSO) if find_bundled(name) else of_file(name)
