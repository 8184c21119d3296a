"""Fetching weights into a folder, each file checked against what its publisher says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
from huggingface_hub.utils.sha import git_hash
from tqdm.std import tqdm

from sayso.manifests.errors import in_one_line
from sayso.manifests.names import whole_name
from sayso.manifests.progress import Progress
from sayso.manifests.storage import Storage
from sayso.stages.sources.stores import with_retries
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.folder import LIST_NAME, ModelList, WeightFile, read_list
from sayso.stages.speech.weights.hashes import sha256_of
from sayso.stages.speech.weights.hub_file import HubFile
from sayso.stages.speech.weights.moved import first_there, places_of
from sayso.stages.speech.weights.released import Release

CHUNK = 1 << 20
SECONDS = 60


@dataclass(frozen=True)
class Remote:
    """What its publisher says of a file: its commit on the Hub, its bytes, and a sha256 or, of a text, git's hash."""

    file: HubFile | Release
    commit: str | None
    bytes: int
    hash: str


def list_for_fetching(folder: Path) -> ModelList:
    """What a folder holds that weights are to come into: nothing, where it is empty or not there yet.

    Raises SpeechModelError where it is somebody else's, or its list cannot be read.
    """
    entries = Storage(str(folder)).entries("")
    if LIST_NAME in entries:
        return read_list(folder)
    foreign = [name for name in entries if whole_name(name) != LIST_NAME]
    if foreign:
        raise SpeechModelError(
            f"{folder} is not empty and has no {LIST_NAME}, so it is no folder of models: {foreign[0]} is there; "
            "choose an empty folder with --to"
        )
    return ModelList()


def look_up(file: HubFile | Release, earlier: WeightFile | None) -> Remote:
    """What there is to fetch, of the commit of `earlier`. Raises SpeechModelError where it is not to be had."""
    commit = earlier.commit if earlier else None
    try:
        if not isinstance(file, HubFile):
            return with_retries(lambda: _at_address(file))
        # The commit is of the repository that it came from.
        place = next((place for place in places_of(file) if earlier and earlier.name == place.name), file)
        return first_there(place, lambda here: with_retries(lambda: _on_hub(here, commit if here == place else None)))
    except Exception as error:  # the Hub's errors share no base with those of the network
        raise SpeechModelError(f"{file.name} is not to be had: {in_one_line(error)}") from error


def fetch(remote: Remote, folder: Path, listed: ModelList, progress: Progress) -> WeightFile:
    """Fetch a file into its place below `folder`; `progress` gets the bytes as they come.

    Raises SpeechModelError where it does not come, or comes otherwise than its publisher says, twice, or where another
    file is in its place that is not `listed`; StorageError where a link is.
    """
    path = folder / remote.file.path
    if _is_there(remote, folder, listed):
        progress.advance(remote.bytes)
        return _entry(remote, path)
    for _ in range(2):
        _download(remote, folder, progress)
        if _is_right(path, remote):
            return _entry(remote, path)
        path.unlink()
        progress.advance(-remote.bytes)
    raise SpeechModelError(f"{remote.file.name} came twice otherwise than its publisher says, and is not kept")


def _is_there(remote: Remote, folder: Path, listed: ModelList) -> bool:
    """Whether the file is there and right, as where a fetch was killed before it was listed."""
    path = folder / remote.file.path
    if Storage(str(folder)).size(remote.file.path) is None:
        return False
    if _is_right(path, remote):
        return True
    if remote.file.path not in (entry.path for entry in listed.models):
        raise SpeechModelError(
            f"{path} was not put there by a fetch, and would be replaced; move it away, or choose another folder with "
            "--to"
        )
    return False


def _entry(remote: Remote, path: Path) -> WeightFile:
    file = remote.file
    size, sha256 = path.stat().st_size, sha256_of(path)
    return WeightFile(name=file.name, commit=remote.commit, path=file.path, bytes=size, sha256=sha256)


def _on_hub(file: HubFile, commit: str | None) -> Remote:
    address = hf_hub_url(file.repository, file.file, revision=commit or file.commit)
    found = get_hf_file_metadata(address, timeout=SECONDS)
    if found.etag is None or found.size is None or found.commit_hash is None:
        raise ValueError("the Hub tells neither its hash nor its size")
    return Remote(file, found.commit_hash, found.size, found.etag)


def _at_address(release: Release) -> Remote:
    with urlopen(Request(release.url, method="HEAD"), timeout=SECONDS) as answer:
        return Remote(release, None, int(answer.headers["Content-Length"]), release.sha256)


def _is_right(path: Path, remote: Remote) -> bool:
    if path.stat().st_size != remote.bytes:
        return False
    if re.fullmatch(r"[0-9a-f]{64}", remote.hash):
        return sha256_of(path) == remote.hash
    return git_hash(path.read_bytes()) == remote.hash


def _download(remote: Remote, folder: Path, progress: Progress) -> None:
    file = remote.file
    try:
        if isinstance(file, HubFile):
            with_retries(lambda: _from_hub(file, remote, folder / file.place, progress))
        else:
            with_retries(lambda: _from_address(file, remote.bytes, folder / file.path, progress))
    except Exception as error:  # the Hub's errors share no base with those of the network
        raise SpeechModelError(
            f"{file.name} could not be fetched: {in_one_line(error)}; run the same command again, what is here is kept"
        ) from error


def _bar(progress: Progress) -> type[tqdm]:
    """A progress bar for huggingface_hub, which takes nothing else, that shows nothing and hands on what it is told."""

    class Bar(tqdm):
        def __init__(self, *values: Any, **named: Any) -> None:
            super().__init__(*values, **{**named, "disable": True})
            progress.advance(int(named.get("initial") or 0))

        def update(self, n: float | None = 1) -> None:
            progress.advance(int(n or 0))

        # Xet counts what crosses the network, too; it is the same bytes, and would make a second bar without these.
        def update_transfer(self, n: float) -> None:
            pass

        def set_transfer_postfix_str(self, *_: Any, **__: Any) -> None:
            pass

    return Bar


def _from_hub(file: HubFile, remote: Remote, folder: Path, progress: Progress) -> None:
    # What lies there is another file, and the library would not ask what is in it.
    (folder / file.file).unlink(missing_ok=True)
    hf_hub_download(file.repository, file.file, revision=remote.commit, local_dir=folder, tqdm_class=_bar(progress))


def _from_address(release: Release, size: int, path: Path, progress: Progress) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    have = part.stat().st_size if part.is_file() else 0
    if have < size:
        with urlopen(Request(release.url, headers={"Range": f"bytes={have}-"}), timeout=SECONDS) as answer:
            # A server that knows no ranges sends all of it.
            goes_on = answer.status == 206
            progress.advance(have if goes_on else 0)
            with part.open("ab" if goes_on else "wb") as out:
                while content := answer.read(CHUNK):
                    out.write(content)
                    progress.advance(len(content))
        if part.stat().st_size < size:
            raise ConnectionError(f"{part.stat().st_size:,} of {size:,} bytes came")
    part.replace(path)
