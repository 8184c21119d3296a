"""Tar archives that are the same bytes for the same members: nobody owns these, and they are of no time."""

from __future__ import annotations

import io
import tarfile
from typing import BinaryIO


def new_archive(file: BinaryIO) -> tarfile.TarFile:
    """An archive that is written from front to back; closing it leaves `file` open."""
    return tarfile.open(fileobj=file, mode="w|", format=tarfile.USTAR_FORMAT)


def add_member(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a file, with neither owner nor time."""
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
