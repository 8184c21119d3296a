"""Draw time and memory against rows: `python -m tests.benchmarks.plot_text RESULTS.json OUT.svg`.

RESULTS.json is what `bench_text --json` keeps. Both axes are logarithmic, so that what grows as the rows do is as steep
as the dashed line, which starts at the smallest run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

INK, QUIET, COLORS = "#22303a", "#9aa5ac", ("#2a7f9e", "#c98b3d")


def main(results: Path, out: Path) -> None:
    runs = sorted(json.loads(results.read_text(encoding="utf-8")), key=lambda run: run["rows"])
    rows = [run["rows"] for run in runs]
    # Text stays text, and the same figures give the same file.
    rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "sayso", "font.family": "sans-serif"})
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    time, memory = figure.subplots(1, 2)
    draw(time, rows, {"all stages": [run["seconds"] for run in runs]}, 0)
    time.set_title("Seconds", loc="left", color=INK, fontsize=11)
    peaks = {
        name: [run[key] / 1024 for run in runs] for name, key in (("RSS", "peak_rss_mib"), ("PSS", "peak_pss_mib"))
    }
    draw(memory, rows, peaks, 2)
    memory.set_title("Most memory of all processes, GiB", loc="left", color=INK, fontsize=11)
    figure.savefig(out, format="svg", metadata={"Date": None})


def draw(axes: Axes, rows: Sequence[int], lines: dict[str, Sequence[float]], digits: int) -> None:
    """Each line with its figures beside the points, and one as steep as the rows grow below the first."""
    first = next(iter(lines.values()))
    axes.plot(rows, [first[0] * count / rows[0] for count in rows], "--", color=QUIET, lw=1, label="as the rows grow")
    for (name, values), color, side in zip(lines.items(), COLORS, (8, -15), strict=False):
        axes.plot(rows, values, "o-", color=color, lw=1.8, ms=5, label=name)
        for count, value in zip(rows, values, strict=True):
            text = f"{value:,.{digits}f}"
            axes.annotate(
                text, (count, value), (0, side), textcoords="offset points", ha="center", fontsize=9, color=color
            )
    axes.set(xscale="log", yscale="log", xlabel="rows")
    every = [value for values in lines.values() for value in values]
    axes.set_xlim(rows[0] / 1.6, rows[-1] * 1.6)
    axes.set_ylim(min(every) / 1.8, max(*every, first[0] * rows[-1] / rows[0]) * 1.8)
    axes.xaxis.set_major_locator(FixedLocator(sorted(set(rows))))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(color="#e6eaec", lw=0.8)
    axes.tick_params(colors=INK, labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=9, loc="upper left")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
