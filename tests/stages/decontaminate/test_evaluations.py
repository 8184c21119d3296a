"""The texts of evaluation sets, in the shapes that such sets are published in."""

import json

import polars as pl
import pytest

from sayso.stages.decontaminate.evaluations import evaluation_files, evaluation_table, evaluation_texts
from sayso.stages.sources.files import SourceError
from sayso.stages.sources.source import Source


def texts(folder, rows, name="bench.jsonl", **keys):
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    (file,) = evaluation_files(Source(name="bench", paths=(name,), **keys), folder)
    return evaluation_texts(file).rows()


def test_each_turn_is_a_text_of_its_own_and_those_that_say_nothing_are_left_out(tmp_path):
    rows = [{"turns": ["Who are you?"]}, {"turns": ["Name a fruit.", " ", "And another?"]}, {"turns": None}]
    assert texts(tmp_path, rows) == [
        ("bench:bench.jsonl:1", "Who are you?"),
        ("bench:bench.jsonl:2 turn 1", "Name a fruit."),
        ("bench:bench.jsonl:2 turn 3", "And another?"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        {"id": 7, "question": "Who are you?"},
        {"prompt": "Who are you?", "answer": None},
        {"instruction": "Who are you?"},
        {"messages": [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": "I am Ann."}]},
    ],
)
def test_usual_names_are_known_and_no_answer_is_needed(tmp_path, row):
    assert texts(tmp_path, [row]) == [("bench:bench.jsonl:1", "Who are you?")]


def test_an_input_belongs_to_its_instruction(tmp_path):
    found = texts(tmp_path, [{"instruction": "Put it into French.", "input": "A cat"}])
    assert found == [("bench:bench.jsonl:1", "Put it into French.\nA cat")]


def test_a_column_of_another_name_can_be_named(tmp_path):
    rows = [{"ctx": "The man opens", "prompt": "unused"}]
    assert texts(tmp_path, rows, columns={"prompt": "ctx"}) == [("bench:bench.jsonl:1", "The man opens")]


def test_parquet_is_read_like_json_lines(tmp_path):
    pl.DataFrame({"turns": [["Who are you?", "Why?"]]}).write_parquet(tmp_path / "bench.parquet")
    (file,) = evaluation_files(Source(name="bench", paths=("bench.parquet",)), tmp_path)
    assert evaluation_texts(file)["text"].to_list() == ["Who are you?", "Why?"]


@pytest.mark.parametrize(
    ("rows", "keys", "error"),
    [
        ([{"title": "Hamlet"}], {}, r"bench\.jsonl: no column turns, .* among title; .*columns: \{prompt: turns\}"),
        ([{"turns": ["Why?"]}], {"columns": {"prompt": "ask"}}, "no column ask among turns"),
        ([{"turns": ["Why?"]}, {"turns": 7}], {}, "row 2: `turns`: a list of messages was expected, not int"),
        ([{"turns": ["Why?"]}, ["Why?"]], {}, "row 2 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_names_it(tmp_path, rows, keys, error):
    with pytest.raises(SourceError, match=error):
        texts(tmp_path, rows, **keys)


def test_a_set_that_asks_nothing_is_an_error(tmp_path):
    (tmp_path / "bench.jsonl").write_text('{"turns": []}\n{"turns": [" "]}\n')
    (file,) = evaluation_files(Source(name="bench", paths=("bench.jsonl",)), tmp_path)
    with pytest.raises(SourceError, match="says nothing in any row"):
        evaluation_table(file, 8)


def test_a_file_with_other_bytes_is_another_file_wherever_it_lies(tmp_path):
    identities = []
    for folder, question in (("a", "Who?"), ("b", "Who?"), ("c", "Why?")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bench.jsonl").write_text(json.dumps({"question": question}) + "\n")
        (file,) = evaluation_files(Source(name="bench", paths=("bench.jsonl",)), tmp_path / folder)
        identities.append(file.identity())
    assert identities[0] == identities[1] != identities[2]
