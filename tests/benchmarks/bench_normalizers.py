"""Spoken text beside NeMo's own normaliser: `bench_normalizers.py FOLDER PYTHON WORK [DIFFERING]`.

Draws PROMPTS prompts with digits from the real files in FOLDER by a seed, of those that the filter `speakable` keeps,
and has both say them: sayso here, NeMo by the interpreter PYTHON, which has `nemo_text_processing`; WORK keeps NeMo's
grammars, which take minutes to build. Prints texts a CPU second of both, how many come out alike, and DIFFERING (100)
drawn by the seed of those that differ, to be read: only a reader can tell who is right.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import polars as pl

from sayso.filters.speakable import Speakable
from sayso.stages.screen.normalization import to_spoken
from tests.benchmarks.bench_screen import real_rows
from tests.benchmarks.bench_spoken import alike, plain

PROMPTS = 2000
LONGEST = 450
SEED = 20260612
SIDE = Path(__file__).parent / "sides" / "with_nemo.py"


def drawn(folder: Path) -> pl.Series:
    """The prompts that both say."""
    rows = real_rows(folder).select("prompt").unique(maintain_order=True)
    prompt = pl.col("prompt")
    rows = rows.filter(
        prompt.str.contains("[0-9]"), prompt.str.len_chars() <= LONGEST, ~prompt.str.contains(r"\p{Han}")
    )
    speakable = Speakable()
    reasons = rows.select(speakable.features()).select(speakable.reason().alias("reason"))["reason"]
    rows = rows.filter(reasons.is_null())
    return rows["prompt"].sample(min(PROMPTS, rows.height), seed=SEED, shuffle=True)


def by_nemo(texts: list[str], python: str, work: Path) -> tuple[list[str], float]:
    work.mkdir(parents=True, exist_ok=True)
    (work / "texts.json").write_text(json.dumps(texts), "utf-8")
    subprocess.run([python, SIDE, work], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    result = json.loads((work / "said.json").read_text("utf-8"))
    return result["said"], result["seconds"]


def main(folder: Path, python: str, work: Path, differing: int = 100) -> None:
    texts = drawn(folder)
    start = time.process_time()
    ours = to_spoken(texts)
    seconds = time.process_time() - start
    theirs, their_seconds = by_nemo(texts.to_list(), python, work)
    both = pl.DataFrame({"prompt": texts, "nemo": theirs}).hstack(ours)
    same = [plain(a) == plain(b) for a, b in both.select("spoken", "nemo").rows()]
    near = [alike(a) == alike(b) for a, b in both.select("spoken", "nemo").rows()]
    refused = both["unpronounceable"].is_not_null().sum()
    print("| | texts | texts a CPU second |")
    print("| --- | ---: | ---: |")
    print(f"| sayso | {texts.len():,} | {texts.len() / seconds:,.0f} |")
    print(f"| NeMo | {texts.len():,} | {texts.len() / their_seconds:,.1f} |")
    print(f"\nThe same: {sum(same):,}; as right: {sum(near) - sum(same):,}; refused here: {refused}.")
    differ = both.filter(~pl.Series(near) & pl.col("unpronounceable").is_null())
    for place, row in enumerate(differ.sample(min(differing, differ.height), seed=SEED, shuffle=True).iter_rows(), 1):
        prompt, nemo, spoken, _ = row
        print(f"\n{place}. {prompt!r}\n   sayso: {spoken}\n   NeMo:  {nemo}")


if __name__ == "__main__":
    if len(sys.argv) > 3:
        main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), *map(int, sys.argv[4:]))
    else:
        print("SKIPPED: name a folder of real files, an interpreter with nemo_text_processing, and a folder to work in")
