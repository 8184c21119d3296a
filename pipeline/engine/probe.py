"""A process that judges some of a job's rows at a time, files nothing, and may come to its end at any of them.

The worker that starts it holds the other end of the connection, and sees by its end what the rows did to it. It imports
little itself, for it is started often.
"""

from __future__ import annotations

import ctypes
import pickle
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection

import polars as pl

from sayso.manifests.ledger import Ledger

PLACE = ("id", "source", "position")
# Of Linux: the signal that a process gets when the one that started it has ended.
_SET_SIGNAL_OF_ORPHANS = 1


def main() -> None:
    """Tell which rows there are, then judge those that are asked for, and say each time that it is still there."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_SIGNAL_OF_ORPHANS, signal.SIGKILL)
    worker = Connection(int(sys.argv[1]))
    root, claim, job = pickle.loads(worker.recv_bytes())
    ledger = Ledger(root, claim)
    try:
        rows = job.rows(ledger)
    except Exception as error:  # the worker raises it
        worker.send(error)
        return
    worker.send(rows.select(PLACE))
    with suppress(EOFError):
        while True:
            start, stop = pickle.loads(worker.recv_bytes())
            # What a row raises is for the job to say, and costs nobody a process.
            with suppress(Exception, pl.exceptions.PanicException):
                job.judge(ledger, rows[start:stop])
            worker.send(None)


if __name__ == "__main__":
    main()
