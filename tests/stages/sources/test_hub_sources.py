"""Datasets of the Hub from a stand-in on loopback: the right rows whatever goes wrong on the way, and nothing twice."""

import io
import json

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from tests.hub_server import TOKEN, Fault, Repository
from tests.runs import sayso, sayso_here

pytestmark = pytest.mark.usefixtures("in_this_process")


def questions(about, rows):
    return [
        {
            "instruction": f"What is {about} number {i}?",
            "output": f"It is the {i}th {about}.",
            "unused": f"{i:05d}" * 400,
        }
        for i in range(rows)
    ]


def as_parquet(rows):
    data = io.BytesIO()
    pl.DataFrame(rows).write_parquet(data, row_group_size=200, compression="uncompressed")
    return data.getvalue()


def as_lines(rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.fixture
def two_sets(hub_here):
    """One set in Parquet files, one in JSON lines, of 1,500 and 900 rows."""
    lakes = [as_parquet(questions("lake", 1_000)), as_parquet(questions("pond", 500))]
    hub_here.commit("org/water", {"README.md": b"# water", "data/a.parquet": lakes[0], "data/b.parquet": lakes[1]})
    hub_here.commit("org/stone", {"rocks.jsonl": as_lines(questions("rock", 900))})
    return hub_here


WATER = "{name: water, license: MIT, hub: {repository: org/water, files: [data]}}"
STONE = "{name: stone, hub: {repository: org/stone, files: ['*.jsonl']}}"


def recipe(folder, *sources, rows=250):
    path = folder / "mine.yaml"
    listed = "".join(f"  - {source}\n" for source in sources)
    path.write_text(f"name: mine\nsources:\n{listed}resources: {{text: {{workers: 1}}, text_shard_rows: {rows}}}\n")
    return path


def run(path, folder, until, code=0):
    return sayso_here("run", path, "--to", folder, "--until", until, code=code)


def parquet_sent(hub):
    return sum(answer.sent for answer in hub.answers if ".parquet" in answer.path)


def rows_of(folder, stage):
    ledger = Ledger(str(folder))
    return ledger.rows(stage, ledger.plan().shards_of(stage))


def test_two_sets_come_whole_through_a_busy_server_and_a_broken_connection(two_sets, tmp_path):
    two_sets.faults += [Fault("data/a.parquet", "busy"), Fault("rocks.jsonl", "cut"), Fault("api/datasets", "down")]
    path = recipe(tmp_path, WATER, STONE)
    run(path, tmp_path / "run", "ingest")
    assert all(fault.times == 0 for fault in two_sets.faults)
    rows = rows_of(tmp_path / "run", "ingest")
    assert rows["prompt"].to_list() == [
        row["instruction"]
        for about, count in (("lake", 1_000), ("pond", 500), ("rock", 900))
        for row in questions(about, count)
    ]
    assert rows.group_by("source", "license", maintain_order=True).len().rows() == [
        ("water", "MIT", 1_500),
        ("stone", None, 900),
    ]
    assert rows["position"][1_000] == "data/b.parquet:1"
    assert parquet_sent(two_sets) < 1_500 * 2_000 / 2, "the column that nobody needs was read"
    assert len([answer for answer in two_sets.answers if "rocks.jsonl" in answer.path]) < 12, "too many small reads"

    records = {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")}
    two_sets.answers.clear()
    run(path, tmp_path / "run", "ingest")
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")} == records
    assert not [answer for answer in two_sets.answers if "/resolve/" in answer.path]


def test_a_run_keeps_to_the_commit_that_it_began_with(two_sets, tmp_path):
    path = recipe(tmp_path, STONE)
    first = two_sets.repositories["org/stone"].branches["main"]
    run(path, tmp_path / "run", "survey")
    assert Ledger(str(tmp_path / "run")).plan().commits == {"org/stone@main": first}
    second = two_sets.commit("org/stone", {"rocks.jsonl": as_lines(questions("pebble", 900))})
    run(path, tmp_path / "run", "ingest")
    kept = rows_of(tmp_path / "run", "ingest")
    assert kept["prompt"][0] == "What is rock number 0?"

    run(path, tmp_path / "later", "ingest")
    moved = rows_of(tmp_path / "later", "ingest")
    assert Ledger(str(tmp_path / "later")).plan().commits == {"org/stone@main": second}
    assert moved["prompt"][0] == "What is pebble number 0?"
    assert not set(moved["id"]) & set(kept["id"])


def test_the_hubs_own_conversion_is_read_by_config_and_split(hub_here, tmp_path):
    hub_here.commit("org/set", {"data.xml": b"<rows/>"})
    files = {
        "main/train/0000.parquet": as_parquet(questions("hill", 30)),
        "main/partial-test/0000.parquet": as_parquet(questions("dale", 20)),
    }
    hub_here.commit("org/set", files, branch="refs/convert/parquet")
    path = recipe(
        tmp_path,
        "{name: train, hub: {repository: org/set, config: main, split: train}}",
        "{name: test, hub: {repository: org/set, config: main, split: test}}",
    )
    run(path, tmp_path / "run", "ingest")
    assert rows_of(tmp_path / "run", "ingest")["source"].value_counts(sort=True).rows() == [("train", 30), ("test", 20)]


def test_a_gated_set_stops_the_run_with_a_sentence_that_says_how_to_get_in(two_sets, tmp_path):
    two_sets.repositories["org/water"].gated = True
    done = run(recipe(tmp_path, WATER), tmp_path / "run", "ingest", code=4)
    page = f"{two_sets.address}/datasets/org/water"
    told = f"org/water: the set is gated; accept its terms on {page} and log in with `hf auth login` or HF_TOKEN"
    assert told in done.stderr
    assert "Traceback" not in done.stderr


WRONG = {
    "{repository: org/none, files: [data]}": "org/none: the Hub has no such dataset, or it is private; check the",
    "{repository: org/disabled, files: [data]}": "org/disabled: the Hub has disabled the set, for everybody; see http",
    "{repository: org/gated, files: [data]}": "org/gated: the set is gated; accept its terms on http",
    "{repository: org/water, files: [data], revision: v9}": "org/water has no such revision; name a branch, tag or",
    "{repository: org/water, files: ['*.csv']}": "org/water@main: no file matches *.csv",
    "{repository: org/sound, files: [clips]}": "org/sound@main: clips: it holds recordings, such as clips/1.flac",
    "{repository: org/stone, config: a, split: b}": "org/stone@refs/convert/parquet: org/stone has no such revision",
    "{repository: org/stone, files: [rocks.jsonl]}, schema: messages": "messages does not fit the columns instruction",
}


def test_doctor_tells_commit_columns_and_rows_without_reading_the_set(two_sets, tmp_path):
    water = two_sets.repositories["org/water"]
    two_sets.repositories["org/disabled"] = Repository(water.commits, water.branches, disabled=True)
    two_sets.repositories["org/gated"] = Repository(water.commits, water.branches, gated=True)
    two_sets.commit("org/sound", {"clips/1.flac": b"", "texts.jsonl": as_lines(questions("song", 3))})
    wrong = [f"{{name: wrong-{number}, hub: {where}}}" for number, where in enumerate(WRONG)]
    path = recipe(tmp_path, WATER.replace("license: MIT", "expected_rows: 1501"), STONE, *wrong)
    done = sayso_here("doctor", path, "--json", code=4)
    found = {each["subject"]: (each["good"], each["found"]) for each in json.loads(done.stdout)}
    pin = f"org/water is at {water.branches['main']} (pin it with hub.revision)"
    assert found["source water"] == (True, f"{pin}, 2 files, read as alpaca")
    assert found["rows of water"] == (False, "1,500 found, 1,501 expected")
    assert found["rows of stone"] == (True, "not counted, for only Parquet tells without being read whole")
    for number, told in enumerate(WRONG.values()):
        good, what = found[f"source wrong-{number}"]
        assert not good
        assert told in what
    assert parquet_sent(two_sets) < 1_500 * 2_000 / 2


def test_an_evaluation_set_may_be_on_the_hub(two_sets, tmp_path):
    commit = two_sets.commit("org/bench", {"test.jsonl": as_lines([{"question": "What is rock number 7?"}])})
    path = recipe(tmp_path, STONE)
    bench = "{name: bench, hub: {repository: org/bench, files: ['*.jsonl']}}"
    path.write_text(path.read_text() + f"decontaminate: {{against: [{bench}]}}\n")
    run(path, tmp_path / "run", "decontaminate")
    ledger = Ledger(str(tmp_path / "run"))
    assert ledger.plan().commits["org/bench@main"] == commit
    verdicts = ledger.verdicts("decontaminate", ledger.plan().shards_of("decontaminate"))
    assert verdicts.filter(verdicts["verdict"] == "dropped")["position"].to_list() == ["rocks.jsonl:8"]


def test_the_token_is_in_no_file_of_the_run(two_sets, tmp_path):
    """By the command itself, with workers that must know the token, too."""
    two_sets.repositories["org/stone"].private = True
    command = ("run", recipe(tmp_path, STONE), "--to", tmp_path / "run", "--until", "screen")
    sayso(*command, environment={**two_sets.environment, "RAY_ADDRESS": "local"})
    assert rows_of(tmp_path / "run", "ingest").height == 900
    for file in (tmp_path / "run").rglob("*.*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()
