"""Runs all benchmarks, one after the other: `python -m tests.benchmarks [FOLDER]`.

A benchmark is a file bench_*.py of this folder that prints a Markdown table. One whose docstring gives FOLDER as its
argument measures on real instruction files: those of FOLDER, or of shared/data beside the project's root. Where there
are none it is skipped, loudly.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SHARED = HERE.parents[1].parent / "shared" / "data"


def main(folder: Path) -> int:
    """Run the benchmarks and name those that failed; the exit code is how many."""
    failed = []
    for path in sorted(HERE.glob("bench_*.py")):
        print(f"\n## {path.stem.removeprefix('bench_')}\n", flush=True)
        takes_folder = "FOLDER" in (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
        if takes_folder and not folder.is_dir():
            print(f"SKIPPED: there is no {folder}; give a folder of instruction files", flush=True)
            continue
        command = [sys.executable, "-m", f"tests.benchmarks.{path.stem}", *([str(folder)] if takes_folder else [])]
        if subprocess.run(command, cwd=HERE.parents[1], check=False).returncode:
            failed.append(path.name)
    if failed:
        print(f"\nFAILED: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else SHARED))
