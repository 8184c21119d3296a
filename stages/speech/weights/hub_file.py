"""How a recipe names weights that lie on the Hub."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sayso.stages.speech.protocols import SpeechModelError

_PART = r"[A-Za-z0-9][\w.-]*"
REPOSITORY = re.compile(rf"(?P<repository>{_PART}/{_PART})(?:@(?P<revision>[^:]*))?")
FILE = re.compile(r"[\w.+-]+(?:/[\w.+-]+)*")
COMMIT = re.compile(r"[0-9a-f]{40}")
FORM = "a Hub file OWNER/NAME:FILE or OWNER/NAME@COMMIT:FILE"


@dataclass(frozen=True)
class HubFile:
    """A file of a repository on the Hub; without a commit, of what the branch main is now."""

    repository: str
    commit: str | None
    file: str

    @property
    def place(self) -> str:
        """The repository, and the commit where the recipe pins one."""
        return f"{self.repository}@{self.commit}" if self.commit else self.repository

    @property
    def path(self) -> str:
        """Where it lies in a folder of models. A pinned one has a place of its own, beside what main was."""
        return f"{self.place}/{self.file}"

    @property
    def name(self) -> str:
        """As the recipe writes it."""
        return f"{self.place}:{self.file}"


def hub_file(name: str) -> HubFile:
    """The file that `OWNER/NAME:FILE` or `OWNER/NAME@COMMIT:FILE` names. Raises SpeechModelError."""
    place, colon, file = name.partition(":")
    if not colon or not FILE.fullmatch(file) or ".." in file.split("/") or not REPOSITORY.fullmatch(place):
        raise SpeechModelError(f"{name!r} is not {FORM}")
    return file_in(place, file)


def file_in(place: str, file: str) -> HubFile:
    """A file of the repository that `OWNER/NAME` or `OWNER/NAME@COMMIT` names. Raises SpeechModelError."""
    found = REPOSITORY.fullmatch(place)
    if not found:
        raise SpeechModelError(f"{place!r} is not a Hub repository OWNER/NAME or OWNER/NAME@COMMIT")
    revision = found["revision"]
    if revision is not None and not COMMIT.fullmatch(revision):
        raise SpeechModelError(f"{place}: {revision!r} is no commit; a model is pinned by 40 hex digits, or not at all")
    return HubFile(found["repository"], revision, file)
