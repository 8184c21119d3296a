"""Files in a store that fsspec reaches (the Hub, S3, GCS, …): listed, and read by ranges with patience."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import fsspec
from huggingface_hub import constants
from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from sayso.manifests.errors import ExitCode, SaysoError

T = TypeVar("T")

# The stores' own libraries try again, too: huggingface_hub five times over half a minute for each range that it reads,
# but without jitter and not when it asks for a commit. This is for what lasts longer, and for workers in step.
ATTEMPTS = 4
FIRST_WAIT = 2.0
LONGEST_WAIT = 60.0
PASSING = (408, 429, 500, 502, 503, 504)
FINAL = (FileNotFoundError, PermissionError, IsADirectoryError, NotImplementedError, ImportError, ValueError, TypeError)

PACKAGES = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "az": "adlfs"}


class SourceError(SaysoError):
    """Raised for a source that cannot be read at all: the message names the file and says what to do."""

    exit_code = ExitCode.BAD_SOURCE


class UnreadableFile(SourceError):
    """Raised for a file whose content cannot be read: it is broken, or not what its name says, and stays so."""


@dataclass(frozen=True)
class RemoteFileInfo:
    """A file of a store: its path there, its URL, its bytes, and what the store says of its content."""

    path: str
    url: str
    size: int
    version: str


def list_remote_files(url: str) -> list[RemoteFileInfo]:
    """The file that a URL names, or the files below the folder that it names; none where there is neither."""
    filesystem = _filesystem(url)

    def found() -> dict[str, dict[str, object]]:
        try:
            info = filesystem.info(url)
            return {info["name"]: info} if info["type"] == "file" else filesystem.find(url, detail=True)
        except FileNotFoundError:
            return {}

    return [_file_info(filesystem, path, info) for path, info in read_with_retries(url, found).items()]


def is_remote_folder(url: str) -> bool:
    """Whether a store has a folder of this URL, whose name may look like a glob."""
    filesystem = _filesystem(url)
    return read_with_retries(url, lambda: bool(filesystem.isdir(url)))


def _file_info(filesystem: fsspec.AbstractFileSystem, path: str, info: dict[str, object]) -> RemoteFileInfo:
    url, size = filesystem.unstrip_protocol(path), info["size"]
    if not isinstance(size, int):
        raise SourceError(f"{url}: its store does not say how large it is; fetch it and name the file")
    version = info.get("ETag") or info.get("etag") or filesystem.ukey(path)
    return RemoteFileInfo(url.partition("://")[2].strip("/"), url, size, str(version).strip('"'))


def is_changed(url: str, version: str) -> bool:
    """Whether a file of a store is gone or another one than it was; what the Hub has of a commit stays as it is."""
    if url.startswith("hf://"):
        return False
    return [file.version for file in list_remote_files(url)] != [version]


def _filesystem(url: str) -> fsspec.AbstractFileSystem:
    scheme = url.partition("://")[0]
    try:
        return fsspec.core.url_to_fs(url)[0]
    except ImportError:
        package = PACKAGES.get(scheme, f"for {scheme}")
        raise SourceError(f"{url}: reading {scheme}:// needs one package more: pip install {package}") from None
    except ValueError as error:
        raise SourceError(f"{url}: no store is known for {scheme}:// ({error})") from None


class RemoteFile(io.RawIOBase):
    """A file of a store that is read by ranges, each of them whole or tried again."""

    def __init__(self, url: str, size: int) -> None:
        self._url, self._size, self._place = url, size, 0
        filesystem = _filesystem(url)
        # Without a cache a range is asked for exactly as it is read; with the size known, nothing else is asked.
        self._file = read_with_retries(
            url, lambda: filesystem.open(url, "rb", block_size=1 << 20, cache_type="none", size=size)
        )

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        wanted = max(0, min(len(view), self._size - self._place))
        if wanted:
            view[:wanted] = read_with_retries(self._url, lambda: self._range(wanted))
            self._place += wanted
        return wanted

    def _range(self, wanted: int) -> bytes:
        self._file.seek(self._place)
        content: bytes = self._file.read(wanted)
        if len(content) != wanted:
            raise OSError(f"{len(content)} bytes came instead of {wanted}")
        return content


def open_remote(url: str, size: int) -> RemoteFile:
    """A file of a store of this many bytes, open for reading at any place."""
    return RemoteFile(url, size)


def read_with_retries(url: str, act: Callable[[], T]) -> T:
    """What `act` gives, tried again after a wait that grows and is drawn at random where a fault may pass.

    Raises SourceError in one sentence where it does not pass or will not. The errors of the stores' libraries are
    not shown whole: they may hold signed addresses.
    """
    try:
        return with_retries(act)
    except SourceError:
        raise
    except Exception as error:  # the stores' libraries have no error in common
        raise SourceError(_sentence(url, error)) from None


def with_retries(act: Callable[[], T]) -> T:
    """What `act` gives, tried again where its fault may pass. Raises its last error where that does not or will not."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return act()
        except Exception as error:  # the stores' libraries have no error in common
            if attempt == ATTEMPTS or not _may_pass(error):
                raise
            time.sleep(_wait(error, attempt))
    raise AssertionError("the last attempt returns or raises")


def _may_pass(error: Exception) -> bool:
    status = status_of(error)
    return status in PASSING if status else not isinstance(error, (*FINAL, SaysoError))


def status_of(error: Exception) -> int | None:
    """The HTTP status of the answer that an error is about, if it is about one."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def _wait(error: Exception, attempt: int) -> float:
    headers = getattr(getattr(error, "response", None), "headers", {})
    asked = str(headers.get("Retry-After", "")) if hasattr(headers, "get") else ""
    growing = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * random.uniform(0.5, 1.0)
    return float(asked) + growing if asked.isdigit() else growing


def _sentence(url: str, error: Exception) -> str:
    if not url.startswith("hf://"):
        return f"{url}: {_fault(error)}"
    repository = url.removeprefix("hf://datasets/").partition("@")[0]
    page = f"{constants.ENDPOINT}/datasets/{repository}"
    login = "log in with `hf auth login` or HF_TOKEN"
    # Opening a file wraps the Hub's answer in a FileNotFoundError.
    cause = error if isinstance(error, HfHubHTTPError) else error.__cause__
    if isinstance(cause, DisabledRepoError):
        said = f"{repository}: the Hub has disabled the set, for everybody; see {page}, or leave it out"
    elif isinstance(cause, GatedRepoError):
        said = f"{repository}: the set is gated; accept its terms on {page} and {login}"
    elif isinstance(cause, RevisionNotFoundError):
        said = f"{url}: {repository} has no such revision; name a branch, tag or commit that {page} lists"
    elif isinstance(cause, RepositoryNotFoundError):
        said = f"{repository}: the Hub has no such dataset, or it is private; check the name or {login}"
    elif status_of(error) in (401, 403):
        said = f"{repository}: the Hub refuses access; {login}, with a token that may read it"
    elif isinstance(error, OfflineModeIsEnabled):
        said = f"{repository}: HF_HUB_OFFLINE forbids asking the Hub; unset it"
    else:
        said = f"{url}: {_fault(error)}"
    return said


def _fault(error: Exception) -> str:
    if isinstance(error, FileNotFoundError) or status_of(error) == 404:
        return "there is no such file; check the name"
    if isinstance(error, PermissionError):
        return "it may not be read; check the credentials that the store's library finds in the environment"
    status = status_of(error)
    what = f"status {status}" if status else type(error).__name__
    return f"it could not be read in {ATTEMPTS} attempts ({what}); run the same command again, what is done is kept"
