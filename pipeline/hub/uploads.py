"""What of a run goes to the Hub: the dataset at the top, and beside it the plan, the records and the verdicts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.manifests.dataset.file_list import NotPublished, published_files
from sayso.manifests.errors import SaysoError
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import CARD_NAME, DATASET, LIST_NAME, MANIFESTS, PLAN_NAME
from sayso.manifests.records import Record
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.storage import Storage
from sayso.manifests.verify.run import is_published
from sayso.pipeline.hub.scrubbing import scrub_plan, scrub_record

# What the Hub takes in one folder.
FILES_PER_FOLDER = 10_000


@dataclass(frozen=True)
class Upload:
    """A file as it shall be on the Hub: its path there, what its bytes are, and where they come from.

    They are `content` or, where that is None, what lies in the run's folder under `name`.
    """

    path: str
    size: int
    sha256: str
    name: str
    content: bytes | None = None


class TooManyFiles(SaysoError):
    """Raised when a folder has more files than the Hub takes."""


def uploads_of(ledger: Ledger) -> list[Upload]:
    """Every file of a finished run that belongs on the Hub, each path once.

    Raises NotARun or NotPublished where there is no run or it is not finished, and TooManyFiles.
    """
    storage = ledger.storage
    if is_published(storage):
        raise NotPublished(f"{storage.root} is a dataset by itself; name the folder of the run that made it")
    plan = ledger.plan()
    if storage.size(f"{DATASET}{CARD_NAME}") is None or storage.size(f"{DATASET}{LIST_NAME}") is None:
        raise NotPublished(f"{storage.root} is not finished; run `sayso run RECIPE --to {storage.root}` to its end")
    files = [*_dataset(storage), *_manifests(ledger, plan)]
    folders = Counter(file.path.rpartition("/")[0] for file in files)
    for folder, count in folders.items():
        if count > FILES_PER_FOLDER:
            raise TooManyFiles(
                f"{folder}: {count:,} files, and the Hub takes {FILES_PER_FOLDER:,} in a folder; larger shards are "
                "fewer: see resources.speech_shard_rows and resources.text_shard_rows in the recipe"
            )
    return files


def _dataset(storage: Storage) -> Iterator[Upload]:
    for name in storage.names(DATASET.rstrip("/")):
        if not name.startswith("."):
            yield _upload_of_text(name, storage.read(f"{DATASET}{name}"))
    for file in published_files(Storage(storage.path(DATASET.rstrip("/")))):
        yield Upload(file.name, file.bytes, file.sha256, f"{DATASET}{file.name}")


def _manifests(ledger: Ledger, plan: RunPlan) -> Iterator[Upload]:
    yield _upload_of_text(PLAN_NAME, scrub_plan(plan))
    for stage in (*plan.stages, *plan.tables):
        for record in ledger.records(stage):
            yield from _of_record(record)


def _of_record(record: Record) -> Iterator[Upload]:
    yield _upload_of_text(record.key.record_name, scrub_record(record))
    for file in record.files:
        if file.name.startswith(MANIFESTS):
            yield Upload(file.name, file.bytes, file.sha256, file.name)


def _upload_of_text(path: str, content: bytes) -> Upload:
    return Upload(path, len(content), hashlib.sha256(content).hexdigest(), "", content)
