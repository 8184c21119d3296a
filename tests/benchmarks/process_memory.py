"""The memory and CPU time of a command and of everything it starts, read from /proc while it runs (Linux)."""

from __future__ import annotations

import os
import subprocess
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
# Inherited by whatever the command starts, so that a daemon that has lost its parent is still known as its own.
MARK = "SAYSO_BENCHMARK"
EVERY = 2.0


@dataclass(frozen=True)
class Sample:
    """Memory of all processes together at one moment: `at` in seconds since the start, `rss` and `pss` in bytes.

    Memory that several processes share is counted once for each of them in `rss`, and once in all in `pss`.
    """

    at: float
    rss: int
    pss: int
    processes: int


@dataclass
class Watched:
    """What was seen of a command: its exit code, when it wrote which lines, and its memory from start to end."""

    code: int
    seconds: float
    cpu_seconds: float
    output: str
    lines: list[tuple[float, str]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    def peak(self, measure: str, start: float = 0.0, end: float = float("inf")) -> int:
        """The most `rss` or `pss` between two moments; 0 where no sample was taken."""
        return max((getattr(sample, measure) for sample in self.samples if start <= sample.at <= end), default=0)


def watch(command: Sequence[str], environment: Mapping[str, str]) -> Watched:
    """Run a command to its end; `lines` are those of its stderr with the second each came in."""
    mark = uuid.uuid4().hex
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        env={**environment, MARK: mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    lines: list[tuple[float, str]] = []
    output: list[str] = []

    def read_lines(stream: IO[str]) -> None:
        for line in stream:
            lines.append((time.monotonic() - began, line.rstrip("\n")))

    readers = [
        threading.Thread(target=read_lines, args=(process.stderr,)),
        threading.Thread(target=lambda: output.append(process.stdout.read())),
    ]
    for reader in readers:
        reader.start()
    family, samples = _Family(process.pid, mark), []
    while process.poll() is None:
        family.look()
        samples.append(family.sample(time.monotonic() - began))
        time.sleep(EVERY)
    seconds = time.monotonic() - began
    for reader in readers:
        reader.join()
    return Watched(process.returncode, seconds, family.cpu_seconds(), "".join(output), lines, samples)


class _Family:
    """The processes that belong to a command."""

    def __init__(self, first: int, mark: str) -> None:
        self._mark = f"{MARK}={mark}".encode()
        self._members = {first}
        self._strangers: set[int] = set()
        self._cpu: dict[int, float] = {}

    def look(self) -> None:
        """Find who belongs now: the descendants of the command, and those that carry its mark."""
        alive = {int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()}
        # Numbers are given out anew once their process is gone.
        self._members &= alive
        self._strangers &= alive
        parents = {number: int(fields[1]) for number in alive - self._strangers if (fields := self._stat(number))}
        for number in sorted(parents.keys() - self._members):
            belongs = parents[number] in self._members or self._mark in _read(number, "environ").split(b"\0")
            (self._members if belongs else self._strangers).add(number)

    def _stat(self, number: int) -> list[str]:
        """The fields of /proc/NUMBER/stat from the state (field 3) on; none where the process is gone."""
        fields = _read(number, "stat").decode(errors="replace").rpartition(")")[2].split()
        if fields and number in self._members:
            self._cpu[number] = (int(fields[11]) + int(fields[12])) / TICKS
        return fields

    def sample(self, at: float) -> Sample:
        """The memory of those found by the last look."""
        rss = pss = 0
        for number in self._members:
            for line in _read(number, "smaps_rollup").splitlines():
                if line.startswith(b"Rss:"):
                    rss += int(line.split()[1]) * 1024
                elif line.startswith(b"Pss:"):
                    pss += int(line.split()[1]) * 1024
        return Sample(at, rss, pss, len(self._members))

    def cpu_seconds(self) -> float:
        """User and system time of all that ever belonged, each as last seen."""
        return sum(self._cpu.values())


def _read(number: int, name: str) -> bytes:
    try:
        return (PROC / str(number) / name).read_bytes()
    except OSError:
        return b""
