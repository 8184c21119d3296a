"""The demo's planted junk falls out, its good rows stay, and every row is accounted for."""

import json

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.pipeline.recipe import BUNDLED
from tests.runs import sayso_here

DUPLICATES = {"duplicate_within", "duplicate_across"}


@pytest.fixture(scope="module")
def judged(tmp_path_factory, in_this_process):
    """One line a row of the demo: what was planted in it (null: nothing) and why it fell out (null: it did not)."""
    folder = tmp_path_factory.mktemp("demo") / "run"
    sayso_here("run", "demo", "--to", folder, "--until", "sample")
    ledger = Ledger(str(folder))
    fallen = []
    for stage in ledger.plan().stages:
        verdicts = ledger.verdicts(stage.stage, stage.shards, ["position", "verdict", "reason"])
        fallen.append(verdicts.filter(pl.col("verdict") == "dropped").select("position", "reason"))
        if stage.stage == "ingest":
            everything = verdicts.select("position")
    planted = pl.DataFrame(json.loads((BUNDLED / "demo" / "planted.json").read_text()))
    planted = planted.select("junk", position=pl.format("{}:{}", "file", "row"))
    return everything.join(planted, on="position", how="left").join(pl.concat(fallen), on="position", how="left")


def test_the_demo_has_at_least_300_rows_and_a_kind_of_junk_for_every_filter(judged):
    assert judged.height >= 300
    assert judged["junk"].drop_nulls().n_unique() > 25


def test_planted_junk_falls_out(judged):
    junk = judged.filter(pl.col("junk").is_not_null() & ~pl.col("junk").is_in(DUPLICATES))
    found = junk.filter(pl.col("reason").is_not_null())
    missed = junk.filter(pl.col("reason").is_null())["position"].to_list()
    assert found.height / junk.height >= 0.93, missed


def test_of_planted_duplicates_one_is_left(judged):
    planted = judged.filter(pl.col("junk").is_in(DUPLICATES)).height
    assert judged.filter(pl.col("reason") == "exact_duplicate").height >= planted - 1


def test_good_rows_stay(judged):
    good = judged.filter(pl.col("junk").is_null())
    lost = good.filter(pl.col("reason").is_not_null() & (pl.col("reason") != "exact_duplicate"))
    assert lost.height / good.height <= 0.02, lost.rows()
