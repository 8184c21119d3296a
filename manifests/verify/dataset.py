"""Is a published dataset what its list says? Bytes, schema, and every row, one row group in memory at a time."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from sayso.manifests.dataset.file_list import NotPublished, PublishedFile, PublishedPage, load_file_list
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.filesystems import NoPlainFile
from sayso.manifests.names import LIST_NAME
from sayso.manifests.progress import Progress
from sayso.manifests.row_groups import TooLarge, row_groups
from sayso.manifests.storage import Storage
from sayso.manifests.verify.checksums import Tallies, add_tallies, tallies
from sayso.manifests.verify.rows import COLUMNS, ORDERED_BY, Breaches, breaches
from sayso.manifests.verify.strays import strays_of_dataset

# Shards are cut to about 250 MB.
MOST_FILE_BYTES = 4 << 30
# Of some broken files Polars does not say that they are, but panics.
POLARS_REFUSES = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


class Problem(BaseModel):
    """One thing that is not as it should be: where, and what."""

    model_config = ConfigDict(frozen=True)

    where: str
    what: str


@dataclass
class Examination:
    """What was found in a published dataset: its problems, and the tally of each source's rows."""

    problems: list[Problem] = field(default_factory=list)
    files: tuple[PublishedFile, ...] = ()
    assumed: SoundFormat | None = None
    """What its tokens are held to, where its list does not say what they are like."""
    tallies: Tallies = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of the default config."""
        return sum(file.rows for file in self.files if file.config == "default")


def examine(dataset: Storage, progress: Progress, beside: tuple[str, ...] = ()) -> Examination:
    """Look at every file and row of the dataset in a folder; `progress` is told the bytes of each shard.

    Files whose names begin with one of `beside` are no part of the dataset and may lie there all the same.
    """
    found = Examination()
    try:
        on_list = load_file_list(dataset)
    except (NotPublished, NoPlainFile) as error:
        found.problems.append(Problem(where=LIST_NAME, what=str(error)))
        return found
    found.files = on_list.files
    found.assumed = None if on_list.states_sound else on_list.sound
    names = {file.name for file in on_list.files} | {page.name for page in on_list.pages}
    found.problems += [
        Problem(where=name, what="is no part of this dataset") for name in strays_of_dataset(dataset, names, beside)
    ]
    found.problems += _of_series(found.files)
    pages = (bytes_of(dataset, page) for page in on_list.pages)
    found.problems += [page for page in pages if isinstance(page, Problem)]
    schemas: dict[str, tuple[str, pa.Schema]] = {}
    before: dict[tuple[str, str], str | int] = {}
    for file in found.files:
        found.problems += _of_file(dataset, file, on_list.sound, schemas, before, found)
        progress.advance(file.bytes)
    return found


def _of_series(files: Sequence[PublishedFile]) -> Iterator[Problem]:
    """A shard that is missing from its series."""
    series = defaultdict(list)
    for file in files:
        series[file.config, file.split].append(file.name.rpartition("/")[2])
    for (config, split), names in series.items():
        if names != [f"{split}-{number:05d}-of-{len(names):05d}.parquet" for number in range(len(names))]:
            yield Problem(where=f"{config}/{split}", what=f"is not a whole series of shards: {', '.join(names[:9])}")


def _of_file(
    dataset: Storage,
    file: PublishedFile,
    sound: SoundFormat,
    schemas: dict[str, tuple[str, pa.Schema]],
    before: dict[tuple[str, str], str | int],
    found: Examination,
) -> Iterator[Problem]:
    content = bytes_of(dataset, file)
    if isinstance(content, Problem):
        yield content
        return
    if file.config not in COLUMNS:
        yield Problem(where=file.name, what=f"is of the config {file.config}, which is none of {', '.join(COLUMNS)}")
        return
    try:
        yield from _of_content(content, file, sound, schemas, before, found)
    except TooLarge as error:
        yield Problem(where=file.name, what=f"{error}, so its rows are not looked at")
    except (pa.ArrowException, *POLARS_REFUSES, OSError, ValueError, MemoryError) as error:
        # Its sha256 is that of the list, so it was made like this.
        yield Problem(where=file.name, what=f"cannot be read as a table ({type(error).__name__})")


def _of_content(
    content: bytes,
    file: PublishedFile,
    sound: SoundFormat,
    schemas: dict[str, tuple[str, pa.Schema]],
    before: dict[tuple[str, str], str | int],
    found: Examination,
) -> Iterator[Problem]:
    if file.rows > file.bytes:
        # Each row has an id of its own.
        yield Problem(where=file.name, what=f"has {file.rows:,} rows by the list, more than {file.bytes:,} bytes hold")
        return
    opened = pq.ParquetFile(io.BytesIO(content))
    first, schema = schemas.setdefault(file.config, (file.name, opened.schema_arrow))
    if opened.schema_arrow != schema:
        yield Problem(where=file.name, what=f"has another schema than {first}")
    if opened.metadata.num_rows != file.rows:
        yield Problem(where=file.name, what=f"has {opened.metadata.num_rows:,} rows, the list says {file.rows:,}")
        return
    wrong = other_columns(opened, file.config)
    if wrong:
        yield Problem(where=file.name, what=f"lacks, or has of another type: {', '.join(wrong)}")
        return
    of_rows = Breaches()
    for rows in row_groups(content, opened.metadata, COLUMNS[file.config]):
        of_rows.merge(breaches(rows, file.config, sound, before.get((file.config, file.split))))
        before[file.config, file.split] = rows[ORDERED_BY[file.config]][-1]
        if file.config == "default":
            found.tallies = add_tallies(found.tallies, tallies(rows))
    yield from (Problem(where=file.name, what=sentence) for sentence in of_rows.sentences())


def bytes_of(dataset: Storage, file: PublishedFile | PublishedPage) -> bytes | Problem:
    """The bytes of a file on the list, or what is wrong with them."""
    try:
        size = dataset.size(file.name)
        if size != file.bytes:
            has = "is missing" if size is None else f"has {size:,} bytes, the list says {file.bytes:,}"
            return Problem(where=file.name, what=has)
        if size > MOST_FILE_BYTES:
            has = f"has {size:,} bytes, and a file of a dataset {MOST_FILE_BYTES:,} at most; it is not read"
            return Problem(where=file.name, what=has)
        content = dataset.read(file.name)
    except NoPlainFile as error:
        return Problem(where=file.name, what=str(error))
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return Problem(where=file.name, what="does not have the sha256 of the list")
    return content


def other_columns(opened: pq.ParquetFile, config: str) -> list[str]:
    """The columns that rows of a config must have, and these lack or have of another type."""
    empty = pl.from_arrow(opened.schema_arrow.empty_table())
    assert isinstance(empty, pl.DataFrame)
    return [name for name, dtype in COLUMNS[config].items() if empty.schema.get(name) != dtype]
