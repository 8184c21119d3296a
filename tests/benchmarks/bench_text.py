"""The whole text side, from the command line: `python -m tests.benchmarks.bench_text CORPUS RUN [--json FILE]`.

Runs CORPUS/recipe.yaml into the folder RUN up to `deduplicate` with all verdicts written, and prints a Markdown
table: rows a second, the most memory of all its processes together, and seconds by stage. CORPUS is made by
`python -m tests.benchmarks.corpus`. With --json the figures are added to FILE, which `plot_text` draws.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from tests.benchmarks.process_memory import Watched, watch

STAGE_LINE = re.compile(r"^(\w+): ([\d,]+) rows in ")
MIB = 1024**2


def main(corpus: Path, run: Path, results: Path | None) -> None:
    if run.exists() and any(run.iterdir()):
        raise SystemExit(f"{run} is not empty: a run goes on where it stopped; give a folder that is not there yet")
    seen = watch(
        [
            sys.executable,
            "-m",
            "sayso",
            "run",
            f"{corpus}/recipe.yaml",
            f"--to={run}",
            "--until=deduplicate",
            "--json",
        ],
        {**os.environ, "COLUMNS": "200"},
    )
    if seen.code:
        raise SystemExit("\n".join(["the run failed:", *(line for _, line in seen.lines)]))
    result = measured(seen)
    print(as_table(result))
    if results is not None:
        earlier = json.loads(results.read_text(encoding="utf-8")) if results.exists() else []
        results.write_text(json.dumps([*earlier, result], indent=1) + "\n", encoding="utf-8")


def measured(seen: Watched) -> dict[str, Any]:
    """The figures of a run: as a whole, and for each stage from the line of the one before it to its own.

    The time and memory of starting up go to the first stage. A stage shorter than two seconds may have
    ended between two looks at the memory: then its peak is 0.
    """
    ended = {found[1]: at for at, line in seen.lines if (found := STAGE_LINE.match(line))}
    starts = dict(zip(ended, [0.0, *ended.values()], strict=False))
    flows = {flow["stage"]: flow for flow in json.loads(seen.output)}
    rows, cores = flows["ingest"]["rows_in"], len(os.sched_getaffinity(0))
    return {
        "date": date.today().isoformat(),
        "machine": {"cores": cores, "memory_mib": memory_mib(), "python": platform.python_version()},
        "rows": rows,
        "seconds": round(seen.seconds, 2),
        "rows_per_second": round(rows / seen.seconds),
        "rows_per_second_per_core": round(rows / seen.seconds / cores),
        "cpu_seconds": round(seen.cpu_seconds, 1),
        "cpu_seconds_of_looking": round(time.process_time(), 1),
        "peak_rss_mib": round(seen.peak("rss") / MIB),
        "peak_pss_mib": round(seen.peak("pss") / MIB),
        "stages": [
            {
                "stage": stage,
                "seconds": round(at - starts[stage], 2),
                "peak_rss_mib": round(seen.peak("rss", starts[stage], at) / MIB),
                "peak_pss_mib": round(seen.peak("pss", starts[stage], at) / MIB),
                **(counts_of(flows[stage]) if stage in flows else {}),
            }
            for stage, at in ended.items()
        ],
    }


def counts_of(flow: dict[str, Any]) -> dict[str, Any]:
    """What went through a stage that decides about rows; the others have none."""
    losses = {f"{loss['filter']}: {loss['reason']}": loss["rows"] for loss in flow["losses"]}
    return {"rows_in": flow["rows_in"], "rows_out": flow["rows_out"], "losses": losses}


def memory_mib() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB


def as_table(result: dict[str, Any]) -> str:
    whole = {
        "rows": "rows",
        "seconds": "seconds",
        "rows/s": "rows_per_second",
        "rows/s a core": "rows_per_second_per_core",
        "CPU seconds": "cpu_seconds",
        "peak RSS, MiB": "peak_rss_mib",
        "peak PSS, MiB": "peak_pss_mib",
    }
    lines = [
        f"| {' | '.join(whole)} |",
        "| ---: " * len(whole) + "|",
        "".join(f"| {result[name]:,} " for name in whole.values()) + "|",
        "",
        "| stage | seconds | peak RSS, MiB | peak PSS, MiB | rows in | rows out | most were lost to |",
        "| --- " + "| ---: " * 5 + "| --- |",
    ]
    for stage in result["stages"]:
        losses = ", ".join(f"{loss} {rows:,}" for loss, rows in list(stage.get("losses", {}).items())[:5])
        counts = [stage.get(name) for name in ("peak_rss_mib", "peak_pss_mib", "rows_in", "rows_out")]
        figures = " | ".join(f"{count:,}" if count else "–" for count in counts)
        lines.append(f"| {stage['stage']} | {stage['seconds']} | {figures} | {losses or '–'} |")
    return "\n".join(lines)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        print("SKIPPED: make a corpus with `python -m tests.benchmarks.corpus`, then give it and a folder for the run")
        sys.exit(0)
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--json", type=Path, dest="results")
    main(**vars(parser.parse_args()))
