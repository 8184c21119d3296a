"""The folder of a local Ray, and a process beside it that ends Ray with its driver."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sayso.pipeline.engine import reaper


class LocalRay:
    """A folder that nobody else may look into, for the sockets and logs of a Ray that lives as long as this process.

    However this process ends, by SIGKILL, too, what Ray has started is ended within seconds, and the folder is
    removed. Ray by itself leaves two processes for minutes.
    """

    def __init__(self) -> None:
        # Where Ray itself would make one, for sockets want a short path and spilled objects room.
        place = os.environ.get("RAY_TMPDIR", tempfile.gettempdir())
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="sayso-", dir=place))
        # Ray opens the folder that it is given to everybody, so it gets one that nobody else comes to.
        self.files = f"{self.folder}/r"
        command = [sys.executable, "-I", "-S", str(Path(reaper.__file__).resolve()), self.folder]
        # In a session of its own, so that no Ctrl-C and no closed terminal ends it before Ray.
        self._reaper = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close(self) -> None:
        """End what is left of Ray and remove its folder."""
        self._close(b"")

    def close_and_keep_logs(self) -> str:
        """End what is left of Ray. Returns the folder of its logs."""
        self._close(reaper.KEEP)
        return f"{self.files}/session_latest/logs"

    def _close(self, last_word: bytes) -> None:
        self._reaper.communicate(last_word)
