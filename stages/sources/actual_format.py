"""What a file is, whatever its name says: packed or not, of which format, or no data at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO

import orjson

from sayso.stages.sources.checked_bytes import BLOCK
from sayso.stages.sources.files import UTF8_MARK, Compression, File, Format, open_bytes, open_stored
from sayso.stages.sources.stores import UnreadableFile, open_remote

_HEAD = 4096
_PACKED: dict[bytes, Compression] = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_PARQUET = b"PAR1"
# What begins so is no data that can be read: what it is, and what to do.
_FOREIGN = {
    b"version https://git-lfs.github.com/": "a Git LFS pointer, not the file itself; fetch that with `git lfs pull`",
    b"PK\x03\x04": "a ZIP archive or a workbook; unpack it, or write its rows in a format that is read",
    b"ARROW1": "an Arrow file; write its rows as Parquet",
    b"\xfd7zXZ\x00": "packed with xz; unpack it, or pack it with gzip or Zstandard",
    b"BZh": "packed with bzip2; unpack it, or pack it with gzip or Zstandard",
    b"SQLite format 3": "an SQLite database; write its rows in a format that is read",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "a workbook of an old Office; write its rows in a format that is read",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive; unpack it",
    b"Rar!\x1a\x07": "a RAR archive; unpack it",
    b"\x1f\x8b": "packed with gzip twice; unpack it once",
    b"\x93NUMPY": "an array of NumPy; write its rows in a format that is read",
    b"FEA1\0\0\0\0": "a Feather file; write its rows as Parquet",
    b"Obj\x01": "an Avro file; write its rows as Parquet",
    **{
        bytes(
            (0x80, protocol)
        ): "a pickle of Python, which may run any code and is not opened; write its rows as JSON lines"
        for protocol in range(2, 6)
    },
    b"%PDF": "a PDF; write its rows in a format that is read",
}
_TAR, _TAR_PLACE = b"ustar", 257
_WEB_PAGES = (b"<!doctype", b"<html", b"<?xml")
_A_WEB_PAGE = "a web page, not data; fetch the file itself, whose address is another, and log in where that is asked"
_WIDE = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def with_actual_format(file: File) -> File:
    """The file with the format and the packing that it has where that is certain, else those that its name tells.

    Many a `.json` file holds JSON lines, many a `.jsonl` one array, and LJSpeech's `.csv` is none. Of Parquet files far
    away nothing is looked at. Raises UnreadableFile for what is no data: a web page, a Git LFS pointer, an archive,
    text that is not UTF-8.
    """
    if file.is_remote and file.format == "parquet":
        return file
    stored = _stored_head(file)
    packed = next((packing for mark, packing in _PACKED.items() if stored.startswith(mark)), None)
    file = replace(file, compression=packed or "none") if stored else file
    with open_bytes(file) as stream:
        head = stream.read(_HEAD)
    if what := _foreign(head):
        raise UnreadableFile(f"{file.path}: it is {what}, or leave it out")
    return replace(file, format=_format(file, head))


def _stored_head(file: File) -> bytes:
    if file.is_remote:
        return open_remote(file.path, file.size).read(min(_HEAD, file.size)) or b""
    with open_stored(file) as stream:
        return stream.read(_HEAD)


def _foreign(head: bytes) -> str | None:
    """What something is that is no data to read, and what to do; None where it may be data."""
    if head.lstrip()[: len(_WEB_PAGES[0])].lower().startswith(_WEB_PAGES):
        return _A_WEB_PAGE
    if what := next((what for mark, what in _FOREIGN.items() if head.startswith(mark)), None):
        return what
    if head[_TAR_PLACE:].startswith(_TAR):
        return "a tar archive; unpack it"
    encoding = next((name for mark, name in _WIDE.items() if head.startswith(mark)), None)
    if encoding is None and 2 * max(head[::2].count(0), head[1::2].count(0)) > len(head) // 2 > 2 * head.count(b"\0\0"):
        encoding = "UTF-16"
    if encoding:
        return f"text in {encoding}; write it again in UTF-8, as with `iconv -f {encoding} -t UTF-8`"
    return None


def _format(file: File, head: bytes) -> Format:
    if head.startswith(_PARQUET):
        return "parquet"
    begins = head.removeprefix(UTF8_MARK).lstrip()
    if begins.startswith(b"{") and file.format != "jsonl":
        return "jsonl" if _holds_lines(file) else "json" if file.format == "json" else file.format
    if begins.startswith(b"[") and begins[1:].lstrip().startswith(b"{") and file.format != "json":
        return "json" if _is_one_array(file) else file.format
    if file.format == "csv" and _is_ljspeech(file, head):
        return "transcripts"
    return "jsonl" if file.format == "json" and _holds_lines(file) else file.format


def _is_ljspeech(file: File, head: bytes) -> bool:
    """Whether a `metadata.csv` begins with a row of LJSpeech's: a name, and one or two texts, between bars."""
    name, *texts = head.removeprefix(UTF8_MARK).partition(b"\n")[0].split(b"|")
    is_row = len(texts) in (1, 2) and not set(name).intersection(b' ,;"\t')
    return is_row and PurePosixPath(file.name).name == "metadata.csv"


def _holds_lines(file: File) -> bool:
    """Whether the first two lines are whole objects, or most of those in the first MiB of what is no array."""
    with open_bytes(file) as stream:
        lines = _lines(stream, file.limits.row_bytes)
        first = [next(lines, b""), next(lines, b"")]
        if all(map(_is_object, first)):
            return True
        if first[0].startswith(b"["):
            return False
        # Not by lines: one alone may be gigabytes.
        part = stream.read(BLOCK)
    ended = part.split(b"\n") if len(part) < BLOCK else part.split(b"\n")[:-1]
    more = [line for line in map(bytes.strip, ended) if line]
    lines_seen = [line for line in first if line] + more
    whole = sum(map(_is_object, lines_seen))
    return whole > 1 and 2 * whole > len(lines_seen)


def _is_one_array(file: File) -> bool:
    """Whether what begins as an array is one, not lines each of which is one."""
    with open_bytes(file) as stream:
        lines = _lines(stream, file.limits.row_bytes)
        try:
            orjson.loads(next(lines, b""))
        except orjson.JSONDecodeError:
            return True
        return next(lines, None) is None


def _lines(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """The lines that are not blank, without the blanks around them, each up to so many bytes."""
    while line := stream.readline(most):
        if found := line.removeprefix(UTF8_MARK).strip():
            yield found


def _is_object(line: bytes) -> bool:
    """Whether a line is a whole JSON object."""
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True
