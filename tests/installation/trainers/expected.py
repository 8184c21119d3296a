"""What must be read of an export; needs nothing but Python, for it runs beside other people's libraries."""

import json
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()


def splits(form):
    """Each split with its folder in this format, and its rows as they were published."""
    for split, rows in json.loads((FOLDER / "expected.json").read_text()).items():
        yield FOLDER / form / "default" / split, rows


def with_audio(rows):
    return [row for row in rows if row["audio"]]


def same(found, expected):
    """Ends the program where two things that must be the same are not."""
    if found != expected:
        sys.exit(f"read {found!r:.2000}\nexpected {expected!r:.2000}")


def done(library, rows):
    print(f"{library}: read {rows} rows as they were published")
