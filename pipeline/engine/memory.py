"""The memory of this machine, or of the container that this process is in, and who uses it; Linux tells in /proc."""

from __future__ import annotations

import os
import re
from pathlib import Path

# Of the memory, so little is left that something is ended for want of it any moment.
SHORT = 0.08


def is_used_up_by(process: int) -> bool:
    """Whether hardly any memory is left and this process has more than half of all; False where nothing is told."""
    total, left = _total_and_left()
    return left < SHORT * total and _resident(process) > total / 2


def total() -> int:
    """Bytes in all."""
    return _total_and_left()[0]


def ended_for_memory() -> int:
    """How many processes the kernel has ended for want of memory, since it started."""
    found = re.search(r"^oom_kill (\d+)$", _text("/proc/vmstat"), re.MULTILINE)
    return int(found[1]) if found else 0


def _total_and_left() -> tuple[int, int]:
    told = dict(re.findall(r"^(\w+): +(\d+) kB$", _text("/proc/meminfo"), re.MULTILINE))
    total = int(told.get("MemTotal", 0)) << 10
    left = int(told.get("MemAvailable", total)) << 10
    most, used = (_text(f"/sys/fs/cgroup/memory.{name}").strip() for name in ("max", "current"))
    if most.isdigit() and used.isdigit() and int(most) < total:
        cached = re.search(r"^inactive_file (\d+)$", _text("/sys/fs/cgroup/memory.stat"), re.MULTILINE)
        total = int(most)
        left = min(left, total - int(used) + int(cached[1] if cached else 0))
    return total, left


def most_used_by(process: int) -> int:
    """The most bytes that a process has had so far; 0 where nothing is told."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", _text(f"/proc/{process}/status"), re.MULTILINE)
    return int(found[1]) << 10 if found else 0


def _resident(process: int) -> int:
    pages = _text(f"/proc/{process}/statm").split()
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") if len(pages) > 1 else 0


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""
