"""The memory of this machine, or of the container that this process is in, and who uses it; Linux tells in /proc."""

from __future__ import annotations

from pathlib import Path

# Of the memory, so little is left that something is ended for want of it any moment.
SHORT = 0.08


def is_used_up_by(process: int) -> bool:
    """Whether hardly any memory is left and this process has more than half of all; False where nothing is told."""
    total, left = _total_and_left()
    return left < SHORT * total and _of_process(process).get("VmRSS:", 0) << 10 > total / 2


def total_memory() -> int:
    """Bytes in all."""
    return _total_and_left()[0]


def ended_for_memory() -> int:
    """How many processes the kernel has ended for want of memory, since it started."""
    return _numbers("/proc/vmstat").get("oom_kill", 0)


def most_used_by(process: int) -> int:
    """The most bytes that a process has had so far; 0 where nothing is told."""
    return _of_process(process).get("VmHWM:", 0) << 10


def _of_process(process: int) -> dict[str, int]:
    return _numbers(f"/proc/{process}/status")


def _total_and_left() -> tuple[int, int]:
    of_machine = _numbers("/proc/meminfo")
    total = of_machine.get("MemTotal:", 0) << 10
    left = of_machine.get("MemAvailable:", 0) << 10
    most, used = (_text(f"/sys/fs/cgroup/memory.{name}").strip() for name in ("max", "current"))
    if most.isdigit() and used.isdigit() and int(most) < total:
        cached = _numbers("/sys/fs/cgroup/memory.stat").get("inactive_file", 0)
        total, left = int(most), min(left, int(most) - int(used) + cached)
    return total, left


def _numbers(path: str) -> dict[str, int]:
    """The first word of each line of a file, and the number after it."""
    lines = (line.split(maxsplit=2) for line in _text(path).splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
