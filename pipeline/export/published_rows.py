"""The rows of a published dataset, shard by shard, each compared with the dataset's list before any row is given."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from sayso.manifests.dataset.file_list import NotPublished, PublishedFile, load_file_list
from sayso.manifests.errors import ExitCode, SaysoError, in_one_line
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import DATASET, LIST_NAME
from sayso.manifests.row_groups import row_groups
from sayso.manifests.run_plan import DamagedPlan, NotARun
from sayso.manifests.storage import Storage
from sayso.manifests.verify.dataset import POLARS_REFUSES, Problem, bytes_of, other_columns
from sayso.manifests.verify.run import is_published
from sayso.pipeline.hub.choice import Choice, choose_files
from sayso.pipeline.hub.names import NAME
from sayso.pipeline.hub.pulled_folder import brought_files

T = TypeVar("T")
AUDIO = "audio"
# A row's id becomes the name of its recording.
_ID = r"\A[0-9a-f]{32}\z"


class DamagedDataset(SaysoError):
    """Raised when a file of a dataset is not as the dataset's list says, or holds rows that none of ours has."""

    exit_code = ExitCode.NOT_TRUE


class NoAudio(SaysoError):
    """Raised when a format needs recordings and the dataset has none."""

    exit_code = ExitCode.WRONG_USE


def find_dataset(place: str) -> Storage:
    """The dataset in a folder or below a URL: by itself, as pulled, or that of a run.

    Raises NotARun where there is neither, and NotPublished where the run has not come to its end.
    """
    ledger = Ledger(place)
    if is_published(ledger.storage):
        return ledger.storage
    try:
        with suppress(DamagedPlan):
            ledger.plan()
    except NotARun as error:
        if NAME.fullmatch(place) and not ledger.storage.entries(""):
            raise NotARun(
                f"there is no folder {place} here; a dataset of the Hub is fetched first: sayso pull ORG/NAME --to DIR"
            ) from None
        raise error
    # Asked from above, so that a link in the place of the folder is seen.
    if ledger.storage.size(f"{DATASET}{LIST_NAME}") is None:
        raise NotPublished(f"{ledger.storage.root} is not finished; run `sayso run RECIPE --to {place}` to its end")
    return Storage(ledger.storage.path(DATASET.rstrip("/")))


def chosen_files(dataset: Storage, choice: Choice) -> list[PublishedFile]:
    """The files that hold what is chosen; of a dataset of which a part was pulled, those that were.

    Raises NoSuchPart, and NotPublished where the dataset has no list.
    """
    files = choose_files(load_file_list(dataset).files, choice)
    brought = brought_files(dataset)
    here = files if brought is None else [file for file in files if file.name in brought]
    if not here:
        raise NotPublished(f"{dataset.root}: nothing of this was pulled; pull it, or name what was with --split")
    return here


def rows_of(dataset: Storage, file: PublishedFile, needs_audio: bool) -> Iterator[pl.DataFrame]:
    """All columns of a file's rows, a row group at a time.

    Raises DamagedDataset, and NoAudio where the file `needs_audio` and has none, before the first rows are given.
    """
    content = bytes_of(dataset, file)
    if isinstance(content, Problem):
        raise _damaged(dataset, file, content.what)
    opened = _readable(dataset, file, lambda: pq.ParquetFile(io.BytesIO(content)))
    if wrong := _readable(dataset, file, lambda: other_columns(opened, file.config)):
        raise _damaged(dataset, file, f"lacks, or has of another type: {', '.join(wrong)}")
    if opened.metadata.num_rows != file.rows:
        raise _damaged(dataset, file, f"has {opened.metadata.num_rows:,} rows, the list says {file.rows:,}")
    columns = opened.schema_arrow.names
    if needs_audio and AUDIO not in columns:
        raise NoAudio(
            f"{dataset.root} has no recordings, which this format is made of; a run publishes them with "
            "`synthesize: {audio: true}` in its recipe, and then speaks all rows again"
        )
    parts = row_groups(content, opened.metadata, columns if needs_audio else [*filter(AUDIO.__ne__, columns)])
    while (rows := _readable(dataset, file, lambda: next(parts, None))) is not None:
        _check_ids(dataset, file, rows)
        yield rows


def _check_ids(dataset: Storage, file: PublishedFile, rows: pl.DataFrame) -> None:
    if "id" not in rows.columns:
        return
    if (foreign := foreign_ids(rows["id"])).len():
        raise _damaged(dataset, file, f"has {foreign[0]!r:.80} as the id of a row, which is not 32 hexadecimal digits")


def foreign_ids(ids: pl.Series) -> pl.Series:
    """Those that are no ids of ours."""
    return ids.filter(~ids.str.contains(_ID).fill_null(False))


def _readable(dataset: Storage, file: PublishedFile, read: Callable[[], T]) -> T:
    try:
        return read()
    except (pa.ArrowException, *POLARS_REFUSES, OSError, ValueError, MemoryError) as error:
        # Its sha256 is that of the list, so it was made like this.
        raise _damaged(
            dataset, file, f"cannot be read as a table ({type(error).__name__}: {in_one_line(error)})"
        ) from error


def _damaged(dataset: Storage, file: PublishedFile, what: str) -> DamagedDataset:
    return DamagedDataset(
        f"{dataset.path(file.name)} {what}; publish or pull the dataset again (`sayso verify` tells all that is wrong)"
    )
