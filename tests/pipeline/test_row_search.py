"""A row is asked for by how its id begins or by a piece of its prompt; where that is several rows, they are listed."""

import json
import re
import shutil

import polars as pl
import pytest

import sayso
from sayso.manifests.reports.row_search import UnknownRow
from tests.faults.small_runs import run_here
from tests.runs import sayso_here

ANSWER = "That is told in many books, and they agree on most of it."
BIRDS = [f"Why do birds of the {number}th valley sing at dawn?" for number in range(12)]
PROMPTS = [
    "What does a C++ template (or a macro) cost?",
    "Where is Straße 7\nin the old town, and who lived in it before the war and after it?",
    "Which facade of a church is the oldest one?",
    *BIRDS,
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    rows = [json.dumps({"instruction": prompt, "output": ANSWER}) for prompt in PROMPTS]
    (folder / "rows.jsonl").write_text("\n".join([*rows, '{"instruction": "Why do birds']))
    path = folder / "mine.yaml"
    path.write_text("name: mine\nsources:\n- {name: mine, paths: [rows.jsonl], license: MIT}\n")
    run_here(path, folder / "run", until="screen")
    return folder / "run"


@pytest.fixture
def run(made):
    return sayso.open(made)


@pytest.mark.parametrize(
    ("piece", "position"),
    [
        ("c++ TEMPLATE (or", "rows.jsonl:1"),
        ("straße 7\nin", "rows.jsonl:2"),
        ("facade", "rows.jsonl:3"),
        ("the 11th valley", "rows.jsonl:15"),
    ],
)
def test_a_piece_of_a_prompt_names_its_row_whatever_the_case(run, piece, position):
    assert run.explain(piece) == run.explain(position)


def test_six_digits_of_an_id_name_its_row(run):
    for row_id in run.verdicts("ingest").collect()["id"]:
        assert run.explain(row_id[:12]) == run.explain(row_id[:31].upper()) == run.explain(row_id)
    with pytest.raises(UnknownRow, match="no row of this run has that id or position"):
        run.explain(row_id[:5])


def test_a_dropped_row_is_found_by_its_id_alone(run):
    lost = run.verdicts("ingest").filter(pl.col("reason").is_not_null()).collect()
    assert run.explain(lost["id"][0][:12]).position == "rows.jsonl:16"


def test_of_several_rows_ten_are_listed(run, made):
    told = sayso_here("explain", made, "BIRDS OF THE", code=5).stderr.splitlines()
    assert told[0] == "error: 'BIRDS OF THE' is in the prompts of 12 rows; ask for one by its id:"
    assert told[-1].strip() == "and 2 more"
    found = [re.fullmatch(r" *([0-9a-f]{32})  mine  (rows\.jsonl:\d+)  (.+)", line).groups() for line in told[1:-1]]
    assert len(found) == 10
    for row_id, position, beginning in found:
        assert run.explain(row_id).position == position
        assert run.explain(row_id).texts["prompt"].startswith(beginning)


def test_of_ids_that_begin_alike_all_are_listed(made, monkeypatch):
    monkeypatch.setattr("sayso.manifests.reports.row_search.BEGINNING", re.compile("[0-9a-f]{1,31}"))
    run = sayso.open(made)
    ids = run.verdicts("ingest").collect()["id"]
    digit = next(row_id[0] for row_id in ids if sum(other[0] == row_id[0] for other in ids) > 1)
    with pytest.raises(UnknownRow) as error:
        run.explain(digit)
    first, *lines = str(error.value).splitlines()
    alike = [row_id for row_id in ids if row_id[0] == digit]
    assert first == f"{digit} begins the ids of {len(alike)} rows; ask for one by its id:"
    assert [line.split()[0] for line in lines] == alike
    assert all(line.split()[1:] == ["mine", run.explain(line.split()[0]).position] for line in lines)


@pytest.mark.parametrize("nothing", ["", " ", "no such words at all", "[a-z]+", "BIRDS.OF", "a" * 100_000])
def test_what_no_row_has_is_told_as_before(run, nothing):
    with pytest.raises(UnknownRow, match="no row of this run has that id or position"):
        run.explain(nothing)


def test_what_is_damaged_is_told(made, tmp_path):
    shutil.copytree(made, tmp_path / "run")
    paths = [*(tmp_path / "run").rglob("work/ingest/*.parquet")]
    assert paths
    for path in paths:
        path.write_bytes(b"?" * path.stat().st_size)
    assert "is not as its record says" in sayso_here("explain", tmp_path / "run", "facade", code=6).stderr
