"""How written English is said, held against the cases of others: `bench_spoken.py FILE… [--show KIND]`.

Reads files of lines `written~spoken` and prints a Markdown table with a row for each: how many cases are said the same;
how many in another way that is as right (ACCEPTABLE); how many the default filters refuse for how they are written, or
because they cannot be said; in how many digits or signs are left; and how many are wrong. `--show wrong` lists those of
a kind. The cases stay where they are: they are their authors'.
"""

import argparse
import re
from collections import Counter
from pathlib import Path

import polars as pl

from sayso.filters.speakable import Speakable
from sayso.stages.screen.normalization import to_spoken

KINDS = ("same", "acceptable", "refused", "left", "wrong")
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
# What people say in either way: a pattern, and what both ways are made alike to.
ACCEPTABLE = (
    # The order of day and month.
    (rf"\bthe ((?:\w+ )?\w+) of ({_MONTHS})\b", r"\2 \1"),
    # The currency of a range, said once or twice.
    (r"\b(dollars|euros|pounds) to (?=[\w ]+ \1\b)", "to "),
    # Words that may be there or not: "one hundred and five", "a half", "five o'clock", "two dollars fifty cents".
    (r"\b(?:and|a|the|o'clock|cents?|pence|penny|to)\b", " "),
    (r"\bzero\b", "oh"),
    (r"\bpoint\b", "dot"),
    (r"\bmisses\b", "missus"),
    # "twenty ten" and "two thousand ten".
    (r"\btwo thousand (?=ten|(?:thir|four|fif|six|seven|eigh|nine)teen|eleven|twelve|twenty)", "twenty "),
    # Letters that are spelled, apart or in one word: "U S A", "USA".
    (r"\s+", ""),
)
_LEFT = re.compile(r"[0-9/$%^*#@=+<>]")


def plain(text: str) -> str:
    """What is compared: words in small letters, without punctuation."""
    return " ".join(re.sub(r"[^\w\s']", " ", text.lower().replace("’", "'")).split())


def alike(text: str) -> str:
    """The same with all that is ACCEPTABLE made alike."""
    text = plain(text)
    for pattern, instead in ACCEPTABLE:
        text = re.sub(pattern, instead, text)
    return text


def kind_of(wanted: str, spoken: str, refused: bool) -> str:
    if refused:
        return "refused"
    if plain(spoken) == plain(wanted):
        return "same"
    if alike(spoken) == alike(wanted):
        return "acceptable"
    return "left" if _LEFT.search(spoken) else "wrong"


def judged(path: Path) -> pl.DataFrame:
    """The cases of a file with `spoken`, why they are refused, and their kind."""
    lines = [line.split("~", 1) for line in path.read_text("utf-8").splitlines() if line.strip("~ ").count("~")]
    cases = pl.DataFrame({"prompt": [line[0] for line in lines], "wanted": [line[1] for line in lines]})
    filter_ = Speakable()
    reasons = cases.select(filter_.features()).select(filter_.reason().alias("reason"))
    cases = cases.hstack(to_spoken(cases["prompt"])).hstack(reasons)
    cases = cases.with_columns(refused=pl.coalesce("reason", "unpronounceable"))
    kinds = [
        kind_of(wanted, spoken, refused is not None)
        for wanted, spoken, refused in cases.select("wanted", "spoken", "refused").rows()
    ]
    return cases.with_columns(kind=pl.Series(kinds, dtype=pl.String))


def row(name: str, counts: Counter[str]) -> str:
    return f"| {name} | {sum(counts.values())} | {' | '.join(str(counts[kind]) for kind in KINDS)} |"


def main(paths: list[Path], show: str | None) -> None:
    print(f"| file | cases | {' | '.join(KINDS)} |")
    print(f"| --- | ---: |{' ---: |' * len(KINDS)}")
    total: Counter[str] = Counter()
    shown = []
    for path in paths:
        cases = judged(path)
        counts = Counter(cases["kind"].to_list())
        total += counts
        print(row(path.stem, counts))
        shown += [case for case in cases.to_dicts() if case["kind"] == show]
    print(row("all", total))
    for case in shown:
        print(f"\n{case['prompt']}\n  wanted: {case['wanted']}\n  spoken: {case['spoken']}")
        if case["refused"]:
            print(f"  refused: {case['refused']}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("files", nargs="*", type=Path)
    arguments.add_argument("--show", choices=KINDS)
    asked = arguments.parse_args()
    if asked.files:
        main(asked.files, asked.show)
    else:
        print("SKIPPED: name files of lines `written~spoken` (docs/benchmarks.md says where some are)")
