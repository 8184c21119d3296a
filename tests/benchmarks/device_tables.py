"""The figures of `bench_device` as Markdown tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.benchmarks.speech_steps import SAYING, STEPS

ROWS = 1_300_000
# Seconds of speech a second, from text to checked tokens.
AIM = 500
COLUMNS = (*STEPS, "total")
NOTHING = "–"


def as_tables(result: Mapping[str, Any]) -> str:
    """What was measured on what, the tables, and a line for each thing that did not go."""
    batches, package = result["batches"], [way for way in result["package"] if "failed" not in way]
    lines = [
        f"{result['device']}, torch {result['torch']}, {result['precision']}, {result['shapes']} shapes; rows of "
        f"{result['seconds']:g} s and {result['word_pieces']} word pieces; {result['date']}.",
        "",
        *table("s a row; rows together", batches, "seconds_per_row", "{:.4f}"),
        "",
        *table("× real time; rows together", batches, "times_real_time", "{:,.1f}"),
        "",
        *table("peak MiB; rows together", batches, "peak_mib", "{:,}"),
        "",
        header(["rows together", "rows/s", f"hours for {ROWS:,} rows", "said faster than by the package",
                "rows as in the batch before"]),
        *(row([batch["rows"], *summary(batch, package)]) for batch in batches),
        "",
        header(["one by one by the package", *(f"{step}, s a row" for step in SAYING), "all three", "× real time"]),
    ]  # fmt: skip
    for way in package:
        took = [f"{one:.4f}" for one in way["seconds_per_row"].values()]
        lines.append(row([way["way"], *took, f"{way['times_real_time']['total']:.1f}"]))
    return "\n".join([*lines, "", *remarks(result)])


def table(title: str, batches: Sequence[Mapping[str, Any]], figure: str, form: str) -> list[str]:
    """A figure of each step by batch size."""
    return [
        header([title, *COLUMNS]),
        *(
            row([batch["rows"], *(form.format(batch[figure][step]) if step in batch[figure] else NOTHING
                                  for step in COLUMNS)])
            for batch in batches
        ),
    ]  # fmt: skip


def summary(batch: Mapping[str, Any], package: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of a batch as a whole: rows a second, hours, how often the fastest of the package's ways, and how alike."""
    took = batch["seconds_per_row"]
    fastest = min((way["seconds_per_row"]["total"] for way in package), default=None)
    said = fastest is not None and all(step in took for step in SAYING)
    return [
        f"{batch['rows_per_second']:.2f}" if "rows_per_second" in batch else NOTHING,
        f"{batch['device_hours']:,.1f}" if "device_hours" in batch else NOTHING,
        f"{fastest / sum(took[step] for step in SAYING):.1f} ×" if said else NOTHING,
        f"{batch['alike']} of {batch['compared']}" if "alike" in batch else NOTHING,
    ]


def remarks(result: Mapping[str, Any]) -> list[str]:
    """What failed, a line each, and whether the aim was met."""
    found = [f"{batch['rows']} rows together: {batch['failed']}." for batch in result["batches"] if "failed" in batch]
    found += [
        f"{batch['rows']} rows together: of those in the batch before, "
        f"{', '.join(f'{rows} first differed at {step}' for step, rows in batch['unlike'].items())}."
        for batch in result["batches"]
        if batch.get("unlike")
    ]
    found += [f"The package, {way['way']}: {way['failed']}." for way in result["package"] if "failed" in way]
    best = result["best"]
    if best is None:
        return [*found, "No batch size went through all steps."]
    reached = result["seconds"] / best["seconds_per_row"]
    return [
        *found,
        f"Best with {best['voice_batch_size']} rows together in the voice and {best['tokenizer_batch_size']} in "
        f"the tokenizer: {best['rows_per_second']:,.2f} rows/s, {best['device_hours']:,.1f} hours for {ROWS:,} rows, "
        f"{reached:,.1f} × real time. The aim of {AIM} × is {'met' if reached >= AIM else 'MISSED'}.",
    ]


def header(titles: Sequence[str]) -> str:
    return f"{row(titles)}\n{'| ---: ' * len(titles)}|"


def row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
