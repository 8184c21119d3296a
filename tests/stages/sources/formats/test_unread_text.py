"""Text that has no encoding: it costs its row where it is read, and nothing where it is not."""

import json
from pathlib import Path

import pytest

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source

SOUND = {"question": "Why?", "answer": "So."}
# What stands for two bytes that are no UTF-8.
BYTES = "BYTES"


def reasons(path: Path, data: bytes, **keys: object) -> list[tuple[str | None, str | None]]:
    path.write_bytes(data.replace(BYTES.encode(), b"\xff\xfe"))
    source = Source.model_validate({"name": "s", "paths": [path.name], "max_lost_share": 1, **keys})
    (shard,) = plan_shards(source, path.parent)
    return ingest(shard).verdicts.select("reason", "detail").rows()


def lines(*rows: dict[str, object]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def array(*rows: dict[str, object]) -> bytes:
    return json.dumps(rows, indent=1).encode()


def cells(*rows: dict[str, object]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return "".join(
        ",".join(str(row.get(name, "")) for name in names) + "\n" for row in ({name: name for name in names}, *rows)
    ).encode()


@pytest.mark.parametrize(("name", "write"), [("a.jsonl", lines), ("a.json", array), ("a.csv", cells)])
def test_it_costs_its_row_only_in_a_column_that_is_read(tmp_path: Path, name: str, write: object) -> None:
    unread, read = SOUND | {"note": f"x{BYTES}"}, {"question": f"Why{BYTES}?", "answer": "So.", "note": "x"}
    assert callable(write)
    (_, first), (_, second), (reason, detail) = reasons(tmp_path / name, write(SOUND | {"note": "x"}, unread, read))
    assert (first, second) == (None, None)
    assert (reason, detail) == ("invalid_utf8", "bytes that are not UTF-8 in question")


@pytest.mark.parametrize(("name", "write"), [("a.jsonl", lines), ("a.csv", cells)])
def test_a_column_that_belongs_to_what_is_asked_says_something(tmp_path: Path, name: str, write: object) -> None:
    assert callable(write)
    data = write(SOUND | {"table": ""}, SOUND | {"table": f"a{BYTES}"})
    assert [reason for reason, _ in reasons(tmp_path / name, data)] == [None, "unread_column"]
    assert [reason for reason, _ in reasons(tmp_path / name, data, ignored_columns=["table"])] == [None, None]


def test_halves_of_surrogate_pairs_are_text_without_encoding_too(tmp_path: Path) -> None:
    data = lines(SOUND, SOUND | {"note": "\ud83d"}, {"question": "Why\ud83d?", "answer": "So."})
    assert [reason for reason, _ in reasons(tmp_path / "a.jsonl", data)] == [None, None, "invalid_json"]


def test_inside_a_conversation_it_costs_a_row_only_where_it_is_read(tmp_path: Path) -> None:
    def talk(said: str, stamp: str) -> dict[str, object]:
        return {
            "messages": [{"role": "user", "content": said, "stamp": stamp}, {"role": "assistant", "content": "Ho."}]
        }

    data = lines(talk("Hi?", "1"), talk("Hi?", f"1{BYTES}"), talk(f"Hi{BYTES}?", "1"))
    assert [reason for reason, _ in reasons(tmp_path / "a.jsonl", data)] == [None, None, "invalid_utf8"]


def test_a_name_that_is_not_utf8_is_no_field_that_anybody_reads(tmp_path: Path) -> None:
    assert reasons(tmp_path / "a.jsonl", lines(SOUND, SOUND | {f"note{BYTES}": "x"})) == [(None, None)] * 2
