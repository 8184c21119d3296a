"""The peak memory of reading large JSON documents: `python -m tests.benchmarks.bench_json FOLDER [MEGABYTES]`.

Writes the question-and-answer rows of the real files in FOLDER again and again as one array of so many megabytes
(2,000), a row a line, all in one line, and as a list in an object. A process of its own plans and reads the shards of
each; another parts it with ijson, where that is installed. Prints a Markdown table. Memory is the most that the process
ever held.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path

LAYOUTS = {
    "an array, a row a line": (b"[\n", b",\n", b"\n]\n"),
    "an array in one line": (b"[", b", ", b"]"),
    "a list in an object": (b'{"version": 1, "data": [', b", ", b'], "by": "us"}'),
}
_MEASURED = """
import re, sys, time
from pathlib import Path
def seen(what, rows, started):
    peak = int(re.search(r"VmHWM:\\s*(\\d+) kB", Path("/proc/self/status").read_text())[1]) >> 10
    print(f"{what}|{rows}|{time.process_time() - started:.1f}|{peak}")
"""
_SAYSO = """
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
path, started = Path(sys.argv[1]), time.process_time()
shards = plan_shards(Source(name="bench", paths=(path.name,)), path.parent)
seen("planned", sum(shard.rows for shard in shards), started)
started = time.process_time()
seen("ingested", sum(ingest(shard).rows.height for shard in shards), started)
"""
_IJSON = """
try:
    import ijson
except ImportError:
    sys.exit()
started, prefix = time.process_time(), "data.item" if "object" in sys.argv[1] else "item"
with open(sys.argv[1], "rb") as stream:
    rows = sum(1 for _ in ijson.items(stream, prefix, use_float=True, buf_size=1 << 20))
seen(f"ijson ({ijson.backend})", rows, started)
"""


def main(folder: Path, megabytes: int) -> None:
    lines = [line.strip() for line in (folder / "gsm8k_train.jsonl").open("rb")]
    print("| document | MB | step | rows | CPU seconds | most memory, MiB |\n| --- | ---: | --- | ---: | ---: | ---: |")
    for title, (begin, between, end) in LAYOUTS.items():
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / f"{title.replace(' ', '-').replace(',', '')}.json"
            write(path, lines, megabytes * 10**6, begin, between, end)
            for program in (_SAYSO, _IJSON):
                work = [sys.executable, "-c", _MEASURED + program, str(path)]
                for line in subprocess.run(work, capture_output=True, text=True, check=True).stdout.splitlines():
                    step, rows, seconds, peak = line.split("|")
                    size = path.stat().st_size / 1e6
                    print(f"| {title} | {size:,.0f} | {step} | {int(rows):,} | {seconds} | {int(peak):,} |", flush=True)


def write(path: Path, rows: list[bytes], size: int, begin: bytes, between: bytes, end: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(begin)
        for number, row in enumerate(cycle(rows)):
            stream.write(between + row if number else row)
            if stream.tell() > size:
                break
        stream.write(end)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2_000)
