"""A whole run of the text side against an evaluation set: what is dropped, explained and done again."""

import json
from pathlib import Path

import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.reports.explanation import explain
from sayso.manifests.reports.funnel import funnel
from sayso.manifests.verify.run import verify
from tests.runs import sayso_here

QUESTIONS = (
    "Which river flows through the city of Vienna?",
    "Dear teacher, can you explain how a steam engine turns heat into motion, in a few short sentences?",
    "Can you explain how a steam engine works?",
    "How do bees find their way back to the hive?",
)
BENCH = (
    {"turns": ["Which RIVER flows through the city of Vienna"]},
    {"turns": ["Explain how a steam engine turns heat into motion.", "And how does a diesel engine do it?"]},
)
AGAINST = "decontaminate:\n  against:\n    - {name: bench, paths: [bench.jsonl]}\n"


def write(folder: Path, name: str, rows) -> None:
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))


def recipe(folder: Path, more: str) -> Path:
    path = folder / "small.yaml"
    sources = "sources:\n  - {name: facts, paths: [facts.jsonl]}\n"
    path.write_text(f"name: small\n{sources}resources: {{text: {{workers: 1}}, text_shard_rows: 2}}\n{more}")
    return path


def kept(folder: Path) -> dict[str, int]:
    return {flow.stage: flow.rows_out for flow in funnel(Ledger(str(folder / "run")))}


def records(folder: Path) -> dict[Path, int]:
    return {file: file.stat().st_mtime_ns for file in (folder / "run" / "manifests").rglob("*.record.json")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, in_this_process):
    """A run against the evaluation set, of a folder that was first run without it."""
    made = tmp_path_factory.mktemp("decontaminate")
    write(made, "facts.jsonl", [{"question": each, "answer": "It is a matter of books."} for each in QUESTIONS])
    write(made, "bench.jsonl", BENCH)
    sayso_here("run", recipe(made, ""), "--to", made / "run", "--until", "sample")
    assert kept(made) == {"ingest": 4, "screen": 4, "deduplicate": 4, "sample": 4}
    sayso_here("run", recipe(made, AGAINST), "--to", made / "run", "--until", "sample")
    return made


def test_what_overlaps_goes_before_the_search_for_duplicates(folder):
    assert list(kept(folder).items()) == [
        ("ingest", 4),
        ("screen", 4),
        ("decontaminate", 2),
        ("deduplicate", 2),
        ("sample", 2),
    ]
    assert verify(Ledger(str(folder / "run"))).problems == ()


def test_explain_names_the_row_of_the_evaluation_and_the_thresholds(folder):
    last = explain(Ledger(str(folder / "run")), "facts.jsonl:2").steps[-1]
    assert (last.stage, last.filter, last.reason) == ("decontaminate", "decontamination", "ngram_overlap")
    assert last.values["decontamination.of"] == "bench:bench.jsonl:2 turn 1"
    assert last.values["decontamination.share"] == 1.0
    shown = sayso_here("explain", folder / "run", "facts.jsonl:1").stdout
    assert "exact_overlap" in shown
    assert "min_share=0.5" in shown


def test_a_changed_evaluation_repeats_nothing_that_came_before(folder):
    before = records(folder)
    write(folder, "bench.jsonl", [*BENCH, {"turns": ["How do bees find their way back to the hive"]}])
    sayso_here("run", recipe(folder, AGAINST), "--to", folder / "run", "--until", "sample")
    again = {file.parent.name for file, when in records(folder).items() if before.get(file) != when}
    assert {"evaluations", "decontaminate", "deduplicate"} <= again
    assert not again & {"ingest", "screen"}
    assert kept(folder)["decontaminate"] == 1
    # Once more, without the section: the stage and its files are gone.
    sayso_here("run", recipe(folder, ""), "--to", folder / "run", "--until", "sample")
    assert kept(folder) == {"ingest": 4, "screen": 4, "deduplicate": 4, "sample": 4}
    assert not list((folder / "run").rglob("work/decontaminate/*"))
    assert verify(Ledger(str(folder / "run"))).problems == ()


def test_an_evaluation_set_that_is_not_there_stops_the_run_before_any_work(folder):
    against = AGAINST.replace("bench.jsonl", "nowhere.jsonl")
    done = sayso_here("run", recipe(folder, against), "--to", folder / "other", "--until", "sample", code=4)
    assert "nowhere.jsonl" in done.stderr
    assert not (folder / "other" / "work").exists()


def test_doctor_says_where_the_questions_of_an_evaluation_set_are(tmp_path):
    write(tmp_path, "facts.jsonl", [{"question": QUESTIONS[0], "answer": "The Danube."}])
    write(tmp_path, "bench.jsonl", BENCH)
    more = AGAINST + "    - {name: lost, paths: [lost.jsonl]}\n"
    done = sayso_here("doctor", recipe(tmp_path, more), "--json", code=4)
    found = {finding["subject"]: finding for finding in json.loads(done.stdout)}
    assert found["evaluation set bench"]["found"] == "3 texts in `turns`"
    assert "lost.jsonl" in found["evaluation set lost"]["found"] and not found["evaluation set lost"]["good"]
