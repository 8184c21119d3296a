"""The rows of all screened shards come into ranges of ids; what is read grows with the rows, not their square."""

import hashlib

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.verdicts import VERDICT_SCHEMA, Outcome
from sayso.stages.jobs.job import carry_out
from sayso.stages.jobs.plan_context import shard_key
from sayso.stages.rows.id_ranges import id_range
from sayso.stages.sample import shuffle
from sayso.stages.sample.packed_rows import packed_rows
from sayso.stages.sample.sample import Sample
from sayso.stages.sample.shuffle import FAN, ScreenedShard, shuffle_of
from sayso.stages.sample.shuffle_plan import plan_gather, plan_scatter, plan_subdivide, planned_shuffle

ROWS = pl.DataFrame(
    {
        "id": [hashlib.md5(str(number).encode()).hexdigest() for number in range(240)],
        "prompt": [f"What is {number}?" for number in range(240)],
        "later_turns": [[{"prompt": f"And {number}?"}] if number % 3 else None for number in range(240)],
    }
)
# Of these a row stays where its number is even.
STAYING = ROWS.gather_every(2).sort("id")


def committed(ledger, stage, shard, rows):
    verdicts = rows.select("id", source=pl.lit("s"), position=pl.lit("p"), verdict=pl.lit("kept"))
    verdicts = pl.concat([pl.DataFrame(schema=VERDICT_SCHEMA), verdicts], how="diagonal")
    return ledger.commit(shard_key(stage, shard, "i"), Outcome(rows, verdicts), rows.height, {}, 0.1, {})


@pytest.fixture
def ledger(tmp_path):
    return Ledger(str(tmp_path))


@pytest.fixture
def records(ledger):
    """Twelve screened shards, one of them empty, of which half of the rows stay."""
    cuts = [(0, 0), (0, 90), *((first, first + 15) for first in range(90, 240, 15))]
    found = {"screen": [], "deduplicate": []}
    for number, (first, end) in enumerate(cuts):
        rows = ROWS[first:end].sort("id")
        found["screen"].append(committed(ledger, "screen", f"s-{number}", rows))
        stays = rows.join(STAYING, on="id", how="semi").select("id")
        found["deduplicate"].append(committed(ledger, "deduplicate", f"s-{number}", stays))
    return found


def shuffled(ledger, records, shard_rows, part_rows):
    """The rows of each range of the sample, and the jobs that brought them there, by stage."""
    plan = planned_shuffle(records, Sample(), shard_rows, part_rows)
    jobs = {}
    for stage, planner in (("scatter", plan_scatter), ("subdivide", plan_subdivide), ("gather", plan_gather)):
        jobs[stage] = planner(records, plan)
        records = {**records, stage: [carry_out(ledger, job) for job in jobs[stage]]}
    stage = "scatter" if plan.is_scattered_only else "gather"
    ranges = []
    for place in range(plan.shards):
        narrow, number = divmod(place, plan.per_narrow)
        ranges.append(packed_rows(ledger, stage, [records[stage][narrow].key.shard], number))
    return ranges, jobs


@pytest.mark.parametrize(
    ("fan", "shard_rows", "part_rows", "stages"),
    [
        (256, 50, 1000, ["scatter"]),
        (256, 500, 20, ["scatter", "gather"]),
        (256, 10, 20, ["scatter", "gather"]),
        (4, 10, 20, ["scatter", "subdivide", "gather"]),
        (3, 1, 7, ["scatter", "subdivide", "gather"]),
        (1, 30, 50, ["scatter", "subdivide", "gather"]),
    ],
)
def test_every_range_has_its_rows_in_order_however_often_they_are_regrouped(
    ledger, records, monkeypatch, fan, shard_rows, part_rows, stages
):
    monkeypatch.setattr(shuffle, "FAN", fan)
    ranges, jobs = shuffled(ledger, records, shard_rows, part_rows)
    assert pl.concat(ranges).equals(STAYING)
    assert pl.concat(ranges).schema == ROWS.schema
    for number, rows in enumerate(ranges):
        first, end = id_range(number, len(ranges))
        assert ((rows["id"] >= first) & (rows["id"] < end)).all()
    assert [stage for stage, done in jobs.items() if done] == stages


def test_a_byte_that_is_damaged_on_the_way_is_named_by_whoever_needs_it(ledger, records):
    _, jobs = shuffled(ledger, records, 10, 20)
    name = jobs["scatter"][2].key.rows_name
    content = bytearray(ledger.storage.read(name))
    content[len(content) // 3] ^= 1
    ledger.storage.write(name, bytes(content))
    damaged = []
    for job in jobs["gather"]:
        try:
            carry_out(ledger, job)
        except DamagedShard as damage:
            damaged.append(damage.shard)
    # The byte belongs to one range, and the others are read all the same.
    assert damaged == ["00002"]


def test_a_change_of_one_screened_shard_re_does_only_the_part_that_it_is_in(ledger, records):
    def keys(records):
        plan = planned_shuffle(records, Sample(), 10, 20)
        return [job.key for job in plan_scatter(records, plan)]

    before = keys(records)
    shorter = ROWS[150:165].sort("id")
    records["screen"][6] = committed(ledger, "screen", "s-6", shorter.with_columns(prompt=pl.lit("other")))
    after = keys(records)
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def files_read(shards, rows_each=50_000, sampled=2_000):
    """How often a file is opened in all passes, over so many screened shards."""
    plan = shuffle_of([ScreenedShard(rows_each, 20_000_000)] * shards, shards * rows_each // sampled, rows_each)
    assert max(plan.wide, plan.per_wide, plan.per_narrow) <= FAN
    gathered_from = len(plan.groups) if plan.is_subdivided else len(plan.parts)
    assert gathered_from <= 2 * FAN
    subdivided = plan.wide * len(plan.parts) if plan.is_subdivided else 0
    return shards + subdivided + plan.narrow * gathered_from


@pytest.mark.parametrize("shards", [2_000, 20_000, 60_000])
def test_a_screened_shard_costs_no_more_openings_than_the_fan_of_each_pass_however_many_there_are(shards):
    assert files_read(shards) / shards <= 1 + 2 * FAN


def test_few_rows_are_scattered_once():
    plan = shuffle_of([ScreenedShard(300, 90_000)] * 20, 20, 50_000)
    assert (len(plan.parts), plan.is_scattered_only, len(plan.shard_bounds(0))) == (1, True, 21)


def test_rows_that_are_long_are_scattered_in_smaller_parts():
    plan = shuffle_of([ScreenedShard(1_000, 60 << 20)] * 4, 8, 50_000)
    assert [*map(len, plan.parts)] == [1, 1, 1, 1]
    assert plan.narrow == 4
