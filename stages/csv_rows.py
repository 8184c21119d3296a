"""The rows of a CSV file, one by one, so that a broken one costs no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from stages.files import File, open_bytes
from stages.json_arrays import Broken
from stages.stores import UnreadableFile

csv.field_size_limit(1 << 30)  # the default refuses cells over 128 KiB, which long answers reach


def csv_rows(file: File) -> Iterator[dict[str, str] | Broken]:
    """Each row under the header, empty lines skipped; Broken (`invalid_csv`, `invalid_utf8`) at a fault.

    Raises UnreadableFile where the header cannot be read, or a quote stays open to the end of the file and so
    swallows the rows after it.
    """
    with open_bytes(file) as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
        rows = _cells(file, text)
        header = next(rows, [])
        if isinstance(header, Broken):
            raise UnreadableFile(f"{file.path}: the CSV header cannot be read ({header.detail})")
        # A name that is not UTF-8 is no column that anybody asks for.
        header = [name.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for name in header]
        for cells in rows:
            yield cells if isinstance(cells, Broken) else _row(header, cells)


def _cells(file: File, text: io.TextIOWrapper) -> Iterator[list[str] | Broken]:
    reader = csv.reader(text, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise UnreadableFile(
                    f"{file.path}: a quote opened in the row at line {start} is never closed; "
                    "close it, for it swallows every row after it"
                ) from error
            yield Broken("invalid_csv", str(error))
            continue
        if cells:
            yield cells


def _row(header: list[str], cells: list[str]) -> dict[str, str] | Broken:
    if len(cells) != len(header):
        return Broken("invalid_csv", f"{len(cells)} cells under {len(header)} columns")
    try:
        "".join(cells).encode("utf-8")
    except UnicodeEncodeError:
        return Broken("invalid_utf8", "a cell holds bytes that are not UTF-8")
    return dict(zip(header, cells, strict=True))
