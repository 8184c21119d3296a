"""A machine without sayso, or with another version of what it needs, is sent away, and the others do the run."""

import os
import sys
from pathlib import Path

import pytest
import ray
from ray.cluster_utils import Cluster

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import Record
from sayso.pipeline.engine.dispatch import Stalled
from sayso.pipeline.engine.engine import Engine, NoCluster
from sayso.pipeline.resources import Resources
from tests.pipeline.engine.test_engine import job

QUIET = {"include_dashboard": False, "object_store_memory": 80 << 20}


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    """A cluster whose head does no work; `node` adds a machine of one processor that imports from a folder first."""
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **QUIET})
    folder = tmp_path_factory.mktemp("installed")

    def add(name, files):
        for file, content in files.items():
            (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / name / file).write_text(content)
        path = os.pathsep.join([str(folder / name), *filter(None, [os.environ.get("PYTHONPATH")])])
        return started.add_node(num_cpus=1, env_vars={"PYTHONPATH": path})

    add("without", {"sayso/__init__.py": "raise ModuleNotFoundError(\"No module named 'sayso'\")\n"})
    add("older", {"polars-0.0.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: polars\nVersion: 0.0.1\n"})
    yield started, add
    ray.shutdown()
    started.shutdown()


ray.cloudpickle.register_pickle_by_value(sys.modules["tests.pipeline.engine.test_engine"])


def test_machines_that_are_unlike_this_one_are_told_of_and_the_others_do_the_run(nodes, tmp_path):
    cluster, add = nodes
    jobs = [job(f"{number}") for number in range(6)]
    nobody = pytest.raises(NoCluster, match=r"^process \d+ on \S+ (cannot import sayso|has polars 0\.0\.1)")
    with Engine(Resources(stall_seconds=60), cluster.address) as engine, nobody:
        list(engine.run(Ledger(str(tmp_path)), jobs, "text"))
    add("alike", {"other.py": ""})
    with Engine(Resources(stall_seconds=60), cluster.address) as engine:
        answers = list(engine.run(Ledger(str(tmp_path)), jobs, "text"))
    assert len([answer for answer in answers if isinstance(answer, Record)]) == 6
    told = sorted(
        str(answer).partition(" on ")[2].partition(" ")[2] for answer in answers if isinstance(answer, Stalled)
    )
    missing = "cannot import sayso (ModuleNotFoundError: No module named 'sayso'); install it there as on this machine"
    assert told[0] == f"{missing}; until then its machine gets no work"
    assert told[1].startswith("has polars 0.0.1, and this machine ")
    assert len(told) == 2
    assert list(Path(tmp_path).glob(".*")) == []
