"""The filesystem of a run's folder, a disk's or a store's, and its errors as sentences that say what to do."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import partial
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from sayso.manifests.errors import SaysoError


class StorageError(SaysoError):
    """Raised when the run's folder cannot be written or read; says what to do about it."""


class NoPlainFile(StorageError):
    """Raised where a link, a folder or far too large a file is in the place of one of ours, which is not read then."""


class StoreProxy:
    """A store: what its library raises becomes a StorageError.

    But for what says that there is no such object, or already one, or that what was asked of it is not to be had.
    """

    def __init__(self, store: Any, root: str) -> None:
        self._store, self._root = store, root

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(self._store, name)
        return partial(self._call, found) if callable(found) else found

    def _call(self, method: Callable[..., Any], *given: Any, **named: Any) -> Any:
        try:
            return method(*given, **named)
        except (FileNotFoundError, FileExistsError, StorageError):
            raise
        except Exception as error:  # the stores' libraries have no error in common
            if isinstance(error, OSError) and error.errno == errno.EINVAL:
                raise
            # Of an error of the system its type says little, and of another one its text.
            what = str(error) if isinstance(error, OSError) and str(error) else type(error).__name__
            raise StorageError(
                f"{self._root} cannot be reached ({what}); check the connection, and what its store "
                "needs to let you in. What was finished is safe, the same command goes on"
            ) from error


def open_filesystem(root: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """The filesystem that a path or URL is on, and the folder's name there. Raises StorageError where none is known."""
    scheme = root.partition("://")[0]
    try:
        filesystem, base = fsspec.core.url_to_fs(root)
    except ImportError as error:
        raise StorageError(f"{root}: {scheme}:// needs one package more ({error})") from None
    except ValueError as error:
        raise StorageError(f"{root}: no store is known for {scheme}:// ({error})") from None
    except Exception as error:  # the stores' libraries have no error in common
        raise StorageError(
            f"{root} cannot be reached ({type(error).__name__}); check the name, and what its store needs to let you in"
        ) from error
    if "://" in root and not scheme:
        raise StorageError(f"{root}: no store is known for ://")
    if isinstance(filesystem, LocalFileSystem):
        return filesystem, base.rstrip("/")
    # What others have written since a folder was listed would be taken for missing.
    filesystem.dircache.use_listings_cache = False
    filesystem.invalidate_cache()
    return StoreProxy(filesystem, root), base.rstrip("/")


def bytes_between(filesystem: fsspec.AbstractFileSystem, path: str, start: int, end: int | None) -> bytes:
    """The bytes of a store's object from one place to another, or to its end, as far as it has them, by one request.

    Raises FileNotFoundError.
    """
    try:
        content = filesystem.cat_file(path, start=start, end=end)
    except FileNotFoundError:
        raise
    except OSError:
        # So stores answer who asks for a range in which an object has no byte.
        if filesystem.size(path) > start:
            raise
        return b""
    assert isinstance(content, bytes)
    return content


def write_error(error: OSError, target: str, size: int | None) -> StorageError:
    """What to raise where `size` bytes, None where nobody knows how many, could not be written to `target`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        needed = "" if size is None else f", {size:,} more bytes are needed"
        return StorageError(
            f"{target}: the disk is full{needed}; what was finished is safe: free some space and run the same command "
            "again"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"{target}: this folder may not be written; choose another with --to or change its permissions"
        )
    return StorageError(f"{target}: could not be written ({error})")
