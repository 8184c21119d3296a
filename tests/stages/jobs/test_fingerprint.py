"""A job's key holds all that it holds, but what cannot change its outcome or what its input stands for."""

from dataclasses import dataclass, field, fields, replace

import numpy as np
import polars as pl
import pytest

from sayso.manifests.records import ShardKey
from sayso.stages.compose.compose import Compose
from sayso.stages.compose.job import ComposeJob, ShardSlice
from sayso.stages.jobs import fingerprint as fingerprints
from sayso.stages.jobs.fingerprint import fingerprint
from sayso.stages.jobs.plan_context import shard_key, with_fingerprint
from sayso.stages.mix.job import MixJob
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT
from tests.stages.jobs.test_code_version import JOBS

KEY = shard_key("compose", "00000", "input")
COMPOSE = ComposeJob(KEY, {}, Compose(), SOUND_FORMAT, 0, "mix", "train", (ShardSlice("00000", 0, 9),), (), 0)
MADE = pl.DataFrame({"id": ["a"]})
MIX = MixJob(KEY, {}, {"text": 0.5}, MADE, np.array([0, 3]), SOUND_FORMAT, 0)

OTHER = {
    "parameters": (COMPOSE, {"parameters": {"seed": 1}}),
    "a part of the recipe": (COMPOSE, {"config": Compose(configs=("default", "ichigo"))}),
    "a model": (MIX, {"sound": MERGED_FORMAT}),
    "a number": (COMPOSE, {"first": 9}),
    "a text": (COMPOSE, {"stage": "synthesize"}),
    "texts": (COMPOSE, {"held_out": ("a",)}),
    "objects": (COMPOSE, {"slices": (ShardSlice("00000", 9, 9),)}),
    "a mapping": (MIX, {"cutoffs": {"text": 0.6}}),
    "a table": (MIX, {"made": MADE.head(0)}),
    "an array": (MIX, {"histogram": np.array([1, 3])}),
}


@pytest.mark.parametrize(("job", "other"), OTHER.values(), ids=OTHER)
def test_a_job_that_holds_something_else_has_another_key(job, other):
    assert with_fingerprint(replace(job, **other)).key.changes_since(with_fingerprint(job).key) == ("recipe",)
    assert with_fingerprint(replace(job)).key == with_fingerprint(job).key


def test_the_order_of_parameters_does_not_count():
    one, other = {"rows": 5, "seed": 1}, {"seed": 1, "rows": 5}
    assert fingerprint(replace(COMPOSE, parameters=one)) == fingerprint(replace(COMPOSE, parameters=other))


# Each class says why; whatever else a job holds is in its key.
NOT_IN_KEY = {
    ("evaluations", "file"),
    ("survey", "plugins"),
    ("survey", "files"),
    ("ingest", "parameters"),
    ("ingest", "plugins"),
    ("ingest", "shard"),
    ("ingest", "surveys"),
    ("synthesize", "config"),
    ("synthesize", "batch"),
    ("synthesize", "recorded"),
    ("synthesize", "store"),
}


def test_what_of_a_job_is_not_in_its_key():
    found = {
        (stage, one.name) for stage, jobs in JOBS.items() for job in jobs for one in fields(job) if not one.compare
    }
    assert found == NOT_IN_KEY


@dataclass(frozen=True)
class OddJob:
    key: ShardKey
    held: object
    told: str = field(default="", compare=False)


def test_other_code_is_told_from_what_a_job_holds(monkeypatch):
    before = with_fingerprint(COMPOSE).key
    monkeypatch.setattr(fingerprints, "code_version", lambda module: f"another {module}")
    assert with_fingerprint(COMPOSE).key.changes_since(before) == ("code",)


def test_what_has_no_content_to_compare_is_refused():
    with pytest.raises(TypeError, match=r"object in a job: say in stages/jobs/fingerprint\.py what of it counts"):
        with_fingerprint(OddJob(KEY, object()))
