"""Whose is a folder? A run works in an empty one, or in its own, and takes away nothing that is not of its making."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from sayso.manifests.dataset.file_list import NotPublished, published_files
from sayso.manifests.errors import SaysoError
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import (
    ATTEMPTS,
    CARD_NAME,
    DATASET,
    DATASET_FOLDERS,
    LEASES,
    LIST_NAME,
    PICTURES,
    PLAN_NAME,
    RUN_FILES,
    STAGE,
    files_of,
    temporary_of,
)
from sayso.manifests.run_plan import NotARun, RunPlan
from sayso.manifests.storage import Storage


class ForeignFolder(SaysoError):
    """Raised when a folder holds what no run of ours has made; says what to do about it."""


def check_for_run(ledger: Ledger) -> RunPlan:
    """See that a run may work in the folder. Returns the plan that is there, an empty one where there is none.

    Raises ForeignFolder where the folder holds something and no run, or where a file that the run did not record lies
    where its dataset would be.
    """
    plan = _plan_of(ledger)
    _check_dataset(ledger, plan)
    return plan


def clear_for_run(ledger: Ledger) -> None:
    """See that a run may work in the folder, then take away what a killed one has left half done there.

    Raises ForeignFolder or LeaseLost, and touches nothing.
    """
    plan = check_for_run(ledger)
    ledger.check_claim()
    storage = ledger.storage
    for folder in _folders(storage):
        for name in storage.names(folder):
            if temporary_of(folder, name):
                storage.remove(f"{folder}/{name}".lstrip("/"))
    for name in _unfinished_files(storage, plan):
        storage.remove(name)


def remove_unpublished(ledger: Ledger, plan: RunPlan, kept: Collection[str]) -> None:
    """Take away the dataset's files that an earlier cut or another choice of configs has left; `kept` stay."""
    made = [name for shard in plan.shards_of("compose") for name in files_of("compose", shard)]
    for name in (*made, *_listed_files(ledger.storage)):
        if name.startswith(DATASET) and name not in kept:
            ledger.storage.remove(name)


def _plan_of(ledger: Ledger) -> RunPlan:
    """The plan of the run that the folder holds, an empty one where there is none yet or it is lost."""
    storage = ledger.storage
    entries = storage.entries("")
    if LIST_NAME in entries:
        raise ForeignFolder(f"{storage.root} holds a dataset by itself; choose another folder with --to")
    try:
        return ledger.plan()
    except NotARun as error:
        # A run that was killed before its first plan was whole has left nothing else.
        foreign = [name for name in entries if not temporary_of("", name) and not LEASES.has(name)]
        if not foreign or any(_recorded_shards(ledger, storage)):
            return RunPlan(name="")
        # What is wrong with it, without what to do about the plan of a run.
        fault = f" ({str(error).partition(';')[0]})" if PLAN_NAME in entries else ""
        raise ForeignFolder(
            f"{storage.root} is not empty and holds no run: {foreign[0]} is there{fault}; choose an empty folder, "
            "or one of a run, with --to"
        ) from None


def _folders(storage: Storage) -> Iterator[str]:
    """Every folder that a run writes to."""
    yield ""
    for top in ("work", "manifests"):
        yield from (f"{top}/{name}" for name in storage.entries(top) if re.fullmatch(STAGE, name))
    yield ATTEMPTS.rstrip("/")
    yield from DATASET_FOLDERS


def _recorded_shards(ledger: Ledger, storage: Storage) -> Iterator[tuple[str, str]]:
    """The stage and the shard of every record in the folder."""
    for stage in storage.entries("manifests"):
        if re.fullmatch(STAGE, stage):
            yield from ((stage, shard) for shard, _ in ledger.recorded_shards(stage))


def _check_dataset(ledger: Ledger, plan: RunPlan) -> None:
    storage = ledger.storage
    found = (f"{folder}/{name}" for folder in DATASET_FOLDERS for name in storage.names(folder))
    there = list(filter(RUN_FILES.has, found))
    if not there:
        return
    ours = set(_of_dataset(ledger, plan))
    for name in there:
        if name not in ours:
            raise ForeignFolder(
                f"{storage.path(name)} is no file that this run has recorded, and would be overwritten; move it away, "
                "or choose another folder with --to"
            )


def _of_dataset(ledger: Ledger, plan: RunPlan) -> Iterator[str]:
    """The files below `dataset/` that the run has made, or may have been about to when it was killed."""
    storage = ledger.storage
    shards = [*plan.shards_of("compose")]
    shards += [shard for shard, _ in ledger.recorded_shards("compose")]
    yield from (name for shard in shards for name in files_of("compose", shard))
    listed = _listed_files(storage)
    yield from listed
    if listed or shards:
        yield from (f"{DATASET}{name}" for name in (LIST_NAME, CARD_NAME, *PICTURES))


def _listed_files(storage: Storage) -> list[str]:
    """The files on the list of the dataset, none where it was not published yet or its list is damaged."""
    try:
        return [f"{DATASET}{file.name}" for file in published_files(Storage(storage.path(DATASET.rstrip("/"))))]
    except NotPublished:
        return []


def _unfinished_files(storage: Storage, plan: RunPlan) -> Iterator[str]:
    """The files of planned shards that have no record: nothing vouches for them, and no later plan would know them."""
    for stage in (*plan.stages, *plan.tables):
        recorded = set(storage.names(f"manifests/{stage.stage}"))
        there = {f"manifests/{stage.stage}/{name}" for name in recorded}
        there |= {f"work/{stage.stage}/{name}" for name in storage.names(f"work/{stage.stage}")}
        if stage.stage == "compose":
            there |= {f"{folder}/{name}" for folder in DATASET_FOLDERS for name in storage.names(folder)}
        for shard in stage.shards:
            if f"{shard}.record.json" not in recorded:
                yield from (name for name in files_of(stage.stage, shard) if name in there)
