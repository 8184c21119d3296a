"""A stage that follows another shard by shard begins with its first: the same bytes in whatever order they are done."""

import random
import shutil

import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from sayso.pipeline.progress import Events, ShardDone, StageFinished, StagePlanned, Warned
from tests.faults.small_runs import WRITTEN, InThisProcess, recipe, run_here
from tests.runs import dataset_bytes

OVERLAPPING = ("sample", "synthesize")


class Stop(Exception):
    """What ends a run in its midst."""


def last(stages):
    """Take the next job from the last stage that has one."""
    return stages - 1


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A folder with a recipe and its run, whose stages were done one after the other."""
    folder = tmp_path_factory.mktemp("undisturbed")
    recipe(folder, WRITTEN, 24)
    run_here(folder / "small.yaml", folder / "run")
    return folder


@pytest.fixture
def begun(undisturbed, tmp_path):
    """The same run, of which nothing is done from the sample on."""
    run = tmp_path / "run"
    shutil.copytree(undisturbed / "run", run)
    for stage in (*OVERLAPPING, "mix", "candidates", "leaks", "compose"):
        for file in (run / "manifests" / stage).glob("*.record.json"):
            file.unlink()
    return run


def events_of(undisturbed, run, engine):
    events = []
    run_here(undisturbed / "small.yaml", run, engine=engine, progress=Events(events.append))
    return [event for event in events if getattr(event, "stage", "") in OVERLAPPING or isinstance(event, Warned)]


def test_rows_are_said_as_soon_as_their_shard_is_sampled_and_the_dataset_is_the_same(undisturbed, begun):
    events = events_of(undisturbed, begun, InThisProcess(choose=last))
    done = [(event.stage, event.shard) for event in events if isinstance(event, ShardDone)]
    shards = sorted(shard for stage, shard in done if stage == "sample")
    assert len(shards) > 2
    assert done == [(stage, shard) for shard in shards for stage in OVERLAPPING]
    assert dataset_bytes(begun) == dataset_bytes(undisturbed / "run")
    assert verify(Ledger(str(begun))).problems == ()


def test_both_stages_are_told_from_the_start_and_each_ends_with_its_last_shard(undisturbed, begun):
    events = events_of(undisturbed, begun, InThisProcess(choose=last))
    shards = sum(isinstance(event, ShardDone) for event in events) // 2
    assert events[:2] == [StagePlanned(stage, shards, 0, 0) for stage in OVERLAPPING]
    assert [type(event) for event in events[-4:]] == [ShardDone, StageFinished, ShardDone, StageFinished]
    assert [event.stage for event in events[-4:]] == ["sample", "sample", "synthesize", "synthesize"]


def test_the_plan_of_the_run_is_the_same_at_its_end(undisturbed, begun):
    run_here(undisturbed / "small.yaml", begun, engine=InThisProcess(choose=last))
    assert Ledger(str(begun)).plan() == Ledger(str(undisturbed / "run")).plan()


@pytest.mark.parametrize("seed", range(6))
def test_a_run_that_is_stopped_in_the_midst_of_both_goes_on_and_does_nothing_twice(undisturbed, begun, seed):
    drawn, done = random.Random(seed), []

    def stop(at):
        def before_job(number):
            if number == at:
                raise Stop

        return before_job

    for at in (drawn.randrange(1, 4), drawn.randrange(1, 3), None):
        engine = InThisProcess(stop(at), choose=drawn.randrange)
        try:
            run_here(undisturbed / "small.yaml", begun, engine=engine, progress=Events(done.append))
        except Stop:
            assert not (begun / "dataset/README.md").exists(), "no card speaks for a dataset that is being made"
    carried_out = [(event.stage, event.shard) for event in done if isinstance(event, ShardDone)]
    assert len(carried_out) == len(set(carried_out))
    assert dataset_bytes(begun) == dataset_bytes(undisturbed / "run")
    assert Ledger(str(begun)).plan() == Ledger(str(undisturbed / "run")).plan()


def test_speech_that_is_there_already_is_found_when_its_shard_is_sampled(undisturbed, begun):
    for file in (undisturbed / "run/manifests/synthesize").glob("*.record.json"):
        shutil.copy(file, begun / "manifests/synthesize")
    events = events_of(undisturbed, begun, InThisProcess())
    assert {event.stage for event in events if isinstance(event, ShardDone)} == {"sample"}
    told = [event for event in events if isinstance(event, StagePlanned) and event.stage == "synthesize"]
    assert [event.done for event in told] == list(range(told[-1].shards + 1))
    assert dataset_bytes(begun) == dataset_bytes(undisturbed / "run")


def flip(file):
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)


class Disk(InThisProcess):
    """An engine that flips a byte of a file, once, before or after the first job of a stage."""

    def __init__(self, file, stage, when, **how):
        super().__init__(**how)
        self.file, self.stage, self.when = file, stage, when

    def carried_out(self, ledger, job):
        flips = job.key.stage == self.stage and self.file is not None
        if flips and self.when == "before":
            flip(self.file)
        answer = super().carried_out(ledger, job)
        if flips and self.when == "after":
            flip(self.file)
        self.file = None if flips else self.file
        return answer


@pytest.mark.parametrize(
    ("file", "stage", "when"),
    [
        ("gather/00000", "sample", "before"),
        ("sample/00000", "sample", "after"),
        ("sample/00000", "synthesize", "before"),
    ],
    ids=["found by a sampling worker", "found as it is planned", "found by a speaking worker"],
)
def test_what_is_damaged_in_the_midst_of_both_is_made_anew_when_all_else_is_done(undisturbed, begun, file, stage, when):
    engine = Disk(begun / "work" / f"{file}.parquet", stage, when, choose=last)
    events = events_of(undisturbed, begun, engine)
    told = [event.message.partition(" of ")[0] for event in events if isinstance(event, Warned)]
    assert told == [f"work/{file}.parquet"]
    done = [event.shard for event in events if isinstance(event, ShardDone) and event.stage == "sample"]
    again = {"00000"} if file.startswith("sample") else set()
    assert {shard for shard in done if done.count(shard) > 1} == again
    assert dataset_bytes(begun) == dataset_bytes(undisturbed / "run")
    assert verify(Ledger(str(begun))).problems == ()
