"""What a dry run tells is what the run then does, whatever was changed."""

import json
import shutil
from collections import Counter

import pytest

from sayso.manifests.ledger import Ledger
from sayso.pipeline.recipe import load_recipe
from sayso.pipeline.run import Run
from sayso.stages.jobs import fingerprint
from sayso.stages.jobs.code_version import code_version
from tests.faults.small_runs import DEMO, WRITTEN, InThisProcess, Silent, recipe, run_here

SOURCE = "facts.jsonl"


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run to its end, with a source of its own beside it."""
    folder = tmp_path_factory.mktemp("finished")
    shutil.copy(DEMO / SOURCE, folder)
    path = recipe(folder, WRITTEN, 9)
    path.write_text(path.read_text().replace(f"{DEMO}/{SOURCE}", SOURCE).replace("shard_rows: 20", "shard_rows: 5"))
    run_here(path, folder / "run")
    return folder


def in_recipe(old, new):
    def change(folder, _):
        path = folder / "small.yaml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    return change


def other_code(of):
    def change(_, monkeypatch):
        monkeypatch.setattr(fingerprint, "code_version", lambda module: code_version(module) + module.count(of) * "x")

    return change


def flipped(pattern):
    def change(folder, _):
        file = min((folder / "run").glob(pattern))
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

    return change


def removed(pattern):
    return lambda folder, _: min((folder / "run").glob(pattern)).unlink()


def other_answer(folder, _):
    first, *others = (folder / SOURCE).read_text().splitlines(keepends=True)
    row = json.loads(first)
    (folder / SOURCE).write_text(json.dumps(row | {"answer": f"{row['answer']} It is."}) + "\n" + "".join(others))


def another_source(folder, _):
    (folder / "mine.jsonl").write_text('{"instruction": "Name a bird.", "output": "The wren is a bird."}\n')
    in_recipe("decontaminate:", "  - {name: mine, paths: [mine.jsonl], license: CC0-1.0}\ndecontaminate:")(folder, _)


# What is changed, and the first stage that does something again.
CHANGES = {
    "a threshold": (
        in_recipe("mixture:", "screen: {filters: [{filter: spoken_length, max_words: 9}]}\nmixture:"),
        "screen",
    ),
    "a licence": (in_recipe(f"{SOURCE}], license: Apache-2.0", f"{SOURCE}], license: CC0-1.0"), "ingest"),
    "the seed": (in_recipe("seed: 3", "seed: 4"), "pairs"),
    "the published shards": (in_recipe("rows_per_shard: 7", "rows_per_shard: 5"), "compose"),
    "what changes no row": (
        in_recipe(
            "resources: {",
            "synthesize: {voices: [{name: heart, license: MIT}]}\nresources: {text: {workers: 3}, batch: 2, ",
        ),
        None,
    ),
    "an answer": (other_answer, "survey"),
    "another source": (another_source, "survey"),
    "the code of ingest": (other_code("stages.ingest"), "survey"),
    "the code of deduplicate": (other_code("stages.deduplicate"), "frames"),
    "the code of compose": (other_code("stages.compose"), "compose"),
    "damaged verdicts": (flipped("manifests/screen/*.parquet"), "screen"),
    "a damaged survey": (flipped("work/survey/*.parquet"), "survey"),
    "a damaged record": (flipped("manifests/sample/*.json"), "sample"),
    "a record that is gone": (removed("manifests/screen/*.json"), "screen"),
    "a plan that is gone": (removed("plan.json"), None),
}


class ShardsDone(Silent):
    """Progress that counts the shards that are done, by stage."""

    def __init__(self):
        self.shards = Counter()

    def shard_done(self, record):
        self.shards[record.key.stage] += 1


@pytest.mark.parametrize("changed", CHANGES)
def test_what_is_told_is_what_is_done(changed, finished, tmp_path, monkeypatch):
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    change, first = CHANGES[changed]
    change(tmp_path, monkeypatch)
    found = cost(tmp_path)
    in_any_case, perhaps = Counter(), set(found.not_planned)
    for part in found.to_do:
        if part.follows_from:
            perhaps.add(part.stage)
        else:
            in_any_case[part.stage] += part.shards
    done = ShardsDone()
    run_here(tmp_path / "small.yaml", tmp_path / "run", progress=done)
    assert next(iter(done.shards), None) == first
    assert done.shards.keys() <= in_any_case.keys() | perhaps
    for stage, shards in in_any_case.items():
        if stage not in perhaps:
            assert done.shards[stage] == shards
        assert done.shards[stage] >= shards
    assert cost(tmp_path).to_do == ()


def cost(folder):
    ledger = Ledger(str(folder / "run"))
    return Run(load_recipe(folder / "small.yaml"), folder, ledger, InThisProcess(), Silent()).cost("publish")
