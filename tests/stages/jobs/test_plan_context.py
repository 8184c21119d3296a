"""A planner asks for the rows of the stage before, whichever that is in this run."""

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.verdicts import NO_REASON, outcome
from sayso.stages.jobs.plan_context import shard_key, stage_before
from sayso.stages.screen.plan import screened_hashes
from sayso.stages.screen.screened_rows import screened_rows

ROWS = pl.DataFrame({"id": ["a", "b", "c"], "source": "web", "position": [0, 1, 2], "prompt": ["Why?", "How?", "Who?"]})


@pytest.fixture
def ledger(tmp_path):
    return Ledger(str(tmp_path))


def decided(ledger, stage, kept, dropped=NO_REASON):
    return ledger.commit(
        shard_key(stage, "web-0", ""), outcome(ROWS, stage, dropped, kept=kept), ROWS.height, {}, 0.1, {}
    )


def table(ledger, stage):
    return ledger.commit_table(shard_key(stage, "web-0", ""), ROWS, {}, 0.1)


def test_the_rows_of_the_last_stage_that_decided_come_in_whatever_tables_were_made_since(ledger):
    records = {"evaluations": [table(ledger, "evaluations")], "screen": [decided(ledger, "screen", ["id"])]}
    assert stage_before({**records, "decontaminate": [], "signatures": [table(ledger, "signatures")]}) == "screen"
    assert stage_before({**records, "decontaminate": [decided(ledger, "decontaminate", ["id"])]}) == "decontaminate"


def test_texts_are_read_as_they_were_screened_of_the_rows_that_stay(ledger):
    screened = decided(ledger, "screen", ROWS.columns)
    staying = decided(ledger, "decontaminate", ["id"], pl.when(pl.col("id") == "b").then(pl.lit("overlap")))
    records = {"screen": [screened], "decontaminate": [staying]}
    assert screened_rows(ledger, "screen", "web-0", ["id"])["id"].to_list() == ["a", "b", "c"]
    assert screened_rows(ledger, "decontaminate", "web-0", ["id", "prompt"])["prompt"].to_list() == ["Why?", "Who?"]
    assert screened_hashes(records, "screen") != screened_hashes(records, "decontaminate")
