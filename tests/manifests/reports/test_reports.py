"""The questions people ask of a run: the funnel, how far it is, why a row fell out, is it all true."""

import polars as pl
import pytest

from sayso.manifests.dataset.file_list import published_files
from sayso.manifests.reports.explanation import explain
from sayso.manifests.reports.funnel import funnel
from sayso.manifests.reports.funnel_chart import funnel_svg
from sayso.manifests.reports.row_search import UnknownRow
from sayso.manifests.reports.status import status
from sayso.manifests.verdicts import Outcome
from sayso.manifests.verify.run import verify
from tests.manifests.conftest import IDS, key, outcome, rows
from tests.published_dataset import published


def test_the_funnel_adds_up_and_gives_the_reasons(ledger):
    ingest, screen = funnel(ledger)
    assert (ingest.rows_in, ingest.rows_out) == (4, 3)
    assert (screen.rows_in, screen.rows_out) == (3, 2)
    assert [(loss.filter, loss.reason, loss.rows) for loss in screen.losses] == [("spoken_length", "too_long", 1)]
    assert [(flow.source, flow.rows_in, flow.rows_out) for flow in screen.sources] == [("facts", 3, 2)]


def test_the_picture_of_the_funnel_escapes_what_comes_from_outside(ledger):
    svg = funnel_svg(funnel(ledger), "<script>alert(1)</script>")
    assert "<script>" not in svg
    assert "too_long 1" in svg


def test_status_counts_the_shards_that_are_done(ledger):
    found = status(ledger)
    assert [(stage.stage, stage.shards_done, stage.shards) for stage in found.stages] == [
        ("ingest", 1, 1),
        ("screen", 1, 1),
    ]
    assert not found.published


def test_a_dropped_row_is_explained_with_its_value_beside_the_threshold(ledger):
    found = explain(ledger, IDS[2])
    assert [step.verdict for step in found.steps] == ["kept", "dropped"]
    assert (found.steps[-1].filter, found.steps[-1].reason) == ("spoken_length", "too_long")
    assert found.steps[-1].values == {"spoken_length.words": 300}
    assert found.steps[-1].thresholds == {"filters": [{"filter": "spoken_length", "max_words": 90}]}
    assert found.texts == {"prompt": "three", "answer": "3"}


def test_a_row_is_found_by_its_position_too(ledger):
    assert explain(ledger, "facts.jsonl:4").id == IDS[3]
    assert explain(ledger, "facts.jsonl:4").steps[-1].reason == "no_answer"


def test_a_row_that_no_source_has_is_unknown(ledger):
    with pytest.raises(UnknownRow, match=r"facts\.jsonl:99: no row of this run has that id or position"):
        explain(ledger, "facts.jsonl:99")


def test_a_run_that_is_as_recorded_verifies(ledger):
    found = verify(ledger)
    assert found.problems == ()
    assert (found.shards, found.files, found.rows_accounted) == (2, 4, 7)


def test_a_changed_byte_is_found(ledger):
    name = key("screen", "facts-00000").verdicts_name
    content = bytearray(ledger.storage.read(name))
    content[10] ^= 1
    ledger.storage.write(name, bytes(content))
    (problem,) = verify(ledger).problems
    assert problem.where == name
    assert problem.what.startswith("does not have the sha256 of its record")


def test_a_missing_record_is_found(ledger):
    ledger.storage.remove(key("screen", "facts-00000").record_name)
    (problem,) = verify(ledger).problems
    assert problem.where == "manifests/screen/facts-00000.record.json"
    assert problem.what == "is missing: the shard is not done; run the recipe again"


def test_a_row_exchanged_between_two_stages_is_found_though_the_counts_are_right(ledger):
    """Row 4 was dropped at ingest, but screen says that it came in, in place of row 3."""
    verdicts = [(IDS[0], None), (IDS[1], None), (IDS[3], "too_long")]
    ledger.commit(key("screen", "facts-00000"), outcome(rows(IDS[:2]), verdicts), 3, {}, 0.25, {})
    (problem,) = verify(ledger).problems
    assert (problem.where, problem.what) == ("screen", "ingest kept 3 rows of facts but others came in here")


def test_a_row_that_was_lost_between_two_stages_is_found(ledger):
    verdicts = [(IDS[0], None), (IDS[1], None)]
    ledger.commit(key("screen", "facts-00000"), outcome(rows(IDS[:2]), verdicts), 2, {}, 0.25, {})
    (problem,) = verify(ledger).problems
    assert (problem.where, problem.what) == ("screen", "ingest kept 3 rows of facts but 2 came in here")


def test_rows_that_are_made_at_a_later_stage_are_traced_and_explained_from_there(ledger):
    made = pl.DataFrame({"id": "f" * 32, "source": "made", "position": "made:1"})
    judged = outcome(rows(IDS[:2]), [(IDS[0], None), (IDS[1], None), (IDS[2], "too_long")])
    verdicts = pl.concat([judged.verdicts, made.with_columns(verdict=pl.lit("kept"))], how="diagonal")
    going_on = pl.concat([judged.rows, made.select("id", "source")])
    ledger.commit(key("screen", "facts-00000"), Outcome(going_on, verdicts), 4, {}, 0.25, {})
    assert verify(ledger).problems == ()
    found = explain(ledger, "made:1")
    assert (found.id, [step.stage for step in found.steps]) == ("f" * 32, ["screen"])


def test_published_rows_that_compose_did_not_keep_are_found(ledger):
    dataset = published(ledger.storage.path("dataset"))
    judged = outcome(rows(IDS[:2]), [(IDS[0], None), (IDS[1], None)])
    files = {f"dataset/{file.name}": dataset.read(file.name) for file in published_files(dataset)}
    ledger.commit(key("compose", "train-00000-of-00001"), judged, 2, {}, 0.25, files)
    ledger.write_plan(ledger.plan().with_stage("compose", ["train-00000-of-00001"]))
    (problem,) = verify(ledger).problems
    assert (problem.where, problem.what) == ("dataset", "compose kept 2 rows of facts but 10 are published")
