"""The rows of a CSV file, one by one, so that a broken one costs no other."""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from typing import BinaryIO

from sayso.stages.sources.files import File, open_bytes
from sayso.stages.sources.formats.json_values import Broken, PartlyBroken
from sayso.stages.sources.limits import beyond
from sayso.stages.sources.stores import UnreadableFile

csv.field_size_limit(sys.maxsize)  # a row is bounded here, a cell by it


class _Tabs(csv.excel_tab):
    """Cells parted by tabs, in which a quotation mark is one of the text's, as in Common Voice."""

    quoting = csv.QUOTE_NONE


_DIALECTS: dict[str, type[csv.Dialect]] = {"csv": csv.excel, "tsv": _Tabs}


def csv_rows(file: File) -> Iterator[dict[str, str] | PartlyBroken | Broken]:
    """Each row under the header, empty lines skipped; Broken (`invalid_csv`) at a fault.

    A row with cells that are not UTF-8 is PartlyBroken.

    Raises UnreadableFile where the header cannot be read, or a quote stays open to the end of the file and so
    swallows the rows after it, or a row is larger than it may be: where it ends is not certain.
    """
    with open_bytes(file) as stream:
        rows = _cells(file, _text(stream))
        header = _header(file, rows)
        for cells in rows:
            yield cells if isinstance(cells, Broken) else _row(header, cells)


def csv_header(file: File) -> list[str]:
    """The names of the columns, none in an empty file. Raises UnreadableFile where they cannot be read."""
    with open_bytes(file) as stream:
        return _header(file, _cells(file, _text(stream)))


def check_header(file: File, columns: Collection[str]) -> None:
    """Raise UnreadableFile where two columns have the name of one of these: which of them is meant is not certain."""
    for name, times in Counter(csv_header(file)).items():
        if name in columns and times > 1:
            raise UnreadableFile(f"{file.path}: {times} columns have the name {name}; rename all but one")


def _text(stream: BinaryIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _header(file: File, rows: Iterator[list[str] | Broken]) -> list[str]:
    header = next(rows, [])
    if isinstance(header, Broken):
        raise UnreadableFile(f"{file.path}: the CSV header cannot be read ({header.detail})")
    # A name that is not UTF-8 is no column that anybody asks for.
    return [name.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name in header]


def _cells(file: File, text: io.TextIOWrapper) -> Iterator[list[str] | Broken]:
    lines = _Lines(file, text)
    reader = csv.reader(lines, _DIALECTS[file.format], strict=True)
    while True:
        lines.first, lines.size = reader.line_num + 1, 0
        try:
            cells = next(reader)
            while not cells:
                lines.first, lines.size, lines.blank = reader.line_num + 1, 0, lines.blank + 1
                cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise UnreadableFile(
                    f"{file.path}: a quote opened in the row at line {lines.first} is never closed; "
                    "close it, for it swallows every row after it"
                ) from error
            yield Broken("invalid_csv", str(error))
            continue
        yield cells


class _Lines:
    """The lines of a text, as many for one row, and the blank lines up to there, as a row may have characters."""

    def __init__(self, file: File, text: io.TextIOWrapper) -> None:
        self._file, self._text, self._most = file, text, file.limits.row_bytes
        self.first, self.size, self.blank = 1, 0, 0

    def __iter__(self) -> Iterator[str]:
        most, readline = self._most, self._text.readline
        while line := readline(most + 1):
            self.size += len(line)
            if self.size + self.blank > most:
                what = f"an open quote, a long line or blank lines make the row at line {self.first}"
                raise beyond(self._file.path, what, most, "row_bytes")
            yield line


def _row(header: list[str], cells: list[str]) -> dict[str, str] | PartlyBroken | Broken:
    if len(cells) != len(header):
        return Broken("invalid_csv", f"{len(cells)} cells under {len(header)} columns")
    row = dict(zip(header, cells, strict=True))
    if not _is_utf8("".join(cells)):
        undecodable = [name for name, cell in zip(header, cells, strict=True) if not _is_utf8(cell)]
        fault = Broken("invalid_utf8", f"bytes that are not UTF-8 in {', '.join(undecodable)}")
        return PartlyBroken(row, undecodable, fault)
    return row


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
