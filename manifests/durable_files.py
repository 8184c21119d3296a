"""Files on a disk that are whole or not there, after a power cut, too."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sayso.manifests.names import temporary_name


def write_durably(target: Path, content: bytes) -> None:
    """Put a file in place in one step, or leave what was there before. Raises OSError."""
    temporary = _temporary(target, content)
    try:
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


@contextmanager
def file_to_come(target: Path, waiting: Path) -> Iterator[BinaryIO]:
    """A file to fill piece by piece at `waiting`, on the same disk, that is put in place when all of it is there.

    Where the block raises, what was there before stays. Raises OSError.
    """
    waiting.parent.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(waiting, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(target)
    except BaseException:
        waiting.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def create_durably(target: Path, content: bytes) -> bool:
    """Put a file in place if nothing is there yet; whether it was so. Raises OSError.

    By a link to a whole file, which is made once, on shared disks, too.
    """
    temporary = _temporary(target, content)
    try:
        os.link(temporary, target)
    except FileExistsError:
        # Over a network an answer may be lost, and the second attempt meets the link of the first.
        return temporary.stat().st_nlink > 1
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        # A disk without links.
        with open(target, "xb") as file:
            file.write(content)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)
    return True


def _temporary(target: Path, content: bytes) -> Path:
    """A file beside the target with this content, on the disk and not only in memory."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(temporary_name(target.name, uuid.uuid4().hex))
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(path: Path) -> None:
    """Let a rename survive a power cut: it lives in the folder."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
