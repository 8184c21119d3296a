"""A run in a store whose driver is killed at random stages: the same command goes on, to the bytes of one on a disk."""

import os
import random
import subprocess
import sys
import time

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from tests.cluster.ray_head import SLOW
from tests.faults.small_runs import WRITTEN, recipe, run_here
from tests.runs import dataset_bytes, started
from tests.store_server import store_server

pytestmark = SLOW
SEED = int(os.environ.get("SEED", "0"))
KILLS = 2


def test_a_driver_that_is_killed_again_and_again_ends_with_the_bytes_of_a_run_on_a_disk(tmp_path):
    path = recipe(tmp_path, WRITTEN, rows=30)
    run_here(path, tmp_path / "run")
    records = len([*(tmp_path / "run" / "manifests").rglob("*.record.json")])
    numbers = random.Random(SEED)
    with store_server() as store:
        run = f"{store.new_bucket()}/run"
        made = set()
        for kill in range(KILLS):
            # At a record of some later stage each time, and wherever the others are just then.
            wanted = numbers.randrange(kill * records // KILLS, (kill + 1) * records // KILLS)
            with started("run", path, "--to", run) as driver:
                while driver.poll() is None and len(made) < wanted:
                    time.sleep(0.01)
                    made |= {one.name for one in [*store.asked] if is_record_made(one)}
                assert driver.poll() is None, f"seed {SEED}: it ended before record {wanted}"
                driver.kill()
        before, store.asked = {*made}, []
        done = subprocess.run([sys.executable, "-m", "sayso", "run", path, "--to", run], check=True, timeout=600)
        assert done.returncode == 0
        assert dataset_bytes(run) == dataset_bytes(tmp_path / "run"), f"seed {SEED}"
        assert verify(Ledger(run)).problems == ()
        again = before & {one.name for one in store.asked if is_record_made(one)}
        assert again == set(), f"seed {SEED}: made twice"


def is_record_made(asked):
    return asked.method == "PUT" and asked.name.endswith(".record.json")
