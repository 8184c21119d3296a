"""A run as it goes: one bar a stage, with rows a second and the time that is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sayso.manifests.records import Record
from sayso.pipeline.cli.console import Console


class RunBars:
    """Shows a run on a terminal; on anything else each finished stage is one line."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("shards"),
            TextColumn("{task.fields[rows]:>9,} rows"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._rows = self._resumed = 0

    def __enter__(self) -> RunBars:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def stage_planned(self, stage: str, shards: int, done: int, rows: int) -> None:
        self._rows, self._resumed = rows, rows
        self._task = self._bars.add_task(stage, total=shards, completed=done, rows=rows, rate="")

    def shard_done(self, record: Record) -> None:
        assert self._task is not None
        self._rows += record.rows_in
        self._bars.update(self._task, advance=1, rows=self._rows, rate=self._rate())

    def stage_finished(self, stage: str) -> None:
        assert self._task is not None
        task = self._bars.tasks[self._bars.task_ids.index(self._task)]
        self._bars.stop_task(self._task)
        if not self._console.is_terminal:
            resumed = f", {self._resumed:,} of them done before" if self._resumed and stage != "publish" else ""
            self._console.print(f"{stage}: {self._rows:,} rows in {task.completed:g} shards{resumed} {self._rate()}")

    def stalled(self, message: str) -> None:
        self._console.print(f"[yellow]waiting[/]: {escape(message)}", highlight=False)

    def damaged(self, message: str) -> None:
        self._console.print(f"[yellow]damaged[/]: {escape(message)}", highlight=False, soft_wrap=True)

    def warned(self, message: str) -> None:
        self._console.print(f"[yellow]warning[/]: {escape(message)}", highlight=False)

    def _rate(self) -> str:
        assert self._task is not None
        task = self._bars.tasks[self._bars.task_ids.index(self._task)]
        fresh = self._rows - self._resumed
        return f"{fresh / task.elapsed:,.1f} rows/s" if fresh and task.elapsed else ""


class _BytesBar:
    """A bar of bytes, whose length is known only after a look at what there is, or never."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars, self._task = bars, task

    def expect(self, size: int) -> None:
        self._bars.reset(self._task, total=size)

    def advance(self, size: int) -> None:
        self._bars.update(self._task, advance=size)


@contextmanager
def bytes_read(what: str, console: Console) -> Iterator[_BytesBar]:
    """Show how many bytes were read, and how fast."""
    columns = (TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        yield _BytesBar(bars, bars.add_task(what, total=None))


@contextmanager
def bytes_moved(what: str, console: Console) -> Iterator[_BytesBar]:
    """Show how many bytes of all were moved, how fast, and the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=28), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        yield _BytesBar(bars, bars.add_task(what, total=None))
