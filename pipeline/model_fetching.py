"""Fetch the weights that a recipe needs into a folder, for machines that cannot reach the Hub."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sayso.manifests.progress import Progress
from sayso.stages.speech.weights.fetching import fetch, list_for_fetching, look_up
from sayso.stages.speech.weights.folder import ModelList, WeightFile, fault_of, write_list
from sayso.stages.speech.weights.hub_file import HubFile
from sayso.stages.speech.weights.moved import places_of
from sayso.stages.speech.weights.needed import weights_of
from sayso.stages.speech.weights.released import Release
from sayso.stages.synthesize.synthesize import Synthesize


class FetchedModels(BaseModel):
    """What came into a folder of models, what was there, and the names that need no fetching, with the reason."""

    model_config = ConfigDict(frozen=True)

    folder: str
    fetched: tuple[WeightFile, ...]
    bytes_fetched: int
    there: tuple[WeightFile, ...]
    elsewhere: dict[str, str]


def fetch_models(config: Synthesize, folder: Path, progress: Progress) -> FetchedModels:
    """Fetch what voices and tokenizer need and the folder does not have; each file is on its list once it is right.

    A file stays at the commit that it was first fetched of. Raises SpeechModelError, also where the folder or a file in
    the way is not of an earlier fetch, or StorageError; what came right stays, and the same call goes on.
    """
    needed = weights_of(config.voices, config.tokenizer)
    files = {file.name: file for weights in needed for file in weights.files}
    listed = list_for_fetching(folder)
    entries = {name: _entry(listed, file) for name, file in files.items()}
    there = {name: entry for name, entry in entries.items() if entry and fault_of(folder, entry) is None}
    missing = [look_up(file, entries[name]) for name, file in files.items() if name not in there]
    progress.expect(sum(remote.bytes for remote in missing))
    # The list says whose the folder is, so it is there before anything else.
    write_list(folder, listed)
    fetched = []
    for remote in missing:
        fetched.append(fetch(remote, folder, listed, progress))
        listed = listed.with_entry(fetched[-1])
        write_list(folder, listed)
    return FetchedModels(
        folder=str(folder),
        fetched=tuple(fetched),
        bytes_fetched=sum(entry.bytes for entry in fetched),
        there=tuple(there.values()),
        elsewhere={weights.name: weights.elsewhere for weights in needed if not weights.files},
    )


def _entry(listed: ModelList, file: HubFile | Release) -> WeightFile | None:
    """What the folder has of a file, from whichever of its places it came."""
    names = [place.name for place in places_of(file)] if isinstance(file, HubFile) else [file.name]
    return next(filter(None, map(listed.entry, names)), None)
