"""Runs all benchmarks, one after the other: `python -m tests.benchmarks [FOLDER]`.

A benchmark is a file bench_*.py of this folder that prints a Markdown table. One whose docstring gives FOLDER as its
argument measures on real instruction files: those of FOLDER, or of the folder that SAYSO_OPEN_DATA names. Where there
are none it is skipped, loudly.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.open_data import OpenDataError, checked, named

HERE = Path(__file__).parent


def main(given: str | None) -> int:
    """Run the benchmarks and name those that failed; the exit code is how many."""
    failed = []
    for path in sorted(HERE.glob("bench_*.py")):
        print(f"\n## {path.stem.removeprefix('bench_')}\n", flush=True)
        takes_folder = "FOLDER" in (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
        command = [sys.executable, "-m", f"tests.benchmarks.{path.stem}"]
        if takes_folder:
            try:
                command.append(str(checked(given)))
            except OpenDataError as error:
                print(f"SKIPPED: {error}", flush=True)
                continue
        if subprocess.run(command, cwd=HERE.parents[1], check=False).returncode:
            failed.append(path.name)
    if failed:
        print(f"\nFAILED: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else named()))
