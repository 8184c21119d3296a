"""Where weights lie on this machine, fetched from the Hub if need be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import LocalEntryNotFoundError

from sayso.manifests.errors import in_one_line
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.folder import FETCH, chosen_folder, find_in_folder
from sayso.stages.speech.weights.hub_file import FORM, REPOSITORY, HubFile, hub_file
from sayso.stages.speech.weights.moved import first_there, places_of

_only_here = ContextVar("only_here", default=False)


def find_file(name: str) -> Path:
    """A file of weights: a path, or a Hub file. Raises SpeechModelError."""
    if Path(name).is_file():
        return Path(name)
    if ":" not in name:
        raise SpeechModelError(f"no model {name!r}: neither a file nor {FORM}")
    return find_or_fetch(hub_file(name))


def without_folder(name: str) -> str:
    """Weights as a recipe names them, but for the folder of what lies on this machine."""
    on_the_hub = ":" in name or (REPOSITORY.fullmatch(name) and not Path(name).exists())
    return name if on_the_hub else name.rstrip("/").rsplit("/", 1)[-1]


@contextmanager
def without_fetching() -> Iterator[None]:
    """Take what is not on this machine for missing in this block, in this thread."""
    before = _only_here.set(True)
    try:
        yield
    finally:
        _only_here.reset(before)


def find_or_fetch(file: HubFile) -> Path:
    """A file of the Hub on this machine: of the folder of models, or from the Hub. Raises SpeechModelError."""
    found = next(filter(None, (find_in_folder(place.name) for place in places_of(file))), None)
    if found:
        return found
    try:
        return _only_cached(file) if _only_here.get() else first_there(file, _fetched)
    except Exception as error:  # the Hub's errors share no base with those of the network
        raise SpeechModelError(
            f"{file.file} of {file.place} could not be fetched from the Hub: {in_one_line(error)}{advice()}"
        ) from error


def _fetched(file: HubFile) -> Path:
    return Path(hf_hub_download(file.repository, file.file, revision=file.commit))


def _only_cached(file: HubFile) -> Path:
    """The file, of any of its places, in the cache of this machine. Raises LocalEntryNotFoundError."""
    places = places_of(file)
    for place in places:
        with suppress(LocalEntryNotFoundError):
            return Path(hf_hub_download(place.repository, place.file, revision=place.commit, local_files_only=True))
    raise LocalEntryNotFoundError(f"not in the cache: {', '.join(place.name for place in places)}")


def advice() -> str:
    """What to do about a file that could not be fetched, where a folder of models was chosen."""
    folder = chosen_folder()
    return f"; {folder} does not have it: where there is a network, {FETCH} {folder}" if folder else ""
