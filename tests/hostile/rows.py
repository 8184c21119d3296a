"""Files of hostile rows with good ones between them, in every schema and every format, drawn from a seed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.hostile.texts import Draw, Value, draw_value

Row = dict[str, Value]

_PLACES = ("Rome", "Oslo", "Lima", "Cairo", "Delhi", "Quito", "Hanoi", "Kyiv", "Accra", "Seoul")


def _asked(number: int) -> tuple[str, str]:
    place = _PLACES[number % len(_PLACES)]
    return (
        f"What should I see in {place} on day number {number}?",
        f"On that day the old market of {place} is worth a visit.",
    )


def _talk(number: int) -> list[Value]:
    question, answer = _asked(number)
    again = {"role": "user", "content": "And what should I eat there?"}
    later = {"role": "assistant", "content": "Whatever the market has in that season."}
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}, again, later]


def _from_to(number: int) -> list[Value]:
    question, answer = _asked(number)
    return [{"from": "human", "value": question}, {"from": "gpt", "value": answer}]


# Of each schema a row that is whole.
WHOLE: dict[str, Callable[[int], Row]] = {
    "alpaca": lambda n: {"instruction": _asked(n)[0], "input": "", "output": _asked(n)[1]},
    "question_answer": lambda n: {"question": _asked(n)[0], "answer": _asked(n)[1]},
    "prompt_completion": lambda n: {"prompt": _asked(n)[0], "completion": _asked(n)[1]},
    "messages": lambda n: {"messages": _talk(n)},
    "sharegpt": lambda n: {"conversations": _from_to(n)},
    "preference": lambda n: {"prompt": _asked(n)[0], "chosen": _asked(n)[1], "rejected": "I do not know."},
    "self_instruct": lambda n: {"instruction": _asked(n)[0], "instances": [{"input": "", "output": _asked(n)[1]}]},
}


def _spoiled(value: Value, draw: Draw) -> Value:
    """A value with something hostile in it: in the place of it, or deep inside."""
    if isinstance(value, list) and value and draw.random() < 0.85:
        place = draw.randrange(len(value))
        return [*value[:place], _spoiled(value[place], draw), *value[place + 1 :]]
    if isinstance(value, dict) and value and draw.random() < 0.85:
        key = draw.choice(list(value))
        return {**value, key: _spoiled(value[key], draw)}
    return draw_value(draw)


def _hostile(whole: Row, draw: Draw) -> Row:
    row = dict(whole)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        field = draw.choice(list(row))
        fate = draw.random()
        if fate < 0.08 and len(row) > 1:
            del row[field]
        elif fate < 0.16:
            row[draw.choice(("id", "text", "system", "input", "messages ", "\u202e", ""))] = draw_value(draw)
        elif fate < 0.2:
            row = dict.fromkeys(row)
        elif fate < 0.202:
            row[field] = "What is that? " * 100_000
        else:
            row[field] = _spoiled(row[field], draw)
    return row


@dataclass(frozen=True)
class HostileFile:
    """The name and bytes of a file, and the numbers of its rows that are good."""

    name: str
    content: bytes
    good: tuple[int, ...]


def _as_line(row: Row) -> bytes:
    return json.dumps(row).encode()


def _damaged(line: bytes, draw: Draw) -> bytes:
    """A line as a bad copy or a bad program leaves it; never empty, and one line."""
    cut = line[: draw.randrange(1, len(line))]
    broken = draw.choice(
        (
            cut,
            line + cut,
            line.replace(b'"', b"'"),
            line.replace(b":", b"", 1),
            line[:-1] + b"," + b"}",
            line.replace(b"a", b"\xff\xc3\x28"),
            line.replace(b" ", b"\x00"),
            b"\xef\xbb\xbf\xef\xbb\xbf" + line,
            line.decode().encode("utf-16-be"),
            b"[" * 5_000,
            b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
            b"[" + line + b"]",
            draw.choice((b"null", b"1", b'"text"', b"[]", b"{}", b"NaN", b"1e999", b"9" * 5_000)),
            b'{"instruction": "a", "instruction": 1, "question": "a", "question": []}',
            line[:-1] + b', "more": ' + b"1" * 3_000 + b"}",
        )
    )
    return broken.replace(b"\n", b" ").replace(b"\r", b" ").strip() or b"x"


def _lines(rows: Sequence[Row | bytes]) -> bytes:
    return b"\n".join(row if isinstance(row, bytes) else _as_line(row) for row in rows)


def _array(rows: Sequence[Row | bytes]) -> bytes:
    elements = [_one_element(row) if isinstance(row, bytes) else _as_line(row) for row in rows]
    return b"[\n" + b",\n".join(elements) + b"\n]\n"


def _one_element(line: bytes) -> bytes:
    """A damaged line up to where another element could begin in it, or the whole file would be refused."""
    first, *_ = re.split(rb"\{\s*\"", line.lstrip(b'[{"'))
    return b'{"' + first


def _csv(rows: Sequence[Row | bytes]) -> bytes:
    header = list(next(row for row in rows if isinstance(row, dict)))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        cells = [row.get(field) for field in header] if isinstance(row, dict) else [row.decode("latin-1")[:1_000]] * 7
        written = [cell if isinstance(cell, str) else json.dumps(cell) for cell in cells]
        # What no cell can hold is escaped, as in JSON.
        writer.writerow([cell if cell.isascii() or _is_text(cell) else ascii(cell) for cell in written])
    return text.getvalue().encode("utf-8")


def _is_text(cell: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in cell)


def _parquet(rows: Sequence[Row | bytes]) -> bytes:
    """Text columns of bytes that nobody checked; what is no text is JSON in them."""
    whole = [row for row in rows if isinstance(row, dict)]
    columns: dict[str, list[bytes | None]] = {field: [] for field in whole[0]}
    for row in rows:
        for field, values in columns.items():
            value = row.get(field) if isinstance(row, dict) else row
            written = value if isinstance(value, str | bytes | None) else json.dumps(value)
            values.append(written.encode("utf-8", "surrogatepass") if isinstance(written, str) else written)
    table = pa.table({field: pa.array(values, pa.binary()).view(pa.string()) for field, values in columns.items()})
    sink = io.BytesIO()
    pq.write_table(table, sink, row_group_size=97)
    return sink.getvalue()


_FORMATS: dict[str, Callable[[Sequence[Row | bytes]], bytes]] = {
    "jsonl": _lines,
    "json": _array,
    "csv": _csv,
    "parquet": _parquet,
}
_PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": lambda content: content,
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
KINDS = [f"{name}{packed}" for name in _FORMATS for packed in _PACKED]
# One row of so many is good, and so are the first ones, by which a file is known.
GOOD = 3
FIRST_GOOD = 12


def draw_file(seed: int, schema: str, kind: str, rows: int) -> HostileFile:
    """A file of so many rows, most of them hostile; the same for the same seed."""
    draw = random.Random(f"{seed} {schema} {kind}")
    found: list[Row | bytes] = []
    for number in range(rows):
        row = WHOLE[schema](number)
        if not _is_good(number):
            row = _hostile(row, draw)
        damaged = not _is_good(number) and draw.random() < 0.15
        found.append(_damaged(_as_line(row), draw) if damaged else row)
    good = tuple(number + 1 for number in range(rows) if _is_good(number))
    return HostileFile(f"{schema}.{kind}", _written(kind, found), good)


def good_alone(schema: str, kind: str, rows: int) -> HostileFile:
    """The good rows of such a file, in a file by themselves."""
    found = [WHOLE[schema](number) for number in range(rows) if _is_good(number)]
    return HostileFile(f"{schema}.{kind}", _written(kind, found), tuple(range(1, len(found) + 1)))


def _is_good(number: int) -> bool:
    return number < FIRST_GOOD or number % GOOD == 0


def _written(kind: str, rows: Sequence[Row | bytes]) -> bytes:
    name, _, packed = kind.partition(".")
    return _PACKED[f".{packed}" if packed else ""](_FORMATS[name](rows))
