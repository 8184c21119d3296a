"""Thousands of tiny files and a huge one: few surveys, even shards, and the same rows however they are cut."""

import json
import os

import pytest

from sayso.manifests.ledger import Ledger
from sayso.pipeline.recipe import load_recipe
from sayso.stages.ingest.plan import plan_survey
from sayso.stages.jobs.fingerprint import fingerprint
from sayso.stages.jobs.plan_context import PlanContext
from tests.runs import sayso_here

FILES, HUGE = 2_000, 6_000


def row(name, number):
    return json.dumps({"question": f"What is {name} {number}?", "answer": f"It is the {number}."}) + "\n"


@pytest.fixture
def recipe(tmp_path):
    """2,000 files of three rows each, and one of 6,000."""
    (tmp_path / "data").mkdir()
    for number in range(FILES):
        (tmp_path / f"data/{number:04d}.jsonl").write_text("".join(row(f"file {number}", i) for i in range(3)))
    (tmp_path / "data/huge.jsonl").write_text("".join(row("the huge file", i) for i in range(HUGE)))
    path = tmp_path / "mine.yaml"
    path.write_text(
        "name: mine\nsources: [{name: s, paths: [data]}]\nresources: {text: {workers: 1}, text_shard_rows: 1000}\n"
    )
    return path


def surveyed_again(folder, before):
    """The shards of the survey with another record than before."""
    records = (folder / "manifests/survey").glob("*.record.json")
    return sorted(file.name[:7] for file in records if before.get(file) != file.stat().st_mtime_ns)


def test_few_jobs_survey_many_files_and_the_shards_are_even(recipe, tmp_path, in_this_process):
    run = tmp_path / "run"
    sayso_here("run", recipe, "--to", run, "--until", "ingest")
    ledger = Ledger(str(run))
    plan = ledger.plan()
    assert plan.shards_of("survey") == tuple(f"s-{number:05d}" for number in range(5))
    sizes = [ledger.find_record("ingest", shard).rows_in for shard in plan.shards_of("ingest")]
    assert sizes == [1_000] * 12
    rows = ledger.rows("ingest", plan.shards_of("ingest"))
    assert rows["id"].n_unique() == 12_000
    assert rows["position"][[0, 2, 3, 5_999, 6_000, 11_999]].to_list() == [
        "0000.jsonl:1",
        "0000.jsonl:3",
        "0001.jsonl:1",
        "1999.jsonl:3",
        "huge.jsonl:1",
        "huge.jsonl:6000",
    ]

    records = {file: file.stat().st_mtime_ns for file in (run / "manifests/survey").glob("*.record.json")}
    with open(tmp_path / "data/0600.jsonl", "a") as file:
        file.write(row("file 600", 3))
    os.utime(tmp_path / "data/huge.jsonl")
    recipe.write_text(recipe.read_text().replace("1000", "700"))
    sayso_here("run", recipe, "--to", run, "--until", "ingest")
    assert surveyed_again(run, records) == ["s-00001", "s-00004"]
    cut_anew = ledger.rows("ingest", ledger.plan().shards_of("ingest"))
    assert cut_anew.height == 12_001
    assert cut_anew.filter(cut_anew["position"] != "0600.jsonl:4").equals(rows)


def test_a_file_that_changes_after_its_survey_is_named_and_surveyed_anew(tmp_path, in_this_process):
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text("".join(row(name, i) for i in range(10)))
    recipe, run = tmp_path / "mine.yaml", tmp_path / "run"
    recipe.write_text("name: mine\nsources: [{name: s, paths: ['*.jsonl']}, {name: t, paths: [one.jsonl]}]\n")
    sayso_here("run", recipe, "--to", run, "--until", "survey")
    records = {file: file.stat().st_mtime_ns for file in (run / "manifests/survey").glob("*.record.json")}

    changed = tmp_path / "two.jsonl"
    before = changed.stat()
    changed.write_text(changed.read_text().replace("the 3.", "not 3."))
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    stopped = sayso_here("run", recipe, "--to", run, "--until", "ingest", code=4)
    assert "two.jsonl: the file was changed or removed after the run was planned; start it again" in stopped.output
    sayso_here("run", recipe, "--to", run, "--until", "ingest")
    assert surveyed_again(run, records) == ["s-00000"]
    rows = Ledger(str(run)).rows("ingest", ["s-00000"])
    assert rows["answer"][13] == "It is not 3."


def test_files_are_surveyed_anew_where_their_limits_change(recipe, tmp_path):
    def fingerprint_of(limits):
        recipe.write_text(f"name: mine\nsources: [{{name: s, paths: [data/huge.jsonl], limits: {limits}}}]\n")
        context = PlanContext(tmp_path, 0, Ledger(str(tmp_path / "run")), {})
        (job,) = plan_survey(context, load_recipe(recipe).sources)
        return fingerprint(job)

    assert fingerprint_of("{}") == fingerprint_of("{row_bytes: 16777216}")
    assert fingerprint_of("{}") != fingerprint_of("{file_bytes: 1000}")
