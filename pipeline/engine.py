"""The engine: hands jobs out to Ray workers, a bounded number at a time, and hands their records back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

import ray
from ray.exceptions import RayActorError, RayTaskError, WorkerCrashedError

from manifests.records import Record
from pipeline.jobs import Job, carry_out
from pipeline.recipe import Resources

# How often a job whose worker died (out of memory, killed, lost node) is given to another one.
RETRIES = 3
JOBS_PER_WORKER = 2
THREADS = {"OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


class JobFailed(RuntimeError):
    """Raised when a job cannot be done; names the stage and the shard."""


class Stalled(RuntimeWarning):
    """What the watchdog says when nothing has finished for a long time."""


class SpeechWorker:
    """A process that keeps speech models in memory from one shard to the next."""

    def carry_out(self, root: str, job: Job) -> Record:
        return carry_out(root, job)


class Engine:
    """A Ray cluster to work on: one of its own on this machine, or the one at `address`.

    One process per worker and one thread per process: that is the fastest way to use the cores, and the
    reason that results do not depend on how many workers there are.
    """

    def __init__(self, resources: Resources, address: str | None) -> None:
        self._resources = resources
        self._workers = resources.workers or os.cpu_count() or 1
        self._address = address

    def __enter__(self) -> Engine:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        options: dict[str, Any] = {"logging_level": "ERROR", "log_to_driver": False}
        options["runtime_env"] = {"env_vars": THREADS}
        if self._address is None:
            # Rows travel through files, so the object store holds little more than the jobs.
            options |= {
                "address": "local",
                "num_cpus": self._workers,
                "include_dashboard": False,
                "object_store_memory": 200 * 1024 * 1024,
            }
        else:
            options["address"] = self._address
        ray.init(**options)
        if self._address is not None and self._resources.workers is None:
            self._workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ray.shutdown()

    def run_tasks(self, root: str, jobs: Sequence[Job]) -> Iterator[Record | Stalled]:
        """Carry out jobs that keep nothing in memory; yields each record as it comes, and stalls.

        Raises JobFailed for the first job that cannot be done; the others' work is kept.
        """
        task = ray.remote(num_cpus=1, max_retries=RETRIES)(carry_out)
        slots = [task.remote] * (self._workers * JOBS_PER_WORKER)
        yield from self._drain(root, jobs, slots)

    def run_speech(self, root: str, jobs: Sequence[Job]) -> Iterator[Record | Stalled]:
        """Carry out speech jobs on workers that keep their models loaded; yields as `run_tasks` does."""
        actor: Any = ray.remote(
            num_cpus=1,
            num_gpus=self._resources.gpus_per_worker,
            max_restarts=RETRIES * max(1, len(jobs)),
            max_task_retries=RETRIES,
        )(SpeechWorker)
        workers = [actor.remote() for _ in range(min(self._workers, len(jobs)))]
        try:
            yield from self._drain(root, jobs, [worker.carry_out.remote for worker in workers])
        finally:
            for worker in workers:
                ray.kill(worker)

    def _drain(self, root: str, jobs: Sequence[Job], slots: Sequence[Any]) -> Iterator[Record | Stalled]:
        waiting, free = list(reversed(jobs)), list(slots)
        flying: dict[Any, tuple[Job, Any]] = {}
        heard = time.monotonic()
        while waiting or flying:
            while waiting and free:
                job, slot = waiting.pop(), free.pop()
                flying[slot(root, job)] = (job, slot)
            ready, _ = ray.wait(list(flying), num_returns=1, timeout=min(5.0, self._resources.stall_seconds))
            for reference in ready:
                job, slot = flying.pop(reference)
                free.append(slot)
                heard = time.monotonic()
                yield _result(reference, job)
            if time.monotonic() - heard > self._resources.stall_seconds:
                heard = time.monotonic()
                yield Stalled(self._stall_message([job for job, _ in flying.values()]))

    def _stall_message(self, jobs: Sequence[Job]) -> str:
        shards = ", ".join(f"{job.key.stage}/{job.key.shard}" for job in jobs)
        return f"nothing has finished for {self._resources.stall_seconds:g} s; waiting for {shards} ({_where()})"


def _where() -> str:
    """The processes that work on jobs now, by host, as far as the cluster can tell."""
    try:
        from ray.util.state import list_workers

        busy = [worker for worker in list_workers(limit=1_000) if worker.worker_type == "WORKER" and worker.is_alive]
        return "workers: " + ", ".join(f"pid {worker.pid} on {worker.ip}" for worker in busy)
    except Exception:
        # The state service is part of the dashboard, which a local cluster runs without.
        return f"on {len(ray.nodes())} node(s)"


def _result(reference: Any, job: Job) -> Record:
    where = f"{job.key.stage}/{job.key.shard}"
    try:
        record: Record = ray.get(reference)
    except RayTaskError as error:
        cause = error.cause if isinstance(error.cause, Exception) else error
        raise JobFailed(f"{where}: {_first_line(cause)}") from cause
    except (WorkerCrashedError, RayActorError) as error:
        raise JobFailed(
            f"{where}: its worker died {RETRIES + 1} times; it may need more memory "
            "(lower resources.batch or resources.workers), then run the same command again"
        ) from error
    return record


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    name = type(error).__name__
    # Errors of our own classes are sentences already; a foreign one needs its type to mean something.
    known = type(error).__module__.split(".")[0] in ("manifests", "stages", "filters", "pipeline")
    return text if known else f"{name}: {text.splitlines()[0] if text else ''}"
