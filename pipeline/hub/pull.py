"""Pull a dataset from the Hub, or a part of it: only what is not here yet, and each file checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence, Set
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from huggingface_hub import DatasetCard, HfApi, RepoFile, hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError
from huggingface_hub.hf_api import RepoFolder
from huggingface_hub.utils import disable_progress_bars
from huggingface_hub.utils.sha import git_hash
from pydantic import BaseModel, ConfigDict

from manifests.file_list import PublishedFile, read_file_list
from manifests.names import CARD_NAME, LIST_NAME, MANIFESTS, PLAN_NAME
from manifests.storage import Storage
from pipeline.hub.choice import Choice, chosen
from pipeline.hub.names import check_name
from pipeline.transfers import Watcher
from stages.hub import Hub, commit_of
from stages.stores import SourceError, patiently

AT_A_TIME = 8


class PullError(RuntimeError):
    """Raised when what the Hub has is no dataset of sayso, or the folder is not for one."""


class DamagedFile(RuntimeError):
    """Raised when a file comes, twice, other than its list says."""


class Pulled(BaseModel):
    """What a pull did: the folder, the commit that it is of, the files that it fetched and those that were there."""

    model_config = ConfigDict(frozen=True)

    repository: str
    folder: str
    commit: str
    fetched: tuple[str, ...]
    bytes_fetched: int
    there: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Incoming:
    """A file of the repository, its size, and its hash: a sha256, or git's where the Hub keeps it as a text."""

    path: str
    size: int
    sha256: str
    git: str = ""

    def is_here(self, folder: Path) -> bool:
        """Whether these very bytes lie in the folder."""
        file = folder / self.path
        if not file.is_file() or file.stat().st_size != self.size:
            return False
        if self.git:
            return git_hash(file.read_bytes()) == self.git
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == self.sha256


