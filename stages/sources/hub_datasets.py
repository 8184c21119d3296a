"""Datasets on the Hub: which commit a revision is, and the files of it that a source names."""

from __future__ import annotations

import re

from huggingface_hub import HfApi, RepoFile
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sayso.stages.sources.files import KNOWN_SUFFIXES, File, file_by_name
from sayso.stages.sources.listing import names_matching, only_recordings, recording_among
from sayso.stages.sources.path_patterns import matching
from sayso.stages.sources.stores import SourceError, read_with_retries

# Where the Hub keeps the Parquet files that it makes of every public dataset.
CONVERSION = "refs/convert/parquet"
COMMIT = re.compile(r"[0-9a-f]{40}")
NAME = re.compile(r"[\w.-]+/[\w.-]+")
# A dataset as a browser or another library has it.
_ADDRESS = re.compile(rf"(?:https?://[^/]+/|hf://)?datasets/(?P<name>{NAME.pattern})(?P<inside>[/@?#].*)?")


def name_in_address(text: str) -> str | None:
    """The name of the dataset of which a text is the address on the Hub, None where it is none."""
    found = _ADDRESS.fullmatch(text)
    return found and found["name"]


class HubDataset(BaseModel):
    """A dataset on the Hub: files of its repository, or a config and split of the Hub's own Parquet conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    repository: str = Field(
        description="its name, such as openai/gsm8k", json_schema_extra={"pattern": f"^{NAME.pattern}$"}
    )
    revision: str = Field(
        "main", min_length=1, description="branch, tag or commit, of the conversion where `config` is given"
    )
    files: tuple[str, ...] = Field((), min_length=1, description="files, folders or globs of the repository")
    config: str | None = Field(None, description="a config of the Hub's Parquet conversion, with `split`")
    split: str | None = Field(None, description="a split of that config")

    @model_validator(mode="before")
    @classmethod
    def _has_keys(cls, given: object) -> object:
        if isinstance(given, str):
            name = name_in_address(given) or given
            raise ValueError(f"keys are needed, as in `{{repository: {name}, files: [data]}}`")
        return given

    @field_validator("repository")
    @classmethod
    def _is_owner_and_name(cls, repository: str) -> str:
        if name := name_in_address(repository):
            raise ValueError(f"{repository} is an address; the name of the dataset is {name}")
        if not NAME.fullmatch(repository):
            raise ValueError(
                f"{repository!r} is no name of a dataset of the Hub, which is OWNER/NAME, such as openai/gsm8k; "
                "its page on the Hub shows it"
            )
        return repository

    @model_validator(mode="after")
    def _names_files_or_a_split(self) -> HubDataset:
        if bool(self.files) == bool(self.config or self.split):
            raise ValueError("hub needs either files of the repository, or config and split of its conversion")
        if bool(self.config) != bool(self.split):
            raise ValueError(f"{'split' if self.config else 'config'} is needed: config and split go together")
        return self

    @property
    def branch(self) -> str:
        """The revision to look up."""
        return CONVERSION if self.config and self.revision == "main" else self.revision

    @property
    def label(self) -> str:
        """The repository at the revision as the recipe names it, by which a run remembers the commit."""
        return f"{self.repository}@{self.branch}"

    @property
    def patterns(self) -> tuple[str, ...]:
        """What the repository's files are matched with; a large split is only converted in part."""
        if self.files:
            return self.files
        return (f"{self.config}/{self.split}/*.parquet", f"{self.config}/partial-{self.split}/*.parquet")


def commit_of(hub: HubDataset) -> str:
    """The commit (40 hex) that a dataset's revision is now.

    Raises SourceError where the repository or revision is not there or not for us, or the Hub cannot be reached.
    """
    if COMMIT.fullmatch(hub.revision):
        return hub.revision
    place = f"hf://datasets/{hub.label}"
    found = read_with_retries(
        place, lambda: HfApi().repo_info(hub.repository, repo_type="dataset", revision=hub.branch, timeout=60)
    )
    if not COMMIT.fullmatch(str(found.sha)):
        raise SourceError(f"{place}: the Hub's answer names no commit; run the same command again later")
    return str(found.sha)


def hub_files(hub: HubDataset, commit: str) -> list[File]:
    """The files of a commit that the source names, in the order of its patterns and sorted within each.

    Raises SourceError where a pattern matches nothing.
    """
    place = f"hf://datasets/{hub.repository}@{commit}"

    def listed() -> list[RepoFile]:
        tree = HfApi().list_repo_tree(hub.repository, recursive=True, revision=commit, repo_type="dataset")
        return [entry for entry in tree if isinstance(entry, RepoFile)]

    there = {file.path: file for file in read_with_retries(place, listed)}
    found = {pattern: names_matching(there, pattern) for pattern in hub.patterns}
    missing = [pattern for pattern, names in found.items() if not names]
    if hub.files and missing and (sound := recording_among(matching(sorted(there), missing[0]))):
        raise SourceError(f"{hub.label}: {missing[0]}: {only_recordings(sound, is_remote=True)}")
    if hub.files and missing:
        raise SourceError(f"{hub.label}: no file matches {missing[0]} (names ending in {KNOWN_SUFFIXES} are read)")
    if len(missing) == len(found):
        splits = sorted({"/".join(name.split("/")[:2]) for name in there if name.endswith(".parquet")})
        raise SourceError(
            f"{hub.label}: no Parquet of {hub.config}/{hub.split}; "
            + (f"the conversion has {', '.join(splits)}" if splits else "name files of the repository instead")
        )
    names = dict.fromkeys(name for names in found.values() for name in names)
    return [file_by_name(f"{place}/{name}", name, there[name].size, _content(there[name])) for name in names]


def _content(file: RepoFile) -> str:
    return file.lfs.sha256 if file.lfs else file.blob_id
