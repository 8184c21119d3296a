"""The engine: a Ray of its own on this machine, or a cluster, and jobs carried out on its workers."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import ray

from sayso.manifests.errors import SaysoError
from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import Record
from sayso.pipeline import signals
from sayso.pipeline.engine.dispatch import Dispatch, Stalled
from sayso.pipeline.engine.door import Installed
from sayso.pipeline.engine.exposure import exposure, loopback_only
from sayso.pipeline.engine.head import ClusterGone, Head
from sayso.pipeline.engine.import_path import installed_only
from sayso.pipeline.engine.lane import Lane
from sayso.pipeline.engine.local_ray import LocalRay
from sayso.pipeline.engine.machines import GIB, Machines, WorkerKind
from sayso.pipeline.engine.pool import NoWorker, WorkerPool, all_at_once, as_needed
from sayso.pipeline.engine.queue import JobQueue
from sayso.pipeline.engine.reachable import fault_of_address, fault_of_scheme
from sayso.pipeline.engine.workers import first_line
from sayso.pipeline.resources import PoolName, Resources
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

    def __init__(self, resources: Resources, address: str | None, speaks_on_gpu: bool = False) -> None:
        """`speaks_on_gpu`: whether the models of speech are on one, which its workers must find then.

        Raises NoCluster for an address at which no run can work, whatever is there.
        """
        if address and (fault := fault_of_scheme(address)):
            raise NoCluster(f"sayso cannot work at {address!r}, by --address or RAY_ADDRESS: {fault}")
        self._resources = resources
        self._address = address
        self._speaks_on_gpu = speaks_on_gpu
        self._pools: dict[WorkerKind, WorkerPool] = {}
        self._machines = Machines()
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
            "num_cpus": max(self._cpus_here("text"), self._cpus_here("speech")),
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

    def _cpus_here(self, pool: PoolName) -> int:
        """How many processors this machine is to offer to a pool; where the recipe asks for more workers, more."""
        kind = WorkerKind.of(pool, self._resources)
        return math.ceil(kind.most * kind.cpus) if kind.most else os.cpu_count() or 1

    def run(
        self, ledger: Ledger, jobs: Sequence[Job], pool: PoolName
    ) -> Iterator[Record | DamagedShard | Stalled | Exposed]:
        """The same as `work_off` for jobs that are all there, on the workers of one pool."""
        return self.work_off(ledger, [JobQueue(pool, jobs)])

    def work_off(
        self, ledger: Ledger, queues: Sequence[JobQueue]
    ) -> Iterator[Record | DamagedShard | Stalled | Exposed]:
        """Carry out jobs on the workers of their pools; yields each record as it comes, and what is to be told.

        Queues of one kind of workers take turns, in their order. Others are worked off at the same time where workers
        have GPUs, whose room nobody else takes; who speaks on processors begins when text is over.

        Of a job that finds damaged what it should read, it yields that, and the others go on. A job whose worker died
        or fell silent goes to another, when no other job waits, unless its record is there by then. Where workers die
        at a job again and again, rows that are the cause are found and left out of it.

        What a job makes is committed to the ledger, under the ledger's claim. Raises JobFailed for the first job that
        cannot be done, or SourceError for a file that cannot be read; the others' work is kept. Raises NoCluster where
        there is nobody to carry them out, and LeaseLost where somebody else has taken over.
        """
        by_kind: dict[WorkerKind, list[JobQueue]] = {}
        for queue in queues:
            by_kind.setdefault(WorkerKind.of(queue.pool, self._resources), []).append(queue)
        at_once = [[*by_kind]] if any(kind.gpus for kind in by_kind) else [[kind] for kind in by_kind]
        for kinds in at_once:
            yield from self._work_off(ledger, {kind: by_kind[kind] for kind in kinds})

    def _work_off(
        self, ledger: Ledger, queues: Mapping[WorkerKind, Sequence[JobQueue]]
    ) -> Iterator[Record | DamagedShard | Stalled | Exposed]:
        names = {kind: of_kind[0].pool for kind, of_kind in queues.items()}
        pools = self._pools_of(names)
        if self._exposed:
            yield self._exposed
            self._exposed = None
        for kind, name in names.items():
            if fault := self._machines.fault_of_label(kind):
                yield Stalled(f"workers of resources.{name} wait for a machine: {fault}")
        try:
            head = Head.of_this_ray()
            # Those with GPUs first, so that they have their room before the others fill it.
            kinds = sorted(queues, key=lambda kind: -kind.gpus)
            lanes = [Lane(pools[kind], queues[kind], ledger, head) for kind in kinds]
            yield from Dispatch(lanes, head, self._resources).answers()
        except NoWorker as fault_of_workers:
            raise NoCluster(str(fault_of_workers)) from fault_of_workers

    def _pools_of(self, names: Mapping[WorkerKind, PoolName]) -> dict[WorkerKind, WorkerPool]:
        """The pools of these kinds. Workers are kept from stage to stage as long as they are of the same kind."""
        for kind in [kind for kind in self._pools if kind not in names]:
            self._pools.pop(kind).end()
        if not ray.is_initialized():
            self._start()
        for kind, name in names.items():
            if kind not in self._pools:
                self._pools[kind] = self._new_pool(name, kind)
        with_gpus = next((kind for kind in names if kind.gpus), None)
        for kind, pool in self._pools.items():
            pool.leave_room_for(with_gpus if kind != with_gpus else None)
        return self._pools

    def _new_pool(self, name: PoolName, kind: WorkerKind) -> WorkerPool:
        if self._address in (None, "local"):
            self._check_room_here(name, kind)
            count = all_at_once(kind, self._machines)
        else:
            count = as_needed(kind, self._machines)
        return WorkerPool(kind, self._machines, count, Installed.here(name), self._speaks_on_gpu)

    def _check_room_here(self, name: PoolName, kind: WorkerKind) -> None:
        """Raises NoCluster where this machine has no room for a worker."""
        if fault := self._machines.fault_of_label(kind):
            raise NoCluster(f"resources.{name}.label: {fault}; leave it out on this machine")
        if self._machines.room(kind):
            return
        there = ray.cluster_resources()
        raise NoCluster(
            f"a worker of resources.{name} needs {kind}, and Ray sees {there.get('CPU', 0):g} CPU, "
            f"{there.get('GPU', 0):g} GPU and {there.get('memory', 0) / GIB:.1f} GiB on this machine; ask for less, "
            "which for speech on a CPU is `gpus: 0`, or name a cluster with --address"
        )


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
