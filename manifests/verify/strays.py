"""What lies in the folders of a run or of a dataset and belongs to nothing there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sayso.manifests.ledger import Ledger
from sayso.manifests.names import ATTEMPTS, DATASET, LIST_NAME, RUN_FILES, files_of, temporary_of
from sayso.manifests.records import record_name, verdicts_name
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.storage import Storage


def strays_of_run(ledger: Ledger, plan: RunPlan, folders: Sequence[str]) -> Iterator[str]:
    """The files in such folders (`work`, `manifests`) that are of no planned shard.

    Of stages that are not planned now, those with a record may stay: a run that goes further takes them up again.
    """
    planned = {stage.stage for stage in (*plan.stages, *plan.tables)}
    expected = set(_expected(plan))
    for folder in folders:
        names = ledger.storage.below(folder)
        for name in names:
            if name not in expected and not _is_temporary(name):
                stage, _, file = name.removeprefix(f"{folder}/").partition("/")
                if stage in planned or name not in _recorded(ledger, stage, file):
                    yield name


def strays_among_attempts(storage: Storage) -> Iterator[str]:
    """The files in the folder of attempts that no run has made."""
    for name in storage.below(ATTEMPTS.rstrip("/")):
        if not RUN_FILES.has(name) and not _is_temporary(name):
            yield name


def kept_shards(ledger: Ledger, plan: RunPlan) -> Iterator[tuple[str, str]]:
    """Stage and shard of each record of stages that are not planned now."""
    planned = {stage.stage for stage in (*plan.stages, *plan.tables)}
    for name in ledger.storage.below("manifests"):
        _, stage, file = f"{name}//".split("/")[:3]
        shard = file.removesuffix(".record.json")
        if shard != file and stage not in planned and name == record_name(stage, shard):
            yield stage, shard


def _expected(plan: RunPlan) -> Iterator[str]:
    for stage in plan.stages:
        for shard in stage.shards:
            yield from files_of(stage.stage, shard)
    for table in plan.tables:
        for shard in table.shards:
            yield from set(files_of(table.stage, shard)) - {verdicts_name(table.stage, shard)}


def _recorded(ledger: Ledger, stage: str, file: str) -> Collection[str]:
    """The files of the shard that `file` seems to be of, none where the shard has no record."""
    shard = file.removesuffix(".parquet").removesuffix(".verdicts").removesuffix(".record.json")
    record = ledger.find_record(stage, shard)
    return () if record is None else (*(file.name for file in record.files), record_name(stage, shard))


def strays_of_dataset(dataset: Storage, listed: Collection[str], beside: tuple[str, ...]) -> Iterator[str]:
    """The files of a dataset's folder that are not on its list, but for what lies `beside` it, by its first letters.

    What begins with a dot at the top, as git and the Hub's programs put it there, is let be.
    """
    for name in dataset.below(""):
        is_known = name == LIST_NAME or name in listed or name.startswith((".", *beside))
        if not is_known and not _is_temporary(f"{DATASET}{name}"):
            yield name


def _is_temporary(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return temporary_of(folder, file) is not None
