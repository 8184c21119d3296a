"""A small run, made of hand-made outcomes, for the questions people ask of one."""

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.verdicts import VERDICT_SCHEMA, Outcome

IDS = [f"{number:032x}" for number in range(4)]


def key(stage, shard, fingerprint="f", reads="i"):
    return ShardKey(stage=stage, shard=shard, fingerprint=fingerprint, input=reads)


def outcome(stage_rows, verdicts, **features):
    """An outcome from (id, reason) pairs: a row without a reason is kept."""
    table = pl.DataFrame(
        {
            "id": [row_id for row_id, _ in verdicts],
            "source": ["facts"] * len(verdicts),
            "position": [f"facts.jsonl:{IDS.index(row_id) + 1}" for row_id, _ in verdicts],
            "verdict": ["dropped" if reason else "kept" for _, reason in verdicts],
            "filter": ["spoken_length" if reason else None for _, reason in verdicts],
            "reason": [reason for _, reason in verdicts],
            "detail": [None] * len(verdicts),
        },
        schema=VERDICT_SCHEMA,
    )
    return Outcome(stage_rows, table.with_columns(pl.Series(name, values) for name, values in features.items()))


def rows(ids, **columns):
    return pl.DataFrame({"id": ids, "source": ["facts"] * len(ids), **columns})


@pytest.fixture
def ledger(tmp_path):
    """Four rows come in, one has no answer, one is too long; two are left."""
    ledger = Ledger(str(tmp_path / "run"))
    kept = rows(IDS[:3], prompt=["one", "two", "three"], answer=["1", "2", "3"])
    came = outcome(kept, [(IDS[0], None), (IDS[1], None), (IDS[2], None), (IDS[3], "no_answer")])
    ledger.commit(key("ingest", "facts-00000"), came, 4, {}, 0.5, {})
    short = rows(IDS[:2], prompt=["one", "two"], spoken=["one", "two"])
    verdicts = [(IDS[0], None), (IDS[1], None), (IDS[2], "too_long")]
    screened = outcome(short, verdicts, **{"spoken_length.words": [1, 2, 300]})
    parameters = {"filters": [{"filter": "spoken_length", "max_words": 90}]}
    ledger.commit(key("screen", "facts-00000"), screened, 3, parameters, 0.25, {})
    plan = RunPlan(name="tiny").with_stage("ingest", ["facts-00000"]).with_stage("screen", ["facts-00000"])
    ledger.write_plan(plan)
    return ledger
