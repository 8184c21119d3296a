"""What the Hub has of a dataset, and how that differs from what it should have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huggingface_hub import HfApi, RepoFile
from huggingface_hub.errors import RepositoryNotFoundError
from huggingface_hub.utils.sha import git_hash

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.names import MANIFESTS, PULLED_FILES
from sayso.manifests.storage import Storage
from sayso.pipeline.hub.uploads import Upload

# In these folders a push takes away files of the names that it gives, those of an earlier one. Others are let be.
OWN_FOLDERS = (MANIFESTS, *(f"{folder}/" for folder in CONFIG_FOLDERS.values()))


@dataclass(frozen=True)
class Comparison:
    """The commit that was looked at ("" for none), which files are to be sent, and which paths to be removed.

    `new` have no file of their path there yet, `changed` have another one.
    """

    commit: str
    new: tuple[Upload, ...]
    changed: tuple[Upload, ...]
    removed: tuple[str, ...]

    @property
    def sent(self) -> tuple[Upload, ...]:
        return (*self.new, *self.changed)

    @property
    def is_empty(self) -> bool:
        """Whether the Hub has everything as it should be."""
        return not (self.new or self.changed or self.removed)


def compare(api: HfApi, repository: str, files: Sequence[Upload], storage: Storage) -> Comparison:
    """What differs between files of a run in `storage` and what the Hub has of them, by the hashes that it keeps."""
    try:
        commit = api.repo_info(repository, repo_type="dataset").sha or ""
    except RepositoryNotFoundError:
        return Comparison("", tuple(files), (), ())
    tree = api.list_repo_tree(repository, recursive=True, revision=commit, repo_type="dataset")
    there = {entry.path: entry for entry in tree if isinstance(entry, RepoFile)}
    wanted = {file.path for file in files}
    return Comparison(
        commit,
        new=tuple(file for file in files if file.path not in there),
        changed=tuple(_find_changed(files, there, storage)),
        removed=tuple(path for path in sorted(there) if path not in wanted and _is_ours(path)),
    )


def _is_ours(path: str) -> bool:
    return path.startswith(OWN_FOLDERS) and PULLED_FILES.has(path)


def _find_changed(files: Sequence[Upload], there: dict[str, RepoFile], storage: Storage) -> Iterator[Upload]:
    for file in files:
        known = there.get(file.path)
        if known is not None and (known.size != file.size or not _is_same(file, known, storage)):
            yield file


def _is_same(file: Upload, known: RepoFile, storage: Storage) -> bool:
    """Large files are known by their sha256, small texts by git's hash."""
    if known.lfs:
        return known.lfs.sha256 == file.sha256
    content = storage.read(file.name) if file.content is None else file.content
    return git_hash(content) == known.blob_id
