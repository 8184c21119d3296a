"""What a run and its reports make of rows that kill their worker, at each stage that judges row by row."""

import pytest

from sayso.manifests.killing_rows import Kill, KillingRow, read_killing_rows, record_killing_rows
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import KILLING_ROWS_NAME
from sayso.manifests.reports.explanation import explain
from sayso.manifests.reports.funnel import funnel
from sayso.manifests.verify.run import verify
from sayso.stages.jobs.job import RowsJob, carry_out
from tests.faults.small_runs import WRITTEN, InThisProcess, Silent, recipe, run_here

# The stages, and of each the row that kills there; no filter drops it before.
KILLING = {
    "ingest": "facts.jsonl:1",
    "screen": "facts.jsonl:2",
    "decontaminate": "facts.jsonl:3",
    "sample": "facts.jsonl:5",
    "synthesize": "facts.jsonl:6",
    "mix": "facts.jsonl:7",
}


class Killed(InThisProcess):
    """An engine that knows of each stage which rows kill there."""

    def __init__(self, positions):
        super().__init__()
        self.positions = positions

    def carried_out(self, ledger, job):
        killing = list(self.killing(ledger, job)) if isinstance(job, RowsJob) else []
        if killing:
            record_killing_rows(ledger, killing)
        return carry_out(ledger, job, killing)

    def killing(self, ledger, job):
        kills = [Kill(how="SIGSEGV", mebibytes=size, host=f"host-{size}", process=size) for size in (300, 310)]
        for row_id, position in job.rows(ledger).select("id", "position").rows():
            if position in self.positions.get(job.key.stage, ()):
                yield KillingRow(key=job.key, id=row_id, position=position, kills=kills)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def run(folder):
    """A run in which a row kills at each of the stages."""
    positions = {stage: [position] for stage, position in KILLING.items()}
    run_here(recipe(folder, WRITTEN, rows=8), folder / "run", engine=Killed(positions))
    return folder / "run"


def test_all_rows_are_accounted_for(run):
    ledger = Ledger(str(run))
    assert verify(ledger).problems == ()
    lost = {flow.stage: {loss.reason: loss.rows for loss in flow.losses} for flow in funnel(ledger)}
    assert {stage: reasons["kills_the_worker"] for stage, reasons in lost.items() if "kills_the_worker" in reasons} == (
        dict.fromkeys(KILLING, 1)
    )


@pytest.mark.parametrize(("stage", "position"), KILLING.items())
def test_what_was_seen_of_a_row_is_explained(run, stage, position):
    last = explain(Ledger(str(run)), position).steps[-1]
    assert (last.stage, last.verdict, last.reason, last.detail) == (stage, "dropped", "kills_the_worker", "SIGSEGV")
    assert last.values == {
        "engine.signal": "SIGSEGV",
        "engine.mebibytes": 310,
        "engine.nodes": "host-300, host-310",
    }


def test_the_published_rows_are_the_same_wherever_those_were_dropped(run, folder):
    other = folder / "other"
    run_here(folder / "small.yaml", other, engine=Killed({"ingest": KILLING.values()}))
    published = [file.relative_to(run) for file in sorted(run.glob("dataset/*/*.parquet"))]
    assert len(published) > 2
    assert all((run / name).read_bytes() == (other / name).read_bytes() for name in published)


def test_a_damaged_list_of_killing_rows_is_named_and_taken_away(run, folder):
    ledger, place = Ledger(str(run)), run / KILLING_ROWS_NAME
    place.write_bytes(place.read_bytes().replace(b"SIGSEGV", b"SIGSEGW"))
    assert [problem.where for problem in verify(ledger).problems] == [KILLING_ROWS_NAME]
    told = []

    class Told(Silent):
        def damaged(self, message):
            told.append(message)

    run_here(folder / "small.yaml", run, progress=Told())
    assert [line.partition(" is")[0] for line in told] == [KILLING_ROWS_NAME]
    assert verify(ledger).problems == ()
    assert read_killing_rows(ledger) == ()
