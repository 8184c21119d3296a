"""Pull a dataset from the Hub, or a part of it: only what is not here yet, and each file checked."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import LocalEntryNotFoundError
from huggingface_hub.utils import disable_progress_bars
from pydantic import BaseModel, ConfigDict

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.dataset.file_list import FileList, NotPublished, PublishedFile, PublishedPage, read_list
from sayso.manifests.errors import ExitCode, SaysoError
from sayso.manifests.names import CARD_NAME, LIST_NAME, MANIFEST_FILES, PARTS, PLAN_NAME
from sayso.manifests.progress import Progress
from sayso.pipeline.hub.choice import Choice, choose_files
from sayso.pipeline.hub.listing import Download, listing
from sayso.pipeline.hub.names import check_dataset_name
from sayso.pipeline.hub.pulled_card import card_of_part
from sayso.pipeline.hub.pulled_folder import ARRIVALS, PulledFolder, PullError
from sayso.stages.sources.hub_datasets import HubDataset, commit_of
from sayso.stages.sources.stores import read_with_retries

AT_A_TIME = 8


class DamagedFile(SaysoError):
    """Raised when a file comes, twice, other than its list says."""

    exit_code = ExitCode.NOT_TRUE


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
class Pull:
    """A dataset of the Hub on its way into a folder of this machine."""

    repository: str
    revision: str
    folder: Path
    progress: Progress

    def carry_out(self, choice: Choice) -> Pulled:
        """Fetch the files that hold what is chosen, and the pictures, then the list and the card.

        Files of another version of the dataset are taken away first. Raises NotAName, SourceError, PullError,
        NoSuchPart, StorageError or DamagedFile; what came right stays, and the same call goes on.
        """
        remote = listing(self.repository, self.commit, CONFIG_FOLDERS.values())
        content = self._text(remote, LIST_NAME)
        listed = self._read_list(content)
        files = listed.files
        wanted = choose_files(files, choice)
        pictures = [page for page in listed.pages if page.name != CARD_NAME]
        downloads = [self._download_of(remote, file) for file in wanted]
        downloads += [self._download_of(remote, page) for page in pictures]
        card = self._text(remote, CARD_NAME)
        place = self._place_for(files, content)
        fetched = self._fetch_all(place, downloads)
        here = [file for file in files if place.storage.size(file.name) is not None]
        place.expect([LIST_NAME, CARD_NAME])
        place.storage.write(LIST_NAME, content)
        place.storage.write(CARD_NAME, card_of_part(card, files, here, self.repository))
        return fetched.model_copy(update={"rows": sum(file.rows for file in wanted)})

    def carry_out_whole(self) -> Pulled:
        """Fetch everything, with the plan, the records and the verdicts. Raises as `carry_out` does."""
        return self.with_manifests(self.carry_out(Choice()))

    def with_manifests(self, pulled: Pulled) -> Pulled:
        """Fetch the plan, the records and the verdicts, too, and take away those of another version."""
        remote = listing(self.repository, self.commit, ["manifests"])
        files = [file for file in remote.values() if MANIFEST_FILES.has(file.path)]
        if not files:
            raise PullError(f"{self.repository} has no manifests on the Hub; pull it without --manifests")
        place = PulledFolder(self.folder, self.repository)
        place.open()
        place.remove([name for name in place.brought if MANIFEST_FILES.has(name) and name not in remote])
        fetched = self._fetch_all(place, files)
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
        check_dataset_name(self.repository)
        return commit_of(HubDataset(repository=self.repository, revision=self.revision, files=("*",)))

    @property
    def _origin(self) -> str:
        return f"hf://datasets/{self.repository}@{self.commit}"

    def _read_list(self, content: bytes) -> FileList:
        try:
            return read_list(content, f"{self.repository}/{LIST_NAME}")
        except NotPublished as error:
            raise PullError(f"{error}; it is not pulled") from None

    def _download_of(self, remote: Mapping[str, Download], file: PublishedFile | PublishedPage) -> Download:
        """A file of the list as it will come. Raises DamagedFile where the repository has another one or none."""
        there = remote.get(file.name)
        if there is None or there.size != file.bytes or (there.sha256 and there.sha256 != file.sha256):
            has = f"of {there.size:,} bytes, with another sha256 or size" if there else "not at all"
            raise DamagedFile(
                f"{file.name}: {self._origin} has it {has} than its list says, and it is not fetched; tell who "
                "published it"
            )
        return Download(file.name, file.bytes, file.sha256)

    def _place_for(self, files: Sequence[PublishedFile], content: bytes) -> PulledFolder:
        """The folder, without what is of another version: its card first, which would speak for what is not there."""
        place = PulledFolder(self.folder, self.repository)
        place.open()
        if place.storage.size(LIST_NAME) is None or place.storage.read(LIST_NAME) == content:
            return place
        place.remove([CARD_NAME, PLAN_NAME])
        names = {file.name for file in files}
        place.remove(
            [name for name in place.brought if MANIFEST_FILES.has(name) or (PARTS.has(name) and name not in names)]
        )
        return place

    def _fetch_all(self, place: PulledFolder, files: Sequence[Download]) -> Pulled:
        place.expect([file.path for file in files])
        here = {file.path for file in files if file.is_at(self.folder / file.path)}
        there = [file for file in files if file.path in here]
        missing = [file for file in files if file.path not in here]
        size = sum(file.size for file in missing)
        free = shutil.disk_usage(self.folder).free
        if size > free:
            raise PullError(f"{self.repository}: {size:,} bytes are to come, and {self.folder} has room for {free:,}")
        self.progress.expect(size)
        try:
            with disable_progress_bars(), ThreadPoolExecutor(AT_A_TIME) as threads:
                fetching = [threads.submit(self._fetch, place, file) for file in missing]
                try:
                    for fetched in as_completed(fetching):
                        self.progress.advance(fetched.result())
                except BaseException:
                    threads.shutdown(wait=False, cancel_futures=True)
                    raise
        finally:
            shutil.rmtree(self.folder / ARRIVALS, ignore_errors=True)
        return Pulled(
            repository=self.repository,
            folder=str(self.folder),
            commit=self.commit,
            fetched=tuple(file.path for file in missing),
            bytes_fetched=size,
            there=tuple(file.path for file in there),
            rows=0,
        )

    def _fetch(self, place: PulledFolder, file: Download) -> int:
        """Fetch a file, once more when other bytes came. Returns its size."""
        for force in (False, True):
            arrived = self._download(file.path, self.folder / ARRIVALS, force)
            if file.is_at(arrived):
                place.put(file.path, arrived)
                return file.size
        place.storage.remove(file.path)
        raise DamagedFile(
            f"{file.path}: it came twice from {self._origin} other than its list says, and is not kept; "
            "pull again later, or tell who published it"
        )

    def _text(self, remote: Mapping[str, Download], name: str) -> bytes:
        """A small file of the dataset, which the folder may have otherwise."""
        file = remote.get(name)
        if file is None:
            raise PullError(f"{self.repository} has no {name}, so it is no dataset that `sayso push` has brought there")
        with TemporaryDirectory() as folder:
            for force in (False, True):
                arrived = self._download(name, Path(folder), force)
                if file.is_at(arrived):
                    return arrived.read_bytes()
        raise DamagedFile(f"{name}: it came twice from {self._origin} other than it is there; pull again later")

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

        return Path(read_with_retries(f"{self._origin}/{name}", act))
