"""GPU time that is idle in a run of 6,000,000 rows, reckoned: `python -m tests.benchmarks.bench_idle [OUT.svg]`.

The engine is the product's own, with its pools, its queues and its rules of who gets which job; Ray, the machines and
the clock are simulated. How long the jobs of each stage take is told by docs/benchmarks/stage_times.json, which says of
each whether it was measured. Prints a Markdown table and draws it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.pipeline.engine.engine import Engine
from sayso.pipeline.engine.queue import JobQueue
from sayso.pipeline.resources import Resources
from tests.benchmarks.simulated_ray import SimulatedJob, SimulatedRay, in_place_of_ray

TIMES = Path(__file__).parents[2] / "docs" / "benchmarks" / "stage_times.json"
GPUS = tuple(2**power for power in range(10))
FOLLOWED, FOLLOWING = "sample", "synthesize"
# GPUs that are kept from the start of a run to its end, and those that workers have asked for and not given back.
LINES = ("before, kept", "pools, kept", "overlap, kept", "pools, as asked for", "overlap, as asked for")


@dataclass(frozen=True)
class Simulated:
    """Seconds of a run, and of its GPUs: at work, and kept by workers."""

    seconds: float
    busy: float
    held: float


def main(out: Path | None) -> None:
    times = json.loads(TIMES.read_text(encoding="utf-8"))
    lines: dict[str, list[float]] = {name: [] for name in LINES}
    print(f"| GPUs | hours: before | pools | and overlap | idle: {' | '.join(LINES)} |")
    print(f"| {' | '.join(['---:'] * (4 + len(LINES)))} |", flush=True)
    for gpus in GPUS:
        before = simulated(times, gpus, workers=gpus, overlaps=False)
        pools = simulated(times, gpus, workers=None, overlaps=False)
        overlap = simulated(times, gpus, workers=None, overlaps=True)
        shares = (
            idle(before.busy, gpus * before.seconds),
            idle(pools.busy, gpus * pools.seconds),
            idle(overlap.busy, gpus * overlap.seconds),
            idle(pools.busy, pools.held),
            idle(overlap.busy, overlap.held),
        )
        for line, share in zip(lines.values(), shares, strict=True):
            line.append(share)
        hours = " | ".join(f"{one.seconds / 3600:.2f}" for one in (before, pools, overlap))
        print(f"| {gpus} | {hours} | {' | '.join(f'{share:.1%}' for share in shares)} |", flush=True)
    if out:
        draw(lines, out)


def idle(busy: float, kept: float) -> float:
    return 1 - busy / kept


def simulated(times: Mapping[str, Any], gpus: int, workers: int | None, overlaps: bool) -> Simulated:
    """A run on so many machines of one GPU each. `workers`: of text, None for as many as there are processors for."""
    ray = SimulatedRay(gpus, times["cpus_beside_each_gpu"], 1, times["seconds_to_start"])
    resources = Resources.model_validate({"text": {"workers": workers}, "speech": {"gpus": 1}})
    ledger = Ledger(f"memory://bench-idle-{gpus}-{workers}-{overlaps}")
    with in_place_of_ray(ray), Engine(resources, "simulated") as engine:
        for stages in together(times["stages"], overlaps):
            work_off(engine, ledger, ray, stages, times["spread"])
    return Simulated(ray.now - ray.began, ray.busy, ray.held)


def together(stages: Sequence[Mapping[str, Any]], overlaps: bool) -> Iterator[list[Mapping[str, Any]]]:
    """The stages that are worked off at the same time."""
    for number, stage in enumerate(stages):
        follows = stages[number + 1 : number + 2] if overlaps and stage["stage"] == FOLLOWED else []
        if not (overlaps and stage["stage"] == FOLLOWING):
            yield [stage, *follows]


def work_off(
    engine: Engine, ledger: Ledger, ray: SimulatedRay, stages: Sequence[Mapping[str, Any]], spread: float
) -> None:
    """The jobs of a stage, and one of the stage that follows it for each that is done."""
    first = stages[0]
    ray.now += first.get("planned", 0) * first["jobs"]
    queues = [JobQueue(first["pool"], jobs(first, spread))]
    following = {job.key.shard: job for stage in stages[1:] for job in jobs(stage, spread)}
    queues += [JobQueue(stage["pool"], follows=queues[0]) for stage in stages[1:]]
    for done in engine.work_off(ledger, queues):
        if isinstance(done, SimulatedJob) and done.key.stage == first["stage"] and following:
            ray.now += stages[1].get("planned", 0)
            queues[1].add([following[done.key.shard]])


def jobs(stage: Mapping[str, Any], spread: float) -> list[Any]:
    """Jobs that take longer or shorter than their mean by up to `spread` of it."""
    keys = [
        ShardKey(stage=stage["stage"], shard=f"{number:05d}", fingerprint="f", input="i")
        for number in range(stage["jobs"])
    ]
    drawn = [1 + spread * (2 * crc32(f"{key.stage}/{key.shard}".encode()) / 2**32 - 1) for key in keys]
    return [SimulatedJob(key, stage["seconds"] * share / sum(drawn)) for key, share in zip(keys, drawn, strict=True)]


def draw(lines: Mapping[str, Sequence[float]], out: Path) -> None:
    # Text stays text, and the same figures give the same file.
    rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "sayso", "font.family": "sans-serif"})
    figure = Figure(figsize=(7, 3.8), layout="constrained")
    axes = figure.subplots()
    for (name, shares), color in zip(
        lines.items(), ("#9aa5ac", "#c98b3d", "#7a5ea8", "#2a7f9e", "#3d8f5f"), strict=True
    ):
        axes.plot(GPUS, shares, "o-", color=color, lw=1.8, ms=4, label=name)
    axes.set(xscale="log", xlabel="GPUs", ylim=(0, 1))
    axes.set_title("GPU time that is idle", loc="left", fontsize=11)
    axes.set_xticks(GPUS)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
    axes.grid(color="#e6eaec", lw=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9, loc="upper left")
    figure.savefig(out, format="svg", metadata={"Date": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
