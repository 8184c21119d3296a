"""The short form of the campaign: some rounds of each kind. `make chaos` has them all, `SEED` draws others."""

import os
import random

import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.storage import Storage
from sayso.manifests.verify.run import verify_published
from sayso.pipeline.hub.uploads import uploads_of
from tests.faults.campaign import Campaign, Findings, damaged_dataset
from tests.faults.damage import FAULTS, files_by_kind
from tests.faults.interruptions import disk_refuses, killed_without_cluster
from tests.faults.small_runs import WRITTEN, recipe, run_here
from tests.runs import dataset_bytes

SEED = int(os.environ.get("SEED", "0"))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A recipe and a run of it that nothing happened to, beside it."""
    folder = tmp_path_factory.mktemp("written")
    path = recipe(folder, WRITTEN, rows=16)
    run_here(path, folder / "undisturbed")
    return path


def undisturbed(recipe):
    return recipe.parent / "undisturbed"


def test_a_run_has_files_of_every_stage_to_damage(written):
    kinds = files_by_kind(undisturbed(written))
    stages = {kind.removesuffix(" record") for kind in kinds if kind.endswith(" record")}
    tables = {
        "evaluations",
        "survey",
        "frames",
        "signatures",
        "pairs",
        "clusters",
        "scatter",
        "gather",
        "candidates",
        "leaks",
    }
    judging = {"ingest", "screen", "decontaminate", "deduplicate", "sample", "synthesize", "mix", "compose"}
    assert stages == tables | judging
    assert {f"{stage} rows" for stage in stages} | {f"{stage} verdicts" for stage in judging} <= kinds.keys()
    assert {"plan", "card", "picture", "list of files", "published shard", "published shard of ichigo"} <= kinds.keys()


@pytest.mark.parametrize("moment", ["after", "between", "during"])
def test_damaged_files_are_named_and_made_anew_with_the_same_bytes(written, tmp_path, moment):
    findings = Findings()
    rounds = Campaign(written, undisturbed(written), SEED, findings).rounds(tmp_path, 1, (moment,))
    for number, _ in rounds:
        if number == 2:
            break
    assert findings.wrong == [], f"seed {SEED}"
    assert sum(findings.trials.values()) >= 10


def test_every_damaged_file_of_a_published_dataset_is_named(written, tmp_path):
    dataset = Storage(str(tmp_path / "dataset"))
    run = Ledger(str(undisturbed(written)))
    for file in uploads_of(run):
        dataset.write(file.path, file.content if file.content is not None else run.storage.read(file.name))

    def problems(copy):
        return verify_published(Storage(str(copy))).problems

    findings = Findings()
    faults = random.Random(SEED).sample([*FAULTS], 1)
    damaged_dataset(tmp_path / "dataset", problems, tmp_path, SEED, 1, findings, faults)
    assert findings.wrong == [], f"seed {SEED}"


@pytest.mark.parametrize("number", range(3))
def test_a_disk_that_refuses_is_a_sentence_and_the_run_goes_on_when_it_takes_writes_again(written, tmp_path, number):
    numbers = random.Random(SEED + number)
    assert disk_refuses(written, tmp_path / "run", dataset_bytes(undisturbed(written)), numbers) == [], f"seed {SEED}"


def test_a_run_that_is_killed_again_and_again_ends_with_the_same_bytes(written, tmp_path):
    numbers = random.Random(SEED)
    expected = dataset_bytes(undisturbed(written))
    assert killed_without_cluster(written, tmp_path / "run", expected, numbers, 2, 3) == [], f"seed {SEED}"
