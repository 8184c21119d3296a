"""Weights that lie, or lay, in another repository of the Hub, too, and are taken from there if need be."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

from sayso.manifests.errors import ToldInALine
from sayso.stages.speech.weights.hub_file import HubFile

T = TypeVar("T")

# One repository under two names: its commits are the same.
_RENAMED = ("WhisperSpeech/WhisperSpeech", "collabora/whisperspeech")
# The file that Ichigo's team made of WhisperSpeech's, which has the same weights under other names.
_FIXED = ("jan-hq/WhisperVQ", "-fixed.model")


class OtherRepository(ToldInALine):
    """What is said where weights come from another repository than the one that is named."""


def places_of(file: HubFile) -> list[HubFile]:
    """The file as it is named, and where else its weights may be, in the order in which they are tried."""
    if file.repository in _RENAMED:
        return [file, *(replace(file, repository=name) for name in _RENAMED if name != file.repository)]
    repository, ending = _FIXED
    if file.repository == repository and file.file.endswith(ending) and not file.commit:
        original = f"{file.file.removesuffix(ending)}.model"
        return [file, *(HubFile(name, None, original) for name in _RENAMED)]
    return [file]


def first_there(file: HubFile, act: Callable[[HubFile], T]) -> T:
    """What `act` gives for the first of a file's places whose repository there is; another one than named is told.

    Raises what `act` raises for the file as it is named where there is none of them.
    """
    missing: Exception | None = None
    for place in places_of(file):
        try:
            found = act(place)
        except RepositoryNotFoundError as error:
            if isinstance(error, GatedRepoError):
                raise
            missing = missing or error
            continue
        if missing:
            warnings.warn(f"{file.place} is not on the Hub, so {place.name} is taken", OtherRepository, stacklevel=2)
        return found
    assert missing is not None
    raise missing
