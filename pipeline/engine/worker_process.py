"""What runs in the process of a worker.

Ray takes this file along to every machine, so that one without sayso, or with another, can say so itself. Nothing of
sayso is imported before somebody has asked for it.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import ray

if TYPE_CHECKING:
    from sayso.manifests.killing_rows import KillingRow
    from sayso.manifests.lease import Claim
    from sayso.manifests.records import Record
    from sayso.pipeline.engine.search import Suspect
    from sayso.stages.jobs.job import Job, RowsJob


class WorkerProcess:
    """A process that keeps its models in memory from job to job."""

    def introduce(
        self, root: str, claim: Mapping[str, str] | None, packages: Sequence[str], looks_for_gpu: bool
    ) -> dict[str, Any]:
        """The fields of an `Introduction`, in types of Python's own."""
        answer: dict[str, Any] = {
            "host": socket.gethostname(),
            "process": os.getpid(),
            "node": ray.get_runtime_context().get_node_id(),
        }
        try:
            installed = what_is_installed(packages)
        except Exception as error:  # of a package that is missing, broken or of another time
            return {**answer, "cannot_import": _said(error)}
        if looks_for_gpu:
            answer["gpu"] = _gpu()
        return {**answer, "installed": installed, "cannot_use": _fault_of_folder(root, claim)}

    def carry_out(
        self, root: str, claim: Claim | None, group: Sequence[tuple[Job, Sequence[KillingRow]]]
    ) -> list[Record]:
        from sayso.manifests.ledger import Ledger
        from sayso.pipeline.engine.groups import carry_out_group

        return carry_out_group(Ledger(root, claim), group)

    def find_suspects(self, root: str, claim: Claim | None, job: RowsJob) -> list[Suspect]:
        from sayso.pipeline.engine.search import find_suspects

        return find_suspects(root, claim, job)

    def confirm_suspects(
        self, root: str, claim: Claim | None, job: RowsJob, suspects: Sequence[Suspect]
    ) -> list[Suspect]:
        from sayso.pipeline.engine.search import confirm_suspects

        return confirm_suspects(root, claim, job, suspects)

    # Must answer while a job is at work, so it has a thread of its own.
    @ray.method(concurrency_group="watch")
    def answer(self) -> None:
        return None


def what_is_installed(packages: Sequence[str]) -> dict[str, Any]:
    """The fields of `Installed`: the code of sayso, of what is plugged into it, and the versions of these packages."""
    from sayso.manifests.plugins import installed_plugins
    from sayso.stages.jobs.code_version import source_version

    return {
        "source": source_version(),
        "plugins": tuple((str(plugin), plugin.code) for plugin in installed_plugins()),
        "packages": {name: found for name in packages if (found := _version(name))},
    }


def _gpu() -> str:
    """What the first GPU is called that models can compute on, "" where there is none."""
    try:
        import torch
    except ImportError:
        # The versions tell of it.
        return ""
    return str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else ""


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _fault_of_folder(root: str, claim: Mapping[str, str] | None) -> str | None:
    """Why nobody can work in the folder of the run from here; None where one can.

    It must show the run that has sent for this worker, and take a file and give it back. Where this process is killed
    in between, the next run clears the file away.
    """
    from sayso.manifests.lease import Claim, LeaseLost
    from sayso.manifests.ledger import Ledger
    from sayso.manifests.names import PLAN_NAME, temporary_name

    ledger = Ledger(root, Claim(**claim) if claim else None)
    token = uuid.uuid4().hex
    name, content = temporary_name(PLAN_NAME, token), token.encode()
    try:
        ledger.check_claim()
        ledger.storage.write(name, content)
        found = ledger.storage.read(name)
        ledger.storage.remove(name)
    except LeaseLost:
        return f"does not see the run in {root} as this machine does"
    except Exception as error:  # the stores' libraries have no error in common
        return f"cannot read and write in {root} ({_said(error)})"
    return None if found == content else f"reads other bytes in {root} than it has written"
