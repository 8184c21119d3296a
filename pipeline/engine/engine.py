"""The engine: a Ray of its own on this machine, or a cluster, and jobs carried out on its workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

import ray

from sayso.manifests.errors import SaysoError
from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.pipeline import signals
from sayso.pipeline.engine.dispatch import Dispatch, Stalled
from sayso.pipeline.engine.exposure import exposure, loopback_only
from sayso.pipeline.engine.head import ClusterGone
from sayso.pipeline.engine.import_path import installed_only
from sayso.pipeline.engine.local_ray import LocalRay
from sayso.pipeline.engine.reachable import fault_of_address, fault_of_scheme
from sayso.pipeline.engine.workers import NoWorker, WorkerPool, first_line
from sayso.pipeline.recipe import Resources
from sayso.pipeline.submitted_job import with_environment_of_job
from sayso.stages.jobs.job import Job
from sayso.stages.speech.weights.folder import environment as models_environment

THREADS = {
    "OMP_NUM_THREADS": "1",
    "POLARS_MAX_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
# A worker asks for the same big blocks again and again. Kept, they need not be given back and zeroed each time.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1",
}


class NoCluster(SaysoError):
    """Raised when Ray does not start, or there is none at the address that was given, or not the GPUs asked for."""


class Exposed(RuntimeWarning):
    """What is said once of a cluster that does the work of whoever can reach it."""


class Engine:
    """A Ray cluster to work on: one of its own on this machine, or the one at `address`.

    One process per worker and one thread per process: that is the fastest way to use the cores, and the
    reason that results do not depend on how many workers there are. Ray starts with the first job, for it takes
    seconds, and a run whose shards are all done, or whose recipe is wrong, has none.
    """

    def __init__(self, resources: Resources, address: str | None) -> None:
        """Raises NoCluster for an address at which no run can work, whatever is there."""
        if address and (fault := fault_of_scheme(address)):
            raise NoCluster(f"sayso cannot work at {address!r}, by --address or RAY_ADDRESS: {fault}")
        self._resources = resources
        self._address = address
        self._pool: WorkerPool | None = None
        self._local: LocalRay | None = None
        self._exposed: Exposed | None = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, ClusterGone):
            # Else Ray would wait for the head, and end this process before it has said why.
            ray.shutdown()
        if self._local:
            self._local.close()

    def _start(self) -> None:
        options: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False, "job_config": installed_only()}
        options["runtime_env"] = {"env_vars": {**THREADS, **MEMORY, **models_environment()}}
        if self._address is None or self._address == "local":
            self._start_here(options)
            return
        if fault := fault_of_address(self._address):
            raise NoCluster(_no_work_at(self._address, fault))
        try:
            _init(address=self._address, **options)
        except Exception as error:  # Ray's errors have no base in common
            # Where it is another version than here, the lines after the first say which.
            said = " ".join(f"{type(error).__name__}: {error}".split())
            if isinstance(error, ConnectionError):
                # Ray says the same of one that asks for a token, and got none, or another.
                said += "; a cluster that asks for a token gets it by RAY_AUTH_MODE=token and RAY_AUTH_TOKEN_PATH"
            raise NoCluster(_no_work_at(self._address, said)) from error
        if told := exposure(ray.get_runtime_context().gcs_address):
            self._exposed = Exposed(told)

    def _start_here(self, options: dict[str, Any]) -> None:
        """Start a Ray on this machine that ends with this process."""
        try:
            self._local = LocalRay()
        except OSError as error:
            raise NoCluster(f"Ray has no place for its files ({error}); name a folder with RAY_TMPDIR") from error
        # Rows travel through files, so the object store holds little more than the jobs.
        options |= {
            "num_cpus": self._resources.workers or os.cpu_count() or 1,
            "include_dashboard": False,
            "object_store_memory": 200 * 1024 * 1024,
        }
        try:
            with loopback_only():
                _init(address="local", _temp_dir=self._local.files, **options)
        except Exception as error:  # Ray's errors have no base in common
            ray.shutdown()
            logs, self._local = self._local.close_and_keep_logs(), None
            raise NoCluster(
                f"Ray does not start on this machine ({first_line(error)}); look into {logs}, "
                "then run the same command again"
            ) from error

    def run(
        self, ledger: Ledger, jobs: Sequence[Job], gpus: float
    ) -> Iterator[Record | DamagedShard | Stalled | Exposed]:
        """Carry out jobs on workers that have `gpus` GPUs each; yields each record as it comes, and what is to be told.

        Of a job that finds damaged what it should read, it yields that, and the others go on. A job whose worker died
        or fell silent goes to another, when no other job waits, unless its record is there by then. Where workers die
        at a job again and again, rows that are the cause are found and left out of it.

        What a job makes is committed to the ledger, under the ledger's claim. Raises JobFailed for the first job that
        cannot be done, or SourceError for a file that cannot be read; the others' work is kept. Raises NoCluster where
        there is nobody to carry them out, and LeaseLost where somebody else has taken over.
        """
        pool = self._pool_for(gpus)
        if self._exposed:
            yield self._exposed
            self._exposed = None
        try:
            yield from Dispatch(pool, ledger, jobs, self._resources).answers()
        except NoWorker as fault:
            raise NoCluster(str(fault)) from fault

    def _pool_for(self, gpus: float) -> WorkerPool:
        """Workers are kept from stage to stage as long as they need the same kind of machine."""
        if self._pool and self._pool.gpus == gpus:
            return self._pool
        if self._pool:
            self._pool.end()
        if not ray.is_initialized():
            self._start()
        there = ray.cluster_resources()
        if self._address in (None, "local") and there.get("GPU", 0) < gpus:
            raise NoCluster(
                f"resources.gpus_per_worker is {gpus:g}, and Ray sees {there.get('GPU', 0):g} GPU on this machine; "
                "set it to 0 to speak on the CPU, or name a cluster with --address"
            )
        self._pool = WorkerPool(self._resources.workers or max(1, int(there.get("CPU", 1))), gpus)
        return self._pool


def _no_work_at(address: str, said: str) -> str:
    return f"Ray cannot work at {address!r} ({said}); check --address and RAY_ADDRESS, or take --address local"


def _init(**options: Any) -> None:
    """Start or join Ray; a signal that ends the command does so as elsewhere, for Ray has a handler of its own."""
    try:
        with signals.keep_handlers(), with_environment_of_job():
            ray.init(**options)
    except SystemExit:
        signal.raise_signal(signal.SIGTERM)
        raise
