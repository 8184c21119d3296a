"""The engine: hands jobs out to Ray workers, a bounded number at a time, and hands their records back."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayActorError, RayTaskError

from sayso.manifests.errors import SaysoError
from sayso.manifests.lease import Claim, LeaseLost
from sayso.manifests.ledger import Ledger
from sayso.manifests.plugins import Plugin, installed_plugins
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.pipeline import signals
from sayso.pipeline.engine.exposure import exposure, loopback_only
from sayso.pipeline.engine.import_path import installed_only
from sayso.pipeline.engine.local_ray import LocalRay
from sayso.pipeline.engine.reachable import fault_of_address
from sayso.pipeline.recipe import Resources
from sayso.stages.jobs.code_version import source_version
from sayso.stages.jobs.job import Job, carry_out
from sayso.stages.sources.stores import SourceError
from sayso.stages.speech.weights.folder import environment as models_environment

# How often a job whose worker died (out of memory, killed, lost node) is given to another one.
RETRIES = 3
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


class JobFailed(SaysoError):
    """Raised when a job cannot be done; names the stage and the shard."""


class NoCluster(SaysoError):
    """Raised when Ray does not start, or there is none at the address that was given, or not the GPUs asked for."""


class Stalled(RuntimeWarning):
    """What the watchdog says when nothing has finished for a long time."""


class Exposed(RuntimeWarning):
    """What is said once of a cluster that does the work of whoever can reach it."""


class Worker:
    """A process that carries out one job after the other and keeps its models in memory between them."""

    def carry_out(self, root: str, claim: Claim | None, job: Job) -> Record:
        return carry_out(Ledger(root, claim), job)

    def source(self) -> tuple[str, tuple[Plugin, ...]]:
        return source_version(), installed_plugins()

    def where(self) -> str:
        return f"process {os.getpid()} on {socket.gethostname()}"


class Engine:
    """A Ray cluster to work on: one of its own on this machine, or the one at `address`.

    One process per worker and one thread per process: that is the fastest way to use the cores, and the
    reason that results do not depend on how many workers there are. Ray starts with the first job, for it takes
    seconds, and a run whose shards are all done, or whose recipe is wrong, has none.
    """

    def __init__(self, resources: Resources, address: str | None) -> None:
        self._resources = resources
        self._address = address
        self._pool: list[Any] = []
        self._starting: dict[Any, Any] = {}
        self._pool_gpus = 0.0
        self._local: LocalRay | None = None
        self._exposed: Exposed | None = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
            raise NoCluster(_no_work_at(self._address, said)) from error
        if told := exposure(self._address):
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
                f"Ray does not start on this machine ({_first_line(error)}); look into {logs}, "
                "then run the same command again"
            ) from error

    def run(
        self, ledger: Ledger, jobs: Sequence[Job], gpus: float
    ) -> Iterator[Record | DamagedShard | Stalled | Exposed]:
        """Carry out jobs on workers that have `gpus` GPUs each; yields each record as it comes, and what is to be told.

        Of a job that finds damaged what it should read, it yields that, and the others go on.

        What a job makes is committed to the ledger, under the ledger's claim. Raises JobFailed for the first job that
        cannot be done, or SourceError for a file that cannot be read; the others' work is kept. Raises NoCluster where
        there is nobody to carry them out, and LeaseLost where somebody else has taken over.
        """
        self._start_workers(gpus)
        if self._exposed:
            yield self._exposed
            self._exposed = None
        waiting, free = list(reversed(jobs)), list(self._pool)
        flying: dict[Any, tuple[Job, Any]] = {}
        heard = time.monotonic()
        while waiting or flying:
            while waiting and free:
                job, worker = waiting.pop(), free.pop()
                flying[worker.carry_out.remote(ledger.storage.root, ledger.claim, job)] = (job, worker)
            awaited = [*flying, *self._starting]
            ready, _ = ray.wait(awaited, num_returns=1, timeout=min(5.0, self._resources.stall_seconds))
            for reference in ready:
                heard = time.monotonic()
                if reference in self._starting:
                    free.append(self._started(reference))
                    continue
                job, worker = flying.pop(reference)
                free.append(worker)
                yield _result(reference, job)
            if time.monotonic() - heard > self._resources.stall_seconds:
                heard = time.monotonic()
                yield Stalled(self._stall_message(list(flying.values())))

    def _start_workers(self, gpus: float) -> None:
        """Ask for workers, which are kept from stage to stage as long as they need the same kind of machine.

        A worker gets jobs once it has started: a cluster may have room for fewer than are asked for, or get it later.
        """
        if self._pool_gpus != gpus:
            for worker in [*self._pool, *self._starting.values()]:
                ray.kill(worker)
            self._pool, self._starting = [], {}
        if self._pool or self._starting:
            return
        if not ray.is_initialized():
            self._start()
        there = ray.cluster_resources()
        if self._address in (None, "local") and there.get("GPU", 0) < gpus:
            raise NoCluster(
                f"resources.gpus_per_worker is {gpus:g}, and Ray sees {there.get('GPU', 0):g} GPU on this machine; "
                "set it to 0 to speak on the CPU, or name a cluster with --address"
            )
        count = self._resources.workers or max(1, int(there.get("CPU", 1)))
        # `where` must answer while a job is at work, so it has a thread of its own.
        options: dict[str, Any] = {
            "num_cpus": 1,
            "num_gpus": gpus,
            "max_restarts": -1,
            "max_task_retries": RETRIES,
            "concurrency_groups": {"watch": 1},
        }
        actor: Any = ray.remote(**options)(Worker)
        workers = [actor.remote() for _ in range(count)]
        self._starting = {worker.source.remote(): worker for worker in workers}
        self._pool_gpus = gpus

    def _started(self, reference: Any) -> Any:
        worker = self._starting.pop(reference)
        try:
            source, plugins = ray.get(reference)
        except RayActorError as error:
            raise JobFailed(f"a worker cannot start: {_first_line(error)}") from error
        if source != source_version():
            # Its work would be filed under the code of this machine.
            raise NoCluster(
                f"{_where(worker)} has another sayso than this machine; install the same version on all machines"
            )
        here = installed_plugins()
        if plugins != here:
            missing = [plugin for plugin in here if plugin not in plugins]
            other = (
                f"lacks {missing[0]} as it is"
                if missing
                else f"has {min(set(plugins) - {*here}, key=str)}, which is not"
            )
            raise NoCluster(f"{_where(worker)} {other} on this machine; install the same packages on all machines")
        self._pool.append(worker)
        return worker

    def _stall_message(self, flying: Sequence[tuple[Job, Any]]) -> str:
        silence = f"nothing has finished for {self._resources.stall_seconds:g} s"
        if not flying:
            there = ray.cluster_resources()
            return (
                f"{silence}: no worker has started, and each needs 1 CPU and {self._pool_gpus:g} GPU; the cluster has "
                f"{there.get('CPU', 0):g} CPU and {there.get('GPU', 0):g} GPU in all, which others may be using"
            )
        waits = [f"{job.key.stage}/{job.key.shard} ({_where(worker)})" for job, worker in flying]
        return f"{silence}; at work: {', '.join(waits)}"


def _no_work_at(address: str, said: str) -> str:
    return f"Ray cannot work at {address!r} ({said}); check --address and RAY_ADDRESS, or take --address local"


def _init(**options: Any) -> None:
    """Start or join Ray; a signal that ends the command does so as elsewhere, for Ray has a handler of its own."""
    try:
        with signals.keep_handlers():
            ray.init(**options)
    except SystemExit:
        signal.raise_signal(signal.SIGTERM)
        raise


def _where(worker: Any) -> str:
    try:
        answer: str = ray.get(worker.where.options(concurrency_group="watch").remote(), timeout=2)
    except (GetTimeoutError, RayActorError):
        return "its worker does not answer"
    return answer


def _result(reference: Any, job: Job) -> Record | DamagedShard:
    where = f"{job.key.stage}/{job.key.shard}"
    try:
        record: Record = ray.get(reference)
    except RayTaskError as error:
        cause = error.cause if isinstance(error.cause, Exception) else error
        if isinstance(cause, DamagedShard):
            return cause
        if isinstance(cause, SourceError | LeaseLost):
            # It says what to do; which job came upon it does not matter.
            raise cause from None
        raise JobFailed(f"{where}: {_first_line(cause)}") from cause
    except RayActorError as error:
        raise JobFailed(
            f"{where}: its worker died {RETRIES + 1} times; it may need more memory "
            "(lower resources.batch or resources.workers), then run the same command again"
        ) from error
    return record


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    # Errors of our own are sentences already; a foreign one needs its type to mean something.
    if isinstance(error, SaysoError):
        return text
    return f"{type(error).__name__}: {text.splitlines()[0] if text else ''}"
