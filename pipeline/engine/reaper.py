"""Ends the processes of a local Ray whose driver is gone, however it went, and removes the folder that they used.

The driver starts this file as a process of its own and holds the other end of its input, which ends with the driver.
Only the standard library is imported, so that it is small and there before Ray is.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
import time
from pathlib import Path

KEEP = b"keep"
# A process may be born while the others are ended; after this time what still shows up is left alone.
SECONDS = 10.0


def reap(folder: str, spared: set[int]) -> None:
    """End every process of this user, but those spared, that has a file below `folder` open for writing."""
    deadline = time.monotonic() + SECONDS
    while (found := _writers(folder) - spared) and time.monotonic() < deadline:
        for process in found:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.1)


def _writers(folder: str) -> set[int]:
    """Processes that write below a folder; none where the system does not tell, as Linux does in /proc."""
    processes = (int(entry.name) for entry in Path("/proc").glob("[0-9]*"))
    return {process for process in processes if _writes(process, folder)}


def _writes(process: int, folder: str) -> bool:
    try:
        with os.scandir(f"/proc/{process}/fd") as opened:
            return any(_is_written(entry, folder) for entry in opened)
    except OSError:
        # It has ended, or is somebody else's.
        return False


def _is_written(opened: os.DirEntry[str], folder: str) -> bool:
    try:
        # Reading a log is no reason to be ended. The link may be written when the file may.
        writes = opened.stat(follow_symlinks=False).st_mode & stat.S_IWUSR
        return bool(writes) and os.fspath(Path(opened.path).readlink()).startswith(f"{folder}/")
    except OSError:
        return False


if __name__ == "__main__":
    # The driver writes there, too, and may only have let go of Ray.
    driver = os.getppid()
    last_word = sys.stdin.buffer.read()
    reap(sys.argv[1], {driver})
    if last_word != KEEP:
        shutil.rmtree(Path(sys.argv[1]), ignore_errors=True)
