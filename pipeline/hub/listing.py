"""What a dataset's repository has of the files that are ours, with sizes and hashes: asked before any is fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from huggingface_hub import HfApi, RepoFile
from huggingface_hub.errors import EntryNotFoundError
from huggingface_hub.hf_api import RepoFolder
from huggingface_hub.utils.sha import git_hash

from sayso.manifests.names import PULLED_FILES, most_bytes
from sayso.pipeline.hub.pulled_folder import PullError
from sayso.stages.sources.stores import read_with_retries

# More are in no repository that a run was pushed to: the Hub takes 10,000 in a folder.
MOST_ENTRIES = 1_000_000


@dataclass(frozen=True)
class Download:
    """A file of the repository, its size, and its hash: a sha256, or git's where the Hub keeps it as a text."""

    path: str
    size: int
    sha256: str
    git: str = ""

    def is_at(self, file: Path) -> bool:
        """Whether these very bytes are in a file."""
        if not file.is_file() or file.stat().st_size != self.size:
            return False
        if self.git:
            return git_hash(file.read_bytes()) == self.git
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == self.sha256


def listing(repository: str, commit: str, folders: Iterable[str]) -> Mapping[str, Download]:
    """The files of our forms at the top of a repository and below some folders of it, by path.

    Other files are passed over. Raises SourceError, and PullError where a text is larger than any of its name.
    """
    entries = _entries(repository, commit, "")
    for folder in folders:
        entries += _entries(repository, commit, folder)
    found = {}
    for entry in entries:
        if isinstance(entry, RepoFile) and PULLED_FILES.has(entry.path):
            most = most_bytes(entry.path)
            if most is not None and entry.size > most:
                raise PullError(
                    f"{repository}: {entry.path} has {entry.size:,} bytes, which no file of its name needs; it is not "
                    "pulled"
                )
            sha256, git = (entry.lfs.sha256, "") if entry.lfs else ("", entry.blob_id)
            found[entry.path] = Download(entry.path, entry.size, sha256, git)
    return found


def _entries(repository: str, commit: str, folder: str) -> list[RepoFile | RepoFolder]:
    """What is directly at the top (no `folder`), or anywhere below one."""

    def act() -> list[RepoFile | RepoFolder]:
        tree = HfApi().list_repo_tree(
            repository, folder or None, recursive=bool(folder), repo_type="dataset", revision=commit
        )
        try:
            return list(islice(tree, MOST_ENTRIES + 1))
        except EntryNotFoundError:
            return []

    entries = read_with_retries(f"hf://datasets/{repository}@{commit}", act)
    if len(entries) > MOST_ENTRIES:
        raise PullError(f"{repository} has more than {MOST_ENTRIES:,} files; it is not pulled")
    return entries
