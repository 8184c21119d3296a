"""Whole runs through the command line: the same bytes however they are cut up, stopped or spread."""

import itertools
import json
import os
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import datasets
import polars as pl
import pytest

from manifests.explanation import explain
from manifests.funnel import funnel
from manifests.ledger import Ledger
from manifests.verification import verify
from pipeline.code_version import PROJECT_PACKAGES, ROOT
from tests.runs import (
    dataset_bytes,
    processes_below,
    sayso,
    sayso_here,
    started,
    wait_for_records,
    wait_until_gone,
    worker_of,
)

DEMO = Path(__file__).parents[2] / "pipeline" / "recipes" / "demo"
ROWS = 14


def recipe(folder, **resources):
    """The first rows of the demo's files, as a recipe of two sources."""
    path = folder / "small.yaml"
    limits = "\n".join(f"  {key}: {value}" for key, value in resources.items())
    path.write_text(
        f"""
name: small
seed: 3
sources:
  - {{name: everyday, paths: [{DEMO}/everyday.alpaca.json], license: Apache-2.0, limit: {ROWS}}}
  - {{name: facts, paths: [{DEMO}/facts.jsonl], license: Apache-2.0, limit: {ROWS}}}
mixture: {{shares: {{instruction: 0.6, transcription: 0.2, text: 0.1, inaudible: 0.1}}}}
compose: {{rows_per_shard: 7, configs: [default, ichigo], held_out: {{rows: 4}}}}
resources:
  speech_shard_rows: 3
{limits}
"""
    )
    return path


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, ray_cluster):
    """A run that nothing happened to: one worker, batches of 16."""
    folder = tmp_path_factory.mktemp("undisturbed")
    done = sayso_here("run", recipe(folder, workers=1), "--to", folder / "run", "--address", ray_cluster, "--json")
    flows = json.loads(done.stdout)
    assert flows[0]["rows_in"] == 2 * ROWS
    return folder / "run"


