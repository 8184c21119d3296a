"""Kill a run over real data at random moments, and compare its dataset byte by byte with an undisturbed one.

`python -m tests.benchmarks.bench_crash FOLDER`, where FOLDER has the real instruction files, or `--recipe RECIPE` for a
recipe of your own. Prints a Markdown table.
"""

import argparse
import random
import signal
import tempfile
import time
from pathlib import Path

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from tests.open_data import checked, recipe_text
from tests.runs import dataset_bytes, kill_worker_of, sayso, started, wait_for_records

KILLS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("folder", nargs="?")
    what.add_argument("--recipe", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        recipe = given.recipe
        if not recipe:
            recipe = Path(scratch) / "open_data.yaml"
            recipe.write_text(recipe_text(checked(given.folder)), encoding="utf-8")
        compare(recipe, Path(scratch))


def compare(recipe: Path, folder: Path) -> None:
    print("| run | seconds | dataset |\n| --- | ---: | --- |", flush=True)
    began = time.monotonic()
    sayso("run", recipe, "--to", folder / "undisturbed")
    records = len(list((folder / "undisturbed").glob("manifests/*/*.record.json")))
    expected = dataset_bytes(folder / "undisturbed")
    print(f"| undisturbed, {len(expected)} files | {time.monotonic() - began:.0f} | – |", flush=True)
    ways = {
        f"driver killed {KILLS} times": lambda run: kill_driver(recipe, run, records),
        f"workers killed {KILLS} times": lambda run: kill_workers(recipe, run, records),
        "one worker, batches of 1": lambda run: sayso("run", recipe, "--to", run, "--workers", 1, "--batch", 1),
    }
    for number, (name, way) in enumerate(ways.items()):
        began = time.monotonic()
        run = folder / str(number)
        way(run)
        same = dataset_bytes(run) == expected and not verify(Ledger(str(run))).problems
        print(f"| {name} | {time.monotonic() - began:.0f} | {'same bytes' if same else 'DIFFERENT'} |", flush=True)


def moments(records: int) -> list[int]:
    """Numbers of records after which to kill: random, in order, not at the very end."""
    return sorted(random.sample(range(1, records - 2), KILLS))


def kill_driver(recipe: Path, run: Path, records: int) -> None:
    for moment in moments(records):
        driver = started("run", recipe, "--to", run)
        wait_for_records(run, moment, seconds=900)
        time.sleep(random.uniform(0, 2))
        driver.send_signal(signal.SIGKILL)
        driver.wait()
    sayso("run", recipe, "--to", run)


def kill_workers(recipe: Path, run: Path, records: int) -> None:
    driver = started("run", recipe, "--to", run)
    for moment in moments(records):
        wait_for_records(run, moment, seconds=900)
        kill_worker_of(driver.pid)
    assert driver.wait() == 0, "the run did not survive its workers"


if __name__ == "__main__":
    main()
