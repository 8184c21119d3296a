"""Draw rows to be read by hand, without their verdicts: `python -m tests.benchmarks.reading.draw RUN SEED OUT`.

RUN is a run over real instruction files, up to `deduplicate`. OUT gets `rows.jsonl`, in an order that says nothing:
300 rows that were kept and 300 that the screen dropped, as evenly over the sources as these have rows; `pairs.jsonl`,
60 near duplicates, each beside the row that stays in its place; and `verdicts.csv`, which nobody reads before all are
labelled. The rules to read by are in docs/explanation/reading.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl
from xxhash import xxh3_64_intdigest

import sayso
from sayso.stages.screen.cleaning import clean_answers
from sayso.stages.screen.normalization import to_spoken

ROWS, PAIRS = 300, 60


def draw_evenly(rows: pl.DataFrame, count: int, seed: int) -> pl.DataFrame:
    """`count` rows, in an order drawn from seed and id: as many of each `source`, as long as it has any left."""
    drawn = in_drawn_order(rows, seed)
    return drawn.sort(pl.int_range(pl.len()).over("source"), maintain_order=True).head(count)


def in_drawn_order(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The same rows in an order that depends on seed and ids alone."""
    draws = pl.Series("draw", [xxh3_64_intdigest(f"{seed}/{row}".encode()) for row in rows["id"]], dtype=pl.UInt64)
    return rows.with_columns(draws).sort("draw").drop("draw")


def main(run: Path, seed: int, out: Path) -> None:
    """Write the three files. Those of another draw in the same folder are replaced."""
    stored = sayso.open(run)
    rows = stored.rows("ingest").select("id", "prompt", "answer").collect()
    # Of all rows alike, for a mark that was taken out would tell who was kept.
    rows = rows.with_columns(
        clean_answers(rows["answer"])["answer"], spoken_characters=to_spoken(rows["prompt"])["spoken"].str.len_chars()
    )
    told = ("id", "source", "verdict", "filter", "reason")
    screened = stored.verdicts("screen").select(told).collect()
    last = stored.verdicts("deduplicate").select(*told, of="duplicates.of").collect()
    kept = draw_evenly(last.filter(pl.col("verdict") == "kept").drop("of"), ROWS, seed)
    dropped = draw_evenly(screened.filter(pl.col("verdict") != "kept"), ROWS, seed)
    both = in_drawn_order(pl.concat([kept, dropped]), seed + 1)
    pairs = draw_evenly(last.filter(pl.col("reason") == "near_duplicate"), PAIRS, seed)

    out.mkdir(parents=True, exist_ok=True)
    both.write_csv(out / "verdicts.csv")
    _numbered(both).join(rows, on="id", maintain_order="left").write_ndjson(out / "rows.jsonl")
    stays = rows.select(of="id", prompt_that_stays="prompt", answer_that_stays="answer")
    beside = pairs.select("id", "of").join(rows, on="id", maintain_order="left").join(stays, on="of", how="left")
    beside.write_ndjson(out / "pairs.jsonl")
    print(f"{kept.height} kept and {dropped.height} dropped rows, and {pairs.height} near duplicates are in {out}")


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select("id").with_row_index("number", offset=1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    main(given.run, given.seed, given.out)
