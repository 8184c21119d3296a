"""Whole runs through the command line: the same bytes however they are cut up, stopped or spread."""

import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import datasets
import polars as pl
import pytest

from sayso.manifests.filesystems import StorageError
from sayso.manifests.ledger import Ledger
from sayso.manifests.reports.explanation import explain
from sayso.manifests.reports.funnel import funnel
from sayso.manifests.verify.run import verify
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.recipe import load_recipe
from sayso.pipeline.run import Run
from sayso.stages.jobs.code_version import PACKAGE, ROOT
from tests.faults.small_runs import jobs_done_here, run_here
from tests.held_command import Hold
from tests.runs import (
    dataset_bytes,
    kill_worker_of,
    processes_below,
    sayso_here,
    wait_for_records,
    wait_until_gone,
)

REPOSITORY = Path(__file__).parents[2]
DEMO = REPOSITORY / "pipeline" / "recipes" / "demo"
ROWS, PER_SHARD = 9, 5
SPOKEN_KINDS = ("instruction", "transcription")


def recipe(folder, workers=None, **resources):
    """The first rows of the demo's files, as a recipe of two sources."""
    path = folder / "small.yaml"
    given = {**dict.fromkeys(("text", "speech") if workers else (), f"{{workers: {workers}}}"), **resources}
    limits = "".join(f"  {key}: {value}\n" for key, value in given.items())
    path.write_text(
        f"""
name: small
seed: 3
sources:
  - {{name: everyday, paths: [{DEMO}/everyday.alpaca.json], license: Apache-2.0, limit: {ROWS}}}
  - {{name: facts, paths: [{DEMO}/facts.jsonl], license: Apache-2.0, limit: {ROWS}}}
mixture: {{shares: {{instruction: 0.6, transcription: 0.2, text: 0.1, inaudible: 0.1}}}}
compose: {{rows_per_shard: {PER_SHARD}, configs: [default, ichigo], held_out: {{rows: 4}}}}
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
    number = next(n for n, kind in enumerate(rows["kind"]) if n >= PER_SHARD and kind in SPOKEN_KINDS)
    found = explain(Ledger(str(undisturbed)), rows[number]["id"])
    shard, row = divmod(number, PER_SHARD)
    place = f"dataset/data/train-0000{shard}-of-0000{-(-len(rows) // PER_SHARD)}.parquet, row {row}"
    assert found.published == place
    assert found.texts["spoken"] == rows[number]["spoken"]
    assert [step.stage for step in found.steps][-3:] == ["synthesize", "mix", "compose"]


def test_smaller_batches_and_other_shards_give_the_same_bytes(undisturbed, tmp_path):
    run_here(recipe(tmp_path, batch=3, text_shard_rows=5), tmp_path / "run")
    assert dataset_bytes(tmp_path / "run") == dataset_bytes(undisturbed)


def test_a_second_run_does_nothing_again(undisturbed, tmp_path, monkeypatch):
    # There is nothing to do for a cluster.
    monkeypatch.setenv("RAY_ADDRESS", "nowhere")
    shutil.copytree(undisturbed, tmp_path / "run")
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")}
    sayso_here("run", recipe(tmp_path), "--to", tmp_path / "run")
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")} == before


def test_another_threshold_is_screened_again_and_nothing_is_said_twice(undisturbed, tmp_path):
    shutil.copytree(undisturbed, tmp_path / "run")
    written = {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")}
    path = recipe(tmp_path)
    path.write_text(path.read_text() + "screen:\n  filters:\n" + "".join(FILTERS))
    run_here(path, tmp_path / "run")
    again = {file.parent.name for file, when in written.items() if file.stat().st_mtime_ns != when}
    assert "screen" in again
    assert not again & {"ingest", "synthesize", "compose"}
    assert dataset_bytes(tmp_path / "run")["dataset/README.md"] == dataset_bytes(undisturbed)["dataset/README.md"]


def flip(file, place=40):
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


# A file of the rows of a stage early and late, of verdicts, of what is published, and a record.
DAMAGED = (
    "work/ingest/facts-00000.parquet",
    "work/pairs/text-000-of-001.parquet",
    "work/mix/00001.parquet",
    "manifests/screen/everyday-00000.verdicts.parquet",
    "manifests/sample/00000.record.json",
    "dataset/ichigo/train-00000-of-*.parquet",
)


def test_what_was_damaged_since_is_named_and_made_anew_by_the_same_command(undisturbed, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(undisturbed, run)
    damaged = [next(run.glob(name)) for name in DAMAGED]
    written = {file: file.stat().st_mtime_ns for file in run.rglob("*.record.json")}
    # What is written at the end of each run is mended by being written.
    for file in (*damaged, run / "plan.json", run / "dataset/README.md", run / "dataset/files.json"):
        flip(file)
    with jobs_done_here():
        told = sayso_here("run", recipe(tmp_path), "--to", run).stderr
    for file in damaged:
        assert f"{file.relative_to(run)} of " in told
    assert "plan.json is not as it was written; a run writes it anew" in told
    again = {file.parent.name for file, when in written.items() if file.stat().st_mtime_ns != when}
    assert again == {"ingest", "pairs", "mix", "screen", "sample", "compose"}, "nothing is said anew"
    assert dataset_bytes(run) == dataset_bytes(undisturbed)
    assert verify(Ledger(str(run))).problems == ()


class Disk:
    """Progress of a run, on which a byte of a file flips each time when a stage is done."""

    def __init__(self, flips):
        self.flips, self.told = flips, []

    def cost_known(self, found):
        pass

    def stage_planned(self, stage, shards, done, rows):
        pass

    def shard_done(self, record):
        pass

    def stage_finished(self, stage):
        if stage in self.flips:
            flip(*self.flips[stage])

    def stalled(self, message):
        pass

    def damaged(self, message):
        self.told.append(message)


class OnceDamaged(Disk):
    def stage_finished(self, stage):
        super().stage_finished(stage)
        self.flips.pop(stage, None)


def test_bytes_that_flip_while_the_run_goes_on_reach_no_stage_after(undisturbed, tmp_path, ray_cluster):
    """One is found by a worker, two by the driver: when it plans the test split, and when it publishes."""
    run = tmp_path / "run"
    shutil.copytree(undisturbed, run)
    (run / "manifests/screen/facts-00000.record.json").unlink()
    ingested, mixed = run / "work/ingest/facts-00000.parquet", run / "work/mix/00001.parquet"
    published = next(run.glob("dataset/data/train-00000-of-*.parquet"))
    progress = OnceDamaged({"ingest": (ingested, 40), "mix": (mixed, 40), "compose": (published, -40)})
    path = recipe(tmp_path, workers=1)
    loaded = load_recipe(path)
    with Engine(loaded.resources, ray_cluster) as engine:
        Run(loaded, path.parent.resolve(), Ledger(str(run)), engine, progress).carry_out("publish")
    assert [told.partition(" of ")[0] for told in progress.told] == [
        str(file.relative_to(run)) for file in (ingested, mixed, published)
    ]
    assert dataset_bytes(run) == dataset_bytes(undisturbed)
    assert progress.told[0] == (
        "work/ingest/facts-00000.parquet of ingest/facts-00000 is not as its record says; "
        "it is made anew, and what follows from it"
    )
    assert verify(Ledger(str(run))).problems == ()


def test_a_disk_that_goes_on_flipping_bytes_ends_the_run_with_one_sentence(undisturbed, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(undisturbed, run)
    (run / "manifests/screen/facts-00000.record.json").unlink()
    progress = Disk({"ingest": (run / "work/ingest/facts-00000.parquet", 40)})
    with pytest.raises(StorageError, match=r"though it was made anew 3 times; the disk or the memory is failing"):
        run_here(recipe(tmp_path), run, progress=progress)
    assert len(progress.told) == 3


# The default filters, one of them with a threshold that changes no verdict here.
FILTERS = (
    "    - {filter: quality}\n",
    "    - {filter: spoken_length, max_words: 89}\n",
    "    - {filter: speakable}\n",
    "    - {filter: language}\n",
)


def test_changed_code_is_seen_in_the_dataset_and_nothing_is_said_again(undisturbed, tmp_path):
    source = tmp_path / "source" / PACKAGE
    # With what was compiled of it, which is that of the files that stay as they are.
    shutil.copytree(ROOT / PACKAGE, source)
    for file, old, new in CHANGES:
        text = (source / file).read_text()
        assert old in text
        (source / file).write_text(text.replace(old, new))
    shutil.copytree(undisturbed, tmp_path / "run")
    written = {file: file.stat().st_mtime_ns for file in (tmp_path / "run").rglob("*.record.json")}
    command = [sys.executable, "-m", "tests.faults.small_runs", recipe(tmp_path), tmp_path / "run"]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(source.parent)}, cwd=REPOSITORY, check=True)
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
    ("stages/mix/refusals.py", '",\n', ' (So it was changed.)",\n'),
    ("stages/compose/ichigo.py", "offset=first", "offset=first + 1_000"),
    (
        "stages/compose/job.py",
        'files["default"].write(published)',
        'files["default"].write(published.with_columns(license=pl.lit("as it was changed")))',
    ),
)


def test_drivers_and_workers_stopped_and_killed_again_and_again_leave_the_same_bytes(
    undisturbed, tmp_path, ray_cluster
):
    """Drivers with a Ray of their own, whose processes go with it, and one on a cluster, which stays.

    The last one loses one of its two workers in speech, and again, and goes on to the end by itself. Each comes as far
    as some stage and not to the end, however late it is stopped: of four shards of speech, one is left.
    """
    path, run, released, leftovers = recipe(tmp_path, workers=2), tmp_path / "run", tmp_path / "released", set()
    for stage, hold, ending, where in (
        ("survey", Hold("screen", 0, released), signal.SIGTERM, ()),
        ("signatures", Hold("sample", 0, released), signal.SIGKILL, ("--address", ray_cluster)),
        ("synthesize", Hold("synthesize", 1, released), signal.SIGKILL, ()),
    ):
        driver = hold.start("run", path, "--to", run, *where)
        wait_for_records(run, 1, stage)
        time.sleep(random.uniform(0, 0.5))
        leftovers |= processes_below(driver.pid)
        driver.send_signal(ending)
        assert driver.wait(timeout=300) == (128 + ending if ending == signal.SIGTERM else -ending)
        # The next one need not wait for what is left of it: the lease of a process that has ended is free.
    assert leftovers
    driver = Hold("synthesize", 2, released).start("run", path, "--to", run)
    for _ in range(2):
        kill_worker_of(driver.pid)
    released.touch()
    assert driver.wait(timeout=300) == 0
    wait_until_gone(leftovers)
    assert dataset_bytes(run) == dataset_bytes(undisturbed)
