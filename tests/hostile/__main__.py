"""The long forms: how the cost of each pattern grows with its worst texts, and hostile rows by the hundred thousand.

`python -m tests.hostile` does both, with `patterns` or `rows` behind it one; it ends with 1 where something is not as
it must be.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.hostile.growth import MOST, SIZES, TIMES, Growth, growth
from tests.hostile.patterns import TABLE
from tests.hostile.rounds import FILES, faults
from tests.hostile.way import SCREENS, Account

ROWS = 100_000


def patterns() -> bool:
    """Measure every entry with every text; whether none grows too fast."""
    found: list[Growth] = []
    for entry in TABLE:
        grown = [growth(entry, text) for text in entry.tried]
        slowest = max(grown, key=lambda one: one.seconds[-1])
        steepest = max(grown, key=lambda one: one.most)
        print(
            f"{entry.name:40} {len(grown):4} texts, at most {1000 * slowest.seconds[-1]:7.1f} ms "
            f"({slowest.text[:40]}), growing {steepest.most:4.1f} times at most ({steepest.text[:40]})",
            flush=True,
        )
        found += grown
    steep = [one for one in found if one.most > MOST]
    print(
        f"{len(TABLE)} patterns and loops, {len(found):,} worst texts at {', '.join(f'{size:,}' for size in SIZES)} "
        f"characters, the best of {TIMES} times: {len(steep)} grow more than {MOST} times a step, the others "
        f"{max(one.most for one in found if one.most <= MOST):.1f} times at most; the slowest takes "
        f"{max(one.seconds[-1] for one in found):.2f} s"
    )
    for one in steep:
        print(f"{one.entry}: {one.text} takes {', '.join(f'{1000 * each:.1f}' for each in one.seconds)} ms")
    return not steep


def rows() -> bool:
    """Take rounds of hostile rows through the stages, by the filters' defaults and by every filter in turn."""
    account, wrong, seed, start = Account(), 0, 0, time.monotonic()
    while account.rows < ROWS:
        seed += 1
        with tempfile.TemporaryDirectory() as folder:
            for fault in faults(seed, FILES, SCREENS[seed % len(SCREENS)], Path(folder), account):
                wrong += 1
                print(f"round {seed}: {fault}", flush=True)
    print(
        f"{account.rows:,} rows in {seed * len(FILES):,} files: {account.kept:,} kept, {account.dropped.total():,} "
        f"dropped for {len(account.dropped)} reasons, {wrong} faults, {time.monotonic() - start:.0f} s"
    )
    for reason, count in account.dropped.most_common():
        print(f"{count:8,} {reason}")
    return not wrong


FORMS = {"patterns": patterns, "rows": rows}


def main() -> int:
    well = [FORMS[name]() for name in sys.argv[1:] or FORMS]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