@dataclass(frozen=True)
class Pull:
    """A dataset of the Hub on its way into a folder of this machine."""

    repository: str
    revision: str
    folder: Path
    watcher: Watcher

    def carry_out(self, choice: Choice) -> Pulled:
        """Fetch the files that hold what is chosen, then the list and the card.

        Files of another version of the dataset are taken away first. Raises NotAName, SourceError, PullError,
        NotPublished, NoSuchPart or DamagedFile; what came right stays, and the same call goes on.
        """
        content = self._read(LIST_NAME)
        files = read_file_list(content, f"{self.repository}/{LIST_NAME}")
        wanted = chosen(files, choice)
        self._make_room(files, content)
        fetched = self._fetched([Incoming(file.name, file.bytes, file.sha256) for file in wanted])
        here = [file for file in files if self._path(file.name).is_file()]
        storage = Storage(str(self.folder))
        storage.write(LIST_NAME, content)
        storage.write(CARD_NAME, _card_of(self._read(CARD_NAME), files, here))
        return fetched.model_copy(update={"rows": sum(file.rows for file in wanted)})

    def carry_out_whole(self) -> Pulled:
        """Fetch everything, with the plan, the records and the verdicts. Raises as `carry_out` does."""
        return self.with_manifests(self.carry_out(Choice()))

    def with_manifests(self, pulled: Pulled) -> Pulled:
        """Fetch the plan, the records and the verdicts, too, and take away those of another version."""
        tree = patiently(self._place, self._tree)
        files = [
            Incoming(entry.path, entry.size, entry.lfs.sha256 if entry.lfs else "", "" if entry.lfs else entry.blob_id)
            for entry in tree
            if isinstance(entry, RepoFile) and (entry.path == PLAN_NAME or entry.path.startswith(MANIFESTS))
        ]
        if not files:
            raise PullError(f"{self.repository} has no manifests on the Hub; pull it without --manifests")
        self._remove_manifests({file.path for file in files})
        fetched = self._fetched(files)
        return pulled.model_copy(
            update={
                "fetched": (*pulled.fetched, *fetched.fetched),
                "there": (*pulled.there, *fetched.there),
                "bytes_fetched": pulled.bytes_fetched + fetched.bytes_fetched,
            }
        )

    @cached_property
    def commit(self) -> str:
        """The commit that the revision is now; all is taken from it."""
        check_name(self.repository)
        return commit_of(Hub(repository=self.repository, revision=self.revision, files=("*",)))

    @property
    def _place(self) -> str:
        return f"hf://datasets/{self.repository}@{self.commit}"

    def _tree(self) -> list[RepoFile | RepoFolder]:
        found = HfApi().list_repo_tree(self.repository, recursive=True, repo_type="dataset", revision=self.commit)
        return list(found)

    def _path(self, name: str) -> Path:
        """Where a file of the dataset lies. Raises PullError for a name that leads out of the folder."""
        parts = PurePosixPath(name).parts
        if not parts or any(part.startswith((".", "/")) or "\\" in part or ":" in part for part in parts):
            raise PullError(
                f"{self.repository}: its list names {name!r}, which is no file of a dataset; it is not pulled"
            )
        return self.folder.joinpath(*parts)

    def _make_room(self, files: Sequence[PublishedFile], content: bytes) -> None:
        """Take away what is of another version: its card first, which would speak for files that are not there."""
        storage = Storage(str(self.folder))
        if storage.size(LIST_NAME) is None:
            if storage.size(PLAN_NAME) is not None:
                raise PullError(f"{self.folder} holds a run; choose another folder with --to")
            return
        earlier = storage.read(LIST_NAME)
        if earlier == content:
            return
        storage.remove(CARD_NAME)
        names = {file.name for file in files}
        for file in read_file_list(earlier, str(self.folder / LIST_NAME)):
            if file.name not in names:
                self._path(file.name).unlink(missing_ok=True)
        self._remove_manifests(set())

    def _remove_manifests(self, wanted: Set[str]) -> None:
        here = [path for path in (self.folder / MANIFESTS).rglob("*") if path.is_file()]
        for path in (self.folder / PLAN_NAME, *here):
            if path.relative_to(self.folder).as_posix() not in wanted:
                path.unlink(missing_ok=True)

    def _fetched(self, files: Sequence[Incoming]) -> Pulled:
        for file in files:
            self._path(file.path)
        here = {file.path for file in files if file.is_here(self.folder)}
        there = [file for file in files if file.path in here]
        missing = [file for file in files if file.path not in here]
        self.watcher.planned(sum(file.size for file in missing))
        with disable_progress_bars(), ThreadPoolExecutor(AT_A_TIME) as threads:
            fetching = [threads.submit(self._fetch, file) for file in missing]
            try:
                for fetched in as_completed(fetching):
                    self.watcher.moved(fetched.result())
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise
        return Pulled(
            repository=self.repository,
            folder=str(self.folder),
            commit=self.commit,
            fetched=tuple(file.path for file in missing),
            bytes_fetched=sum(file.size for file in missing),
            there=tuple(file.path for file in there),
            rows=0,
        )

    def _fetch(self, file: Incoming) -> int:
        """Fetch a file, once more when other bytes came. Returns its size."""
        for force in (False, True):
            # What lies there is another file, and the library would not ask what is in it.
            self._path(file.path).unlink(missing_ok=True)
            self._download(file.path, self.folder, force)
            if file.is_here(self.folder):
                return file.size
        self._path(file.path).unlink()
        raise DamagedFile(
            f"{file.path}: it came twice from {self._place} other than its list says, and is not kept; "
            "pull again later, or tell who published it"
        )

    def _read(self, name: str) -> bytes:
        """A small file of the dataset, which the folder may have otherwise."""
        with TemporaryDirectory() as folder:
            try:
                return self._download(name, Path(folder), False).read_bytes()
            except SourceError as error:
                if isinstance(error.__context__, EntryNotFoundError):
                    raise PullError(
                        f"{self.repository} has no {name}, so it is no dataset that `sayso push` has brought there"
                    ) from None
                raise

    def _download(self, name: str, folder: Path, force_download: bool) -> Path:
        def act() -> str:
            try:
                return hf_hub_download(
                    self.repository,
                    name,
                    repo_type="dataset",
                    revision=self.commit,
                    local_dir=folder,
                    force_download=force_download,
                )
            except LocalEntryNotFoundError as error:
                # So it tells that the Hub did not answer, or how it did.
                raise error.__cause__ or error from None

        return Path(patiently(f"{self._place}/{name}", act))


def _card_of(content: bytes, files: Sequence[PublishedFile], here: Sequence[PublishedFile]) -> bytes:
    """The card, which names no config and no split of which nothing is here, so that the folder can be loaded."""
    parts = {(file.config, file.split) for file in here}
    if parts == {(file.config, file.split) for file in files}:
        return content
    card = DatasetCard(content.decode())
    metadata = card.data.to_dict()
    configs = [_config_of(config, parts) for config in metadata.get("configs", [])]
    card.data["configs"] = [config for config in configs if config["data_files"]]
    return str(card).encode()


def _config_of(config: dict[str, Any], parts: Set[tuple[str, str]]) -> dict[str, Any]:
    found = [each for each in config["data_files"] if (config["config_name"], each["split"]) in parts]
    return {**config, "data_files": found}
