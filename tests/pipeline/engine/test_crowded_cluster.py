"""A cluster that has room for fewer workers than a run asks for."""

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.resources import Resources
from tests.pipeline.engine.test_engine import job


def test_more_workers_than_a_cluster_has_room_for_leave_no_job_waiting(ray_cluster, tmp_path):
    jobs = [job(f"{number:02d}") for number in range(5)]
    with Engine(Resources(text={"workers": 3}, stall_seconds=60), ray_cluster) as crowded:
        done = [answer for answer in crowded.run(Ledger(str(tmp_path)), jobs, "text") if isinstance(answer, Record)]
    assert sorted(record.key.shard for record in done) == [f"{number:02d}" for number in range(5)]


def test_a_cluster_without_room_for_any_worker_is_reported(ray_cluster, tmp_path):
    with Engine(Resources(speech={"gpus": 99}, stall_seconds=1.0), ray_cluster) as engine:
        stall = next(engine.run(Ledger(str(tmp_path)), [job("a")], "speech"))
    assert str(stall) == (
        "nothing has finished for 1 s: no worker has started, and each needs 1 CPU and 99 GPU; "
        "the cluster has 1 CPU and 0 GPU in all, which others may be using"
    )
