"""The long form: how the cost of every pattern grows with its worst texts. Ends with 1 where one grows too fast."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.hostile.growth import MOST, SIZES, TIMES, Growth, growth
from tests.hostile.patterns import TABLE


def _all_growths() -> Iterator[Growth]:
    for entry in TABLE:
        found = [growth(entry, text) for text in entry.tried]
        slowest = max(found, key=lambda one: one.seconds[-1])
        steepest = max(found, key=lambda one: one.most)
        print(
            f"{entry.name:40} {len(found):4} texts, at most {1000 * slowest.seconds[-1]:7.1f} ms "
            f"({slowest.text[:40]}), growing {steepest.most:4.1f} times at most ({steepest.text[:40]})",
            flush=True,
        )
        yield from found


def main() -> int:
    found = list(_all_growths())
    steep = [one for one in found if one.most > MOST]
    print(
        f"{len(TABLE)} patterns and loops, {len(found):,} worst texts at {', '.join(f'{size:,}' for size in SIZES)} "
        f"characters, the best of {TIMES} times: {len(steep)} grow more than {MOST} times a step, the others "
        f"{max(one.most for one in found if one.most <= MOST):.1f} times at most; the slowest takes "
        f"{max(one.seconds[-1] for one in found):.2f} s"
    )
    for one in steep:
        print(f"{one.entry}: {one.text} takes {', '.join(f'{1000 * each:.1f}' for each in one.seconds)} ms")
    return 1 if steep else 0


if __name__ == "__main__":
    sys.exit(main())