@pytest.fixture
def on_shared_ray(ray_cluster, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", ray_cluster)


def test_rows_in_are_rows_kept_and_rows_dropped_at_every_stage(undisturbed):
    flows = funnel(Ledger(str(undisturbed)))
    stages = ["ingest", "screen", "deduplicate", "sample", "synthesize", "mix", "compose"]
    assert [flow.stage for flow in flows] == stages
    for flow in flows:
        assert flow.rows_in == flow.rows_out + sum(loss.rows for loss in flow.losses)
    made = sum(source.rows_in for source in flows[-2].sources if source.source == "inaudible")
    for before, after in itertools.pairwise(flows):
        assert after.rows_in == before.rows_out + (made if after.stage == "mix" else 0)
    assert verify(Ledger(str(undisturbed))).problems == ()


def test_the_dataset_opens_typed_and_its_tokens_decode_to_the_words(undisturbed, tmp_path):
    rows = datasets.load_dataset(str(undisturbed / "dataset"), split="train", cache_dir=str(tmp_path))
    assert len(rows) > ROWS / 2
    assert rows.features["sound_tokens"] == datasets.List(datasets.Value("uint16"))
    assert rows["id"][:] == sorted(rows["id"])
    said = rows.filter(lambda row: row["voice"] is not None)
    assert max(max(tokens) for tokens in said["sound_tokens"]) < 512
    assert sum(said["wer"]) / len(said) < 0.25
    assert [len(tokens) / 25 for tokens in said["sound_tokens"]] == pytest.approx(said["duration"][:], abs=0.08)


def test_kinds_are_published_in_their_shares_exact_to_one_row(undisturbed, tmp_path):
    splits = datasets.load_dataset(str(undisturbed / "dataset"), cache_dir=str(tmp_path))
    kinds = [*splits["train"]["kind"], *splits["test"]["kind"]]
    found = Counter(kinds)
    shares = {"instruction": 0.6, "transcription": 0.2, "text": 0.1, "inaudible": 0.1}
    assert found.keys() == shares.keys()
    assert all(abs(found[kind] - share * len(kinds)) < 1 for kind, share in shares.items())


def test_rows_that_are_held_out_are_in_no_other_split(undisturbed, tmp_path):
    splits = datasets.load_dataset(str(undisturbed / "dataset"), cache_dir=str(tmp_path))
    assert len(splits["test"]) == 4
    assert set(splits["test"]["id"]).isdisjoint(splits["train"]["id"])


def test_the_config_ichigo_holds_the_rows_that_are_sound(undisturbed, tmp_path):
    of_config = {
        config: datasets.load_dataset(str(undisturbed / "dataset"), config, split="train", cache_dir=str(tmp_path))
        for config in ("default", "ichigo")
    }
    rows = of_config["default"].filter(lambda row: row["kind"] != "text")
    assert of_config["ichigo"]["tokens"][:] == rows["sound_tokens"][:]
    assert of_config["ichigo"]["conversations"][0][0]["content"] == rows["conversations"][0][0]["content"]


def test_a_published_row_is_explained_down_to_its_place_in_the_dataset(undisturbed, tmp_path):
    rows = datasets.load_dataset(str(undisturbed / "dataset"), split="train", cache_dir=str(tmp_path))
    number = next(n for n, kind in enumerate(rows["kind"]) if n > 7 and kind == "instruction")
    found = explain(Ledger(str(undisturbed)), rows[number]["id"])
    place = f"dataset/data/train-0000{number // 7}-of-0000{-(-len(rows) // 7)}.parquet, row {number % 7}"
    assert found.published == place
    assert found.texts["spoken"] == rows[number]["spoken"]
    assert [step.stage for step in found.steps][-3:] == ["synthesize", "mix", "compose"]


def test_batches_of_one_and_other_shards_give_the_same_bytes(undisturbed, tmp_path, on_shared_ray):
    sayso_here("run", recipe(tmp_path, workers=1, batch=1, text_shard_rows=5), "--to", tmp_path / "run")
    assert dataset_bytes(tmp_path / "run") == dataset_bytes(undisturbed)


def test_a_second_run_does_nothing_again(undisturbed, tmp_path, monkeypatch):
    # There is nothing to do for a cluster.
    monkeypatch.setenv("RAY_ADDRESS", "nowhere")
    shutil.copytree(undisturbed, tmp_path / "run")
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")}
    sayso_here("run", recipe(tmp_path), "--to", tmp_path / "run")
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")} == before


def test_another_threshold_is_screened_again_and_nothing_is_said_twice(undisturbed, tmp_path, on_shared_ray):
    shutil.copytree(undisturbed, tmp_path / "run")
    written = {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")}
    path = recipe(tmp_path)
    path.write_text(path.read_text() + "screen:\n  filters:\n" + "".join(FILTERS))
    sayso_here("run", path, "--to", tmp_path / "run")
    again = {file.parent.name for file, when in written.items() if file.stat().st_mtime_ns != when}
    assert "screen" in again
    assert not again & {"ingest", "synthesize", "compose"}
    assert dataset_bytes(tmp_path / "run")["dataset/README.md"] == dataset_bytes(undisturbed)["dataset/README.md"]


# The default filters, one of them with a threshold that changes no verdict here.
FILTERS = (
    "    - {filter: quality}\n",
    "    - {filter: length, max_words: 89}\n",
    "    - {filter: speakable}\n",
    "    - {filter: language}\n",
)


def test_changed_code_is_seen_in_the_dataset_and_nothing_is_said_again(
    undisturbed, tmp_path, on_shared_ray, monkeypatch
):
    for package in PROJECT_PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in CHANGES:
        text = (tmp_path / file).read_text()
        assert old in text
        (tmp_path / file).write_text(text.replace(old, new))
    shutil.copytree(undisturbed, tmp_path / "run")
    written = {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")}
    monkeypatch.chdir(tmp_path)
    sayso("run", recipe(tmp_path), "--to", tmp_path / "run", environment={"PYTHONPATH": str(tmp_path)})
    again = {file.parent.name for file, when in written.items() if file.stat().st_mtime_ns != when}
    assert again == {"mix", "candidates", "leaks", "compose"}
    rows = pl.read_parquet(tmp_path / "run" / "dataset" / "data" / "*.parquet")
    assert rows["license"].unique().to_list() == ["as it was changed"]
    refusals = rows.filter(kind="inaudible")["answer"]
    assert len(refusals) > 0
    assert refusals.str.ends_with("(So it was changed.)").all()
    indices = pl.read_parquet(tmp_path / "run" / "dataset" / "ichigo" / "*.parquet")["index"]
    assert indices.min() == 1_000


CHANGES = (
    ("stages/refusals.py", '",\n', ' (So it was changed.)",\n'),
    ("stages/ichigo.py", "offset=first", "offset=first + 1_000"),
    (
        "pipeline/compose_jobs.py",
        'files["default"].write(published)',
        'files["default"].write(published.with_columns(license=pl.lit("as it was changed")))',
    ),
)


# Records after which something is killed: while pairs are looked for, while rows are said, and after that.
IN_TEXT, IN_SPEECH, IN_MIX = 8, 32, 37


def test_a_driver_stopped_and_killed_again_and_again_goes_on_to_the_same_bytes(undisturbed, tmp_path):
    path, leftovers = recipe(tmp_path, workers=1), set()
    for moment, ending in ((IN_TEXT, signal.SIGTERM), (IN_SPEECH, signal.SIGKILL), (IN_MIX, signal.SIGKILL)):
        driver = started("run", path, "--to", tmp_path / "run")
        wait_for_records(tmp_path / "run", moment)
        time.sleep(random.uniform(0, 0.5))
        below = processes_below(driver.pid)
        assert below
        driver.send_signal(ending)
        assert driver.wait() == (128 + ending if ending == signal.SIGTERM else -ending)
        # The next one need not wait for that: the lease of a process that has ended is free.
        leftovers |= below
    wait_until_gone(leftovers)
    sayso("run", path, "--to", tmp_path / "run")
    assert dataset_bytes(tmp_path / "run") == dataset_bytes(undisturbed)


def test_of_two_workers_one_killed_at_its_work_is_replaced_and_the_bytes_are_those_of_one(undisturbed, tmp_path):
    path = recipe(tmp_path, workers=2)
    driver = started("run", path, "--to", tmp_path / "run")
    for moment in (IN_TEXT, IN_SPEECH - 1, IN_SPEECH + 1):
        wait_for_records(tmp_path / "run", moment)
        os.kill(worker_of(driver.pid), signal.SIGKILL)
    assert driver.wait(timeout=300) == 0
    assert dataset_bytes(tmp_path / "run") == dataset_bytes(undisturbed)
