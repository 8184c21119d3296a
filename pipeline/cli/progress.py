"""A run as it goes: one bar a stage, with rows a second and the time that is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
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

from sayso.pipeline.cli.minutes import MINUTE, MinuteLines
from sayso.pipeline.cli.reporting import LOG, Reporting
from sayso.pipeline.cli.tables import cost_lines
from sayso.pipeline.progress import CostKnown, Event, ShardDone, StageFinished, StagePlanned, Warned
from sayso.pipeline.stage_names import PUBLISH


class RunBars:
    """Takes the events of a run: draws a bar a stage where there are bars, and tells what is finished.

    Where there are none, and in a log file, a line every `seconds` tells how far the stage is.
    """

    def __init__(self, reporting: Reporting, seconds: float = MINUTE) -> None:
        self._minutes = MinuteLines(seconds)
        self._bars = Progress(
            TextColumn("{task.description:<12}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TextColumn("shards"),
            TextColumn("{task.fields[rows]:>9,} rows"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=reporting.console,
            disable=not reporting.has_bars,
        )
        self._stages: dict[str, _StageBar] = {}

    def __enter__(self) -> RunBars:
        self._bars.start()
        self._minutes.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._minutes.__exit__()
        self._bars.stop()

    def __call__(self, event: Event) -> None:
        match event:
            case CostKnown():
                for line in cost_lines(event.cost):
                    LOG.warning(line, extra={"kind": "again"})
            case StagePlanned():
                self._planned(event)
            case ShardDone():
                self._done(event)
            case StageFinished():
                self._finished(event.stage)
            case Warned():
                LOG.warning(event.message, extra={"kind": event.kind})

    def _planned(self, planned: StagePlanned) -> None:
        self._minutes.planned(planned)
        bar = self._stages.get(planned.stage)
        if bar is None:
            bar = _StageBar(self._bars, self._bars.add_task(planned.stage, total=planned.shards, rows=0, rate=""))
            self._stages[planned.stage] = bar
        bar.found(planned)

    def _done(self, done: ShardDone) -> None:
        self._minutes.done(done)
        self._stages[done.stage].add(done)
        LOG.debug(f"{done.stage}/{done.shard}: {done.rows_out:,} of {done.rows_in:,} rows in {done.seconds:.1f} s")

    def _finished(self, stage: str) -> None:
        self._minutes.finished(stage)
        LOG.info(f"{stage}: {self._stages.pop(stage).finished(tells_before=stage != PUBLISH)}")


class _StageBar:
    """The bar of a stage, and its rows: those that were done, and which of them in this run."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars, self._task = bars, task
        self._shards = self._rows = self._fresh = self._from_store = 0

    def found(self, planned: StagePlanned) -> None:
        """So many shards are done so far."""
        self._shards, self._rows = planned.done, planned.rows
        self._draw()

    def add(self, done: ShardDone) -> None:
        """A shard was done."""
        self._shards += 1
        self._rows += done.rows_in
        self._fresh += done.rows_in
        self._from_store += done.from_store
        self._draw()

    def finished(self, tells_before: bool) -> str:
        """Stop it. Returns what is told of the stage."""
        self._bars.stop_task(self._task)
        before = self._rows - self._fresh
        resumed = f", {before:,} of them done before" if before > 0 and tells_before else ""
        stored = f", {self._from_store:,} of them taken from the store of attempts" if self._from_store else ""
        return f"{self._rows:,} rows in {self._shards:,} shards{resumed}{stored} {self._rate()}".rstrip()

    def _draw(self) -> None:
        self._bars.update(self._task, completed=self._shards, rows=self._rows, rate=self._rate())

    def _rate(self) -> str:
        elapsed = self._bars.tasks[self._bars.task_ids.index(self._task)].elapsed
        return f"{self._fresh / elapsed:,.1f} rows/s" if self._fresh and elapsed else ""


class _BytesBar:
    """A bar of bytes, whose length is known only after a look at what there is, or never."""

    def __init__(self, bars: Progress, task: TaskID) -> None:
        self._bars, self._task = bars, task
        self.bytes = 0

    def expect(self, size: int) -> None:
        self._bars.reset(self._task, total=size)

    def advance(self, size: int) -> None:
        self.bytes += size
        self._bars.update(self._task, advance=size)


@contextmanager
def bytes_read(what: str, reporting: Reporting) -> Iterator[_BytesBar]:
    """Show how many bytes were read, and how fast."""
    columns = (TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn(), TimeElapsedColumn())
    with Progress(*columns, console=reporting.console, transient=True, disable=not reporting.has_bars) as bars:
        yield from _told(what, bars, "read")


@contextmanager
def bytes_moved(what: str, reporting: Reporting) -> Iterator[_BytesBar]:
    """Show how many bytes of all were moved, how fast, and the time that is left."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=28), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=reporting.console,
        transient=True,
        disable=not reporting.has_bars,
    ) as bars:
        yield from _told(what, bars, "moved")


def _told(what: str, bars: Progress, done: str) -> Iterator[_BytesBar]:
    bar, started = _BytesBar(bars, bars.add_task(what, total=None)), time.monotonic()
    yield bar
    LOG.debug(f"{what}: {bar.bytes:,} bytes {done} in {time.monotonic() - started:.1f} s")


@contextmanager
def file_looked_at(reporting: Reporting) -> Iterator[Callable[[str], None]]:
    """Takes what is looked at, and shows it in one line of a terminal for as long as that takes."""
    if not reporting.has_bars:
        yield lambda what: None
        return
    with reporting.console.status("") as line:
        yield lambda what: line.update(escape(what))
