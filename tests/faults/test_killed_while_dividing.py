"""A driver that is killed while a job is divided to the row that ends its workers: the same command drops that row."""

import random
import time

from sayso.manifests.killing_rows import KILLS_THE_WORKER, read_killing_rows
from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from tests.cluster.ray_head import SLOW
from tests.faults.deadly_row import POSITION, deadly_environment
from tests.faults.small_runs import WRITTEN, recipe
from tests.faults.test_killed_in_store import SEED
from tests.runs import sayso, started

pytestmark = SLOW
# Three workers end before the job is divided, then one process in the search and one as the row is tried again.
WHILE_DIVIDED = (4, 5)


def test_the_row_is_dropped_by_name_by_the_same_command_again(tmp_path):
    path, run = recipe(tmp_path, WRITTEN, rows=16), tmp_path / "run"
    (tmp_path / "deadly").mkdir()
    environment, ended = deadly_environment(tmp_path / "deadly")
    command = ("run", path, "--to", run, "--until", "sample")
    numbers = random.Random(SEED)
    with started(*command, environment=environment) as driver:
        wanted = numbers.choice(WHILE_DIVIDED)
        while driver.poll() is None and ended.stat().st_size < wanted:
            time.sleep(0.01)
        time.sleep(numbers.uniform(0, 0.3))
        assert driver.poll() is None, f"seed {SEED}: it ended before {wanted} processes had"
        driver.kill()
    before = ended.stat().st_size
    sayso(*command, environment=environment)
    ledger = Ledger(str(run))
    assert verify(ledger).problems == ()
    [killing] = read_killing_rows(ledger)
    assert (killing.position, killing.how) == (POSITION, "SIGSEGV")
    verdicts = ledger.verdicts("screen", ledger.plan().shards_of("screen"))
    assert verdicts.filter(verdicts["reason"] == KILLS_THE_WORKER)["position"].to_list() == [POSITION]
    assert ended.stat().st_size > before or wanted == WHILE_DIVIDED[-1], f"seed {SEED}"
