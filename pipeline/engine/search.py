"""The search for rows of a job that end the process they are in: its rows are divided until each stands alone.

Parts are judged in processes of their own, so the worker outlives what it looks for and sees by which signal and at how
much memory they ended. Nothing is filed.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe

import polars as pl
from ray import cloudpickle

from sayso.manifests.errors import SaysoError
from sayso.manifests.killing_rows import Kill
from sayso.manifests.lease import Claim
from sayso.pipeline.engine import memory
from sayso.stages.jobs.job import RowsJob

# Into how many parts rows are divided: the fewer times, the fewer processes end.
PARTS = 16
# Of so many rows that each end a process, none is the cause.
MOST_ROWS = 20
# How often processes may be ended for the memory that others use, one after the other.
SHORTAGES = 3
# Seconds between two looks at the memory.
INTERVAL = 0.1


class NotTheRows(SaysoError):
    """Raised where processes end and no row is the cause; says what is."""


@dataclass(frozen=True)
class Suspect:
    """A row that ended a process when it was alone in it."""

    id: str
    position: str
    kill: Kill


class _Ended(Exception):
    """Raised where a process ends; `by_row` is False where it was ended for the memory that others use."""

    def __init__(self, kill: Kill, by_row: bool) -> None:
        super().__init__(kill.how)
        self.kill, self.by_row = kill, by_row


def find_suspects(root: str, claim: Claim | None, job: RowsJob) -> list[Suspect]:
    """Every row of the job that ends a process by itself, in order. Raises NotTheRows, or what reading rows raises."""
    searched = _Searched(root, claim, job)
    suspects: list[Suspect] = []
    # What ends without a row does not end because of one.
    waiting = [(0, 0), *_divide(0, searched.places.height)]
    while waiting:
        start, stop = waiting.pop(0)
        kill = searched.judge(start, stop)
        if kill is None:
            continue
        if start == stop:
            raise NotTheRows(f"on {kill.host} a process ends ({kill.how}) without any row of it; look at what is there")
        if stop - start > 1:
            waiting[:0] = _divide(start, stop)
            continue
        row_id, _, position = searched.places.row(start)
        suspects.append(Suspect(row_id, position, kill))
        if len(suspects) > MOST_ROWS:
            raise NotTheRows(
                f"on {kill.host} more than {MOST_ROWS} rows of it end a process each, such as {position} ({kill.how}), "
                "so it is no row that is the cause; look at what is installed there"
            )
    searched.close()
    return suspects


def confirm_suspects(root: str, claim: Claim | None, job: RowsJob, suspects: Sequence[Suspect]) -> list[Suspect]:
    """Those of the suspects that end a process again when they are alone in it, with what was seen this time."""
    searched = _Searched(root, claim, job)
    numbers = {row_id: number for number, row_id in enumerate(searched.places["id"])}
    found = []
    for suspect in suspects:
        number = numbers[suspect.id]
        if kill := searched.judge(number, number + 1):
            found.append(Suspect(suspect.id, suspect.position, kill))
    searched.close()
    return found


def _divide(start: int, stop: int) -> list[tuple[int, int]]:
    step = max(1, -(-(stop - start) // PARTS))
    return [(first, min(first + step, stop)) for first in range(start, stop, step)]


class _Searched:
    """A job whose rows are judged in processes, a new one after each that ended. `places`: where its rows stand."""

    def __init__(self, root: str, claim: Claim | None, job: RowsJob) -> None:
        self._asked = (root, claim, job)
        self._probe: _Probe | None = None
        self.places = self._started().places

    def judge(self, start: int, stop: int) -> Kill | None:
        """How the process ended that judged these rows, None where it did not. Raises NotTheRows for want of memory."""
        for _ in range(SHORTAGES):
            try:
                self._started().judge(start, stop)
            except _Ended as ended:
                self._probe = None
                if ended.by_row:
                    return ended.kill
                host = ended.kill.host
            else:
                return None
        raise NotTheRows(f"{host} is short of memory, which others use; see that there is more, then run it again")

    def close(self) -> None:
        """End the process that is left."""
        if self._probe:
            self._probe.close()

    def _started(self) -> _Probe:
        try:
            self._probe = self._probe or _Probe(*self._asked)
        except _Ended as ended:
            host, how = ended.kill.host, ended.kill.how
            raise NotTheRows(f"on {host} a process ends ({how}) as it reads its rows; look at what is there") from None
        return self._probe


class _Probe:
    """One process that judges parts of a job's rows."""

    def __init__(self, root: str, claim: Claim | None, job: RowsJob) -> None:
        self._ended_for_memory, self._seen = memory.ended_for_memory(), 0
        self._connection, theirs = Pipe()
        # What it imports is installed, as for the worker; nothing lies in its working directory.
        command = [sys.executable, "-P", "-m", "sayso.pipeline.engine.probe", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        found = self._answer(cloudpickle.dumps((root, claim, job)))
        if isinstance(found, Exception):
            self.close()
            raise found
        assert isinstance(found, pl.DataFrame)
        self.places = found

    def judge(self, start: int, stop: int) -> None:
        """Raises _Ended where the process does not live through it."""
        self._answer(cloudpickle.dumps((start, stop)))

    def close(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _answer(self, question: bytes) -> object:
        took_all = False
        self._seen = max(self._seen, memory.most_used_by(self._process.pid))
        # It may have ended since the last answer, and a connection may break off in either of two ways.
        with suppress(EOFError, OSError):
            self._connection.send_bytes(question)
            while not self._connection.poll(INTERVAL):
                self._seen = max(self._seen, memory.most_used_by(self._process.pid))
                # The kernel, or Ray, would look for somebody to end who may be anybody.
                if memory.is_used_up_by(self._process.pid):
                    self._process.kill()
                    took_all = True
            return self._connection.recv()
        raise self._end(took_all)

    def _end(self, took_all: bool) -> _Ended:
        self._connection.close()
        _, status, used = os.wait4(self._process.pid, 0)
        code = self._process.returncode = os.waitstatus_to_exitcode(status)
        # Linux counts kibibytes here, and those of this process before the other became itself.
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = used.ru_maxrss << 10 if used.ru_maxrss > own else self._seen
        kill = Kill(
            how="out of memory" if took_all else _name(code),
            mebibytes=size >> 20,
            host=socket.gethostname(),
            process=self._process.pid,
        )
        was_ended = code == -signal.SIGKILL and memory.ended_for_memory() > self._ended_for_memory
        return _Ended(kill, took_all or not was_ended or size > memory.total_memory() / 2)


def _name(code: int) -> str:
    """What is said of an exit code: the signal, where there was one."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
