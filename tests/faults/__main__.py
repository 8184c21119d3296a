"""The whole campaign of faults: `python -m tests.faults [--seed N] [--each 3] [--interruptions 12]`.

Small runs are damaged, stopped and refused their disk in every way, and must end with the bytes of a run that nothing
happened to. Prints Markdown: the cells of files and faults with how often each was tried, the interruptions, and what
was wrong. Ends with 1 where anything was. `--each` is how often every cell is tried at least.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sayso.manifests.ledger import Ledger
from sayso.manifests.storage import Storage
from sayso.manifests.verify.run import verify_published
from sayso.pipeline.hub.uploads import uploads_of
from tests.faults.campaign import Campaign, Findings, damaged_dataset
from tests.faults.interruptions import (
    LAST,
    SIGNALS,
    control_process_killed,
    disk_refuses,
    full_disk,
    killed_without_cluster,
    numbers_of,
    small_disk,
    stopped,
    worker_killed,
)
from tests.faults.small_runs import SPOKEN, WRITTEN, recipe, run_here
from tests.runs import dataset_bytes

# Kinds of files that speech has a part in, by their first word; the others are the same in a run that speaks.
SPEECH = ("synthesize", "mix", "compose", "published")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=3, help="trials of each kind of file with each fault")
    parser.add_argument("--interruptions", type=int, default=12, help="of each kind, in writing and in speaking runs")
    given = parser.parse_args()
    began = time.monotonic()
    findings, stops = Findings(), Counter()
    with tempfile.TemporaryDirectory() as folder:
        written, spoken = Path(folder) / "written", Path(folder) / "spoken"
        for path, kinds, rows in ((written, WRITTEN, 30), (spoken, SPOKEN, 12)):
            path.mkdir()
            run_here(recipe(path, kinds, rows), path / "undisturbed")
        files(written, given.seed, given.each, findings, began)
        files(spoken, given.seed, 1, findings, began, lambda kind: kind.split()[0] in SPEECH)
        published(written, given.seed, given.each, findings)
        progress("datasets by themselves", findings, began)
        findings.wrong += control_process_killed(written / "small.yaml", Path(folder) / "no-control")
        stops["Ray's control process killed", "written"] += 1
        for path in (written, spoken):
            interrupt(path, given.seed, given.interruptions, stops, findings, began)
    report(findings, stops, time.monotonic() - began)
    sys.exit(bool(findings.wrong))


def files(folder, seed, each_cell, findings, began, is_meant=lambda kind: True):
    """Damage the files of a run."""
    campaign = Campaign(folder / "small.yaml", folder / "undisturbed", seed, findings, is_meant)
    for number, left in campaign.rounds(folder / "rounds", each_cell):
        progress(f"{folder.name}: round {number}, {left} cells left", findings, began)


def published(folder, seed, each_cell, findings):
    """Damage the files of a dataset with its manifests, as it lies on the Hub."""
    dataset = folder / "dataset"
    for file in uploads_of(run := Ledger(str(folder / "undisturbed"))):
        content = file.content if file.content is not None else run.storage.read(file.name)
        Storage(str(dataset)).write(file.path, content)

    def problems(copy):
        return verify_published(Storage(str(copy))).problems

    damaged_dataset(dataset, problems, folder / "datasets", seed, each_cell, findings)


def interrupt(folder, seed, times, stops, findings, began):
    """Kills, signals and refusals; what went wrong goes to `findings`."""
    path, expected = folder / "small.yaml", dataset_bytes(folder / "undisturbed")
    records = (folder / "undisturbed").glob("manifests/*/*.record.json")
    before_last = sum(record.parent.name != LAST for record in records)
    numbers = numbers_of(seed, folder.name)
    kinds = {
        "killed, without a cluster": lambda run: killed_without_cluster(path, run, expected, numbers, 3, 6),
        "worker killed": lambda run: worker_killed(path, run, expected, numbers, before_last),
        "refused by the disk": lambda run: disk_refuses(path, run, expected, numbers),
        **{by.name: lambda run, by=by: stopped(path, run, expected, numbers, by, before_last) for by in SIGNALS},
    }
    for kind, interruption in kinds.items():
        # A cluster of its own takes most of the time, and stops at as many moments in all.
        for number in range(times if kind.endswith(("cluster", "disk")) else max(1, times // 4)):
            run = folder / f"{kind}-{number}".replace(" ", "-")
            findings.wrong += [f"{folder.name}, {kind}: {sentence}" for sentence in interruption(run)]
            stops[kind, folder.name] += 1
            progress(f"{folder.name}: {kind}", findings, began)
    with small_disk(folder / "disk") as disk:
        if disk is None:
            print("SKIPPED: full disks, for this user may mount none", file=sys.stderr)
            return
        for _ in range(times):
            findings.wrong += full_disk(path, disk, expected, numbers.randrange(100, 500))
            stops["full disk", folder.name] += 1
            progress(f"{folder.name}: full disk", findings, began)


def progress(what, findings, began):
    """A line on stderr."""
    wrong = f", {len(findings.wrong)} wrong" if findings.wrong else ""
    faults = sum(findings.trials.values())
    print(f"{time.monotonic() - began:6.0f} s  {faults} faults{wrong}  {what}", file=sys.stderr, flush=True)


def report(findings, stops, seconds):
    """All of it as Markdown."""
    moments = Counter()
    for (_, _, moment), number in findings.trials.items():
        moments[moment] += number
    print(findings.table(), "\n")
    print(f"{sum(moments.values()):,} faults: {', '.join(f'{number:,} {name}' for name, number in moments.items())}.\n")
    print("| interruption | in a run that writes | in one that speaks |\n| --- | ---: | ---: |")
    for kind in dict.fromkeys(kind for kind, _ in stops):
        print(f"| {kind} | {stops[kind, 'written']} | {stops[kind, 'spoken']} |")
    print(f"\n{seconds / 60:.0f} minutes; {len(findings.wrong) or 'nothing'} wrong.")
    for sentence in findings.wrong:
        print(f"- {sentence}")


if __name__ == "__main__":
    main()
