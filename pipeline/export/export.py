"""Export a published dataset: each of its files becomes files of a format, and only what is not there yet is made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.dataset.file_list import PublishedFile, load_file_list
from sayso.manifests.progress import Progress
from sayso.manifests.storage import Storage
from sayso.pipeline.export.export_folder import ExportedFile, ExportedShard, ExportError, ExportFolder
from sayso.pipeline.export.format import Format, SplitFiles
from sayso.pipeline.export.published_rows import chosen_files, find_dataset, rows_of
from sayso.pipeline.hub.choice import Choice
from sayso.stages.jobs.code_version import code_version


class Exported(BaseModel):
    """What an export did: the files that it wrote and those that were there, and how many rows are in them."""

    model_config = ConfigDict(frozen=True)

    dataset: str
    format: str
    folder: str
    written: tuple[str, ...]
    bytes_written: int
    there: tuple[str, ...]
    rows: int
    left_out: dict[str, int] = Field(description="rows that have no audio, where the format needs it, by their kind")
    opened: str | None = Field(description="Python code that opens the first split that has rows")


@dataclass(frozen=True)
class Export:
    """A dataset on its way into a folder of this machine."""

    place: str
    format: Format
    folder: Path
    progress: Progress

    def carry_out(self, choice: Choice) -> Exported:
        """Make what is chosen, of the config `default` where none is named, shard by shard.

        A shard is compared with the dataset's list before its rows are read. Other splits and configs of the same
        dataset stay; what earlier exports made of files that it has no more is taken away. Raises NotARun,
        NotPublished, NoSuchPart, NoAudio, DamagedDataset, NotARecording, ExportError or StorageError; what was made
        stays, and the same call goes on.
        """
        dataset = find_dataset(self.place)
        self._check_apart(dataset)
        files = chosen_files(dataset, choice)
        folder = ExportFolder(self.folder, dataset.root, self.format.name)
        self.progress.expect(sum(file.bytes for file in files))
        made: list[ExportedShard] = []
        written: list[ExportedFile] = []
        numbers = Counter[tuple[str, str]]()
        try:
            for file in files:
                number = numbers[file.config, file.split]
                found = self._made_before(folder, file, number)
                if found is None:
                    found = self._make(folder, dataset, file, number)
                    written += found.files
                made.append(found)
                # Trainers take no shard without rows, so one has no number.
                numbers[file.config, file.split] += bool(found.files)
                self.progress.advance(file.bytes)
            written += self._finish(folder, dataset, made)
        finally:
            folder.close()
        return self._result(dataset, made, written)

    def _check_apart(self, dataset: Storage) -> None:
        if dataset.is_local and self.folder.is_relative_to(dataset.root):
            raise ExportError(f"{self.folder} lies in the dataset that is exported; choose another folder with --to")

    def _names(self, file: PublishedFile, number: int) -> tuple[str, ...]:
        return tuple(f"{file.config}/{file.split}/{name}" for name in self.format.shard_names(number))

    @property
    def _code(self) -> str:
        return code_version(self.format.write.__module__)

    def _made_before(self, folder: ExportFolder, file: PublishedFile, number: int) -> ExportedShard | None:
        """What an earlier export has made of the same bytes, by the same code, if it is still there as it was."""
        found = next((one for one in folder.shards if one.source == file.name), None)
        if found is None or (found.sha256, found.code) != (file.sha256, self._code):
            return None
        is_there = not found.files or found.file_names == self._names(file, number)
        return found if is_there and all(map(folder.has, found.files)) else None

    def _make(self, folder: ExportFolder, dataset: Storage, file: PublishedFile, number: int) -> ExportedShard:
        left_out = Counter[str]()
        parts = self._with_place(rows_of(dataset, file, self.format.needs_audio), left_out)
        # Whether the file can be read, and has such rows, is known before anything is written.
        first = next(parts, None)
        files: tuple[ExportedFile, ...] = ()
        if first is not None:
            names = self._names(file, number)
            folder.expect(names)
            files = folder.fill(names, partial(self.format.write, chain([first], parts), number))
        made = ExportedShard(
            config=file.config,
            split=file.split,
            source=file.name,
            sha256=file.sha256,
            code=self._code,
            rows=file.rows - left_out.total(),
            left_out=left_out,
            files=files,
        )
        folder.add(made)
        return made

    def _with_place(self, parts: Iterable[pl.DataFrame], left_out: Counter[str]) -> Iterator[pl.DataFrame]:
        """The rows that the format has a place for; the others are counted by their kind."""
        for part in parts:
            kept = part
            if self.format.needs_audio:
                is_heard = part["audio"].struct.field("bytes").is_not_null()
                kept = part.filter(is_heard)
                left_out.update(part.filter(~is_heard)["kind"].to_list())
            if kept.height:
                yield kept

    def _finish(self, folder: ExportFolder, dataset: Storage, made: Sequence[ExportedShard]) -> list[ExportedFile]:
        """Write what speaks of all shards, those of other splits too, and take away what is of none."""
        on_list = {(file.name, file.sha256): place for place, file in enumerate(load_file_list(dataset).files)}
        chosen = {(shard.config, shard.split) for shard in made}
        others = [
            shard
            for shard in folder.shards
            if (shard.config, shard.split) not in chosen and (shard.source, shard.sha256) in on_list
        ]
        shards = sorted([*made, *others], key=lambda shard: on_list[shard.source, shard.sha256])
        names: dict[tuple[str, str], list[Sequence[str]]] = defaultdict(list)
        for shard in shards:
            if shard.files:
                names[shard.config, shard.split].append(shard.file_names)
        splits = [SplitFiles(config, split, of_shards) for (config, split), of_shards in names.items()]
        if folder.is_finished(shards):
            return []
        indexes = dict(self.format.indexes(self.folder, splits))
        folder.expect(indexes)
        files = [folder.fill([name], partial(_write_pieces, pieces))[0] for name, pieces in indexes.items()]
        folder.finish(shards, files)
        return files

    def _result(self, dataset: Storage, made: Sequence[ExportedShard], written: Sequence[ExportedFile]) -> Exported:
        new = {file.name for file in written}
        first = next((f"{self.folder}/{shard.config}/{shard.split}" for shard in made if shard.files), None)
        return Exported(
            dataset=dataset.root,
            format=self.format.name,
            folder=str(self.folder),
            written=tuple(file.name for file in written),
            bytes_written=sum(file.bytes for file in written),
            there=tuple(name for shard in made for name in shard.file_names if name not in new),
            rows=sum(shard.rows for shard in made),
            left_out=dict(sorted(sum((Counter(shard.left_out) for shard in made), Counter[str]()).items())),
            opened=self.format.opened(first) if first else None,
        )


def _write_pieces(pieces: Iterable[bytes], files: Sequence[BinaryIO]) -> None:
    files[0].writelines(pieces)
