"""Answers as tables for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import rich.console
from rich.columns import Columns
from rich.console import ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sayso.manifests.reports.examples import Examples
from sayso.manifests.reports.explanation import Explanation, Step
from sayso.manifests.reports.funnel import StageFlow
from sayso.manifests.reports.status import Status
from sayso.pipeline.cli.console import Console
from sayso.pipeline.stage_names import SPEECH

if TYPE_CHECKING:
    import polars as pl

    from sayso.manifests.reports.query import View
    from sayso.pipeline.cost import Cost, ShardsToDo

    # It brings the models with it, which most tables do not need.
    from sayso.stages.speech.voices.voice import Voice

BAR = 16
# More columns than any terminal has.
WIDEST = 100_000


def _table(*names: str, title: str | None = None, left: Sequence[str] = ()) -> Table:
    """An empty table of such columns, numbers to the right and those of `left` not; what is too wide goes on below."""
    table = Table(title=Text(title) if title else None, title_justify="left", box=None, pad_edge=False)
    for name in names:
        table.add_column(name, justify="left" if name in left else "right", overflow="fold")
    return table


def funnel_table(flows: Sequence[StageFlow]) -> Table:
    """One line a stage with a bar, one line below it for each reason that rows were lost for."""
    table = _table("stage", "rows", "lost for", title="Funnel", left=("stage", "lost for"))
    for column in table.columns[:2]:
        column.no_wrap = True
    most = max([flow.rows_in for flow in flows], default=0) or 1
    for flow in flows:
        bar = Text("█" * round(BAR * flow.rows_out / most), style="cyan")
        table.add_row(f"[bold]{flow.stage}[/]", f"[bold]{flow.rows_out:,}[/] of {flow.rows_in:,}", bar)
        for loss in flow.losses:
            table.add_row("", f"-{loss.rows:,}", Text(f"{loss.filter}: {loss.reason}"))
    return table


class SourceTable:
    """One line a source: the rows that came in, and what each stage left of them; lists where lines are too wide."""

    def __init__(self, flows: Sequence[StageFlow]) -> None:
        self._stages = [flow.stage for flow in flows]
        self._rows = {
            came.source: (
                came.rows_in,
                *(next((found.rows_out for found in flow.sources if found.source == came.source), 0) for flow in flows),
            )
            for came in (flows[0].sources if flows else ())
        }

    def __rich_console__(self, console: rich.console.Console, options: ConsoleOptions) -> RenderResult:
        wide = _table("source", "rows", *self._stages, title="By source", left=("source",))
        for source, rows in self._rows.items():
            wide.add_row(Text(source), *(f"{count:,}" for count in rows))
        if Measurement.get(console, options.update(max_width=WIDEST), wide).maximum <= options.max_width:
            yield wide
            return
        yield Text("By source", style="table.title")
        for source, rows in self._rows.items():
            yield Text(source, style="bold")
            counts = zip(("rows", *self._stages), rows, strict=True)
            yield Columns([f"  {name} {count:,}" for name, count in counts])


def cost_table(cost: Cost) -> Group:
    """One line for the shards of a stage that are to do for the same reason; rows and time are those of last time."""
    table = _table("stage", "shards", "rows", "worker time", "why", left=("stage", "why"))
    for part in cost.to_do:
        again = part.why != ("new",)
        rows, seconds = (f"{part.rows:,}", f"{part.seconds:,.1f} s") if again else ("", "")
        table.add_row(part.stage, f"{part.shards:,}", rows, seconds, _why(part))
    finished = f"{cost.finished:,} {'shard is' if cost.finished == 1 else 'shards are'} finished"
    if cost.kept_speech:
        finished += f", {cost.kept_speech:,} of them spoken by an earlier version of the code"
    if not cost.to_do:
        return Group(Text(f"no shard is to do: {finished}"))
    below = [Text(f"known after that: {', '.join(cost.not_planned)}")] if cost.not_planned else []
    text, speech = cost.seconds_in("text"), cost.seconds_in("speech")
    if speech:
        below.insert(0, Text(f"in all: {text:,.1f} s of one worker of text, {speech:,.1f} s of one of speech"))
    return Group(Text(f"{finished}; to do, with rows and time as they were:"), table, *below)


def cost_lines(cost: Cost) -> Iterator[str]:
    """What is done again that was done before: a line for each stage and reason, and one for what follows."""
    for part in cost.to_do:
        if part.why and part.why != ("new",):
            head = f"{part.stage}: {part.shards:,} shards of {part.rows:,} rows, {part.seconds:,.1f} s ({_why(part)})"
            yield head + ("; what was said is taken from the store of attempts" if part.stage == SPEECH else "")
    behind = [part for part in cost.to_do if part.follows_from]
    if behind:
        stages = ", ".join(f"{part.stage} {part.shards:,}{_condition(part)}" for part in behind)
        seconds = sum(part.seconds for part in behind)
        yield f"if {behind[0].follows_from} makes other rows: shards of {stages}; {seconds:,.1f} s"


def _why(part: ShardsToDo) -> str:
    if part.follows_from:
        return f"follows from {part.follows_from}{_condition(part)}"
    return "; ".join(WHY[why] for why in part.why)


def _condition(part: ShardsToDo) -> str:
    """What must be other for a stage to follow, where that is not all of a row: answers and licences are not heard."""
    return " (other texts only)" if part.stage == SPEECH else ""


# What each reason means, for people.
WHY = {
    "input": "input: other bytes are read",
    "recipe": "recipe: other parameters or models",
    "code": "code: another version",
    "recipe or code": "recipe or code: the record does not tell which",
    "new": "not done yet",
    "damaged": "damaged since",
}


def earlier_code(shards: int, of: int) -> str:
    """How many shards were spoken by code that has changed since."""
    return f"{shards:,} of {of:,} shards were spoken by an earlier version of the code"


def kept_attempts(status: Status) -> Iterator[str]:
    """For how many rows the store of attempts had what was needed, and how much is kept beside the run."""
    use = next((stage.store for stage in status.stages if stage.store), None)
    if use is not None:
        yield f"{use.synthesized:,} rows were synthesized, {use.from_store:,} taken from the store of attempts"
    if status.attempts.files:
        files = "1 file" if status.attempts.files == 1 else f"{status.attempts.files:,} files"
        yield f"attempts are kept for later runs: {status.attempts.bytes / 10**6:,.1f} MB in {files}"


def status_table(status: Status) -> Table:
    """One line a stage: shards done, rows, and the time its shards took together."""
    table = _table("stage", "shards", "rows in", "rows out", "worker time", title=status.name, left=("stage",))
    for stage in status.stages:
        done = f"{stage.shards_done:,} of {stage.shards:,}"
        table.add_row(stage.stage, done, f"{stage.rows_in:,}", f"{stage.rows_out:,}", f"{stage.seconds:,.1f} s")
    return table


def explanation_panel(found: Explanation) -> Group:
    """The way of one row: its texts, then each stage's verdict with values and thresholds."""
    texts = Table(box=None, show_header=False, pad_edge=False)
    texts.add_column()
    texts.add_column(overflow="fold")
    for name, text in {"id": found.id, "source": found.source, "position": found.position, **found.texts}.items():
        texts.add_row(f"[bold]{name}[/]", Text(cut(text, 600)))
    if not found.texts and found.steps[0].verdict == "kept":
        texts.add_row("", "its texts are kept by the run that made the dataset")
    elif not found.texts:
        texts.add_row("", "nothing of this row could be read as an instruction and its answer")
    steps = _table("stage", "verdict, and what was measured", left=("stage", "verdict, and what was measured"))
    for step in found.steps:
        measured = _measured(step)
        steps.add_row(step.stage, Text.assemble(_verdict(step), f"\n{measured}" if measured else ""))
    end = Text(f"published: {found.published}" if found.published else "not published")
    return Group(texts, "", steps, end)


def example_list(found: Examples) -> Group:
    """Each row: where it is from, its texts, then what was decided with values and thresholds."""
    parts: list[rich.console.RenderableType] = []
    for row in found.rows:
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column()
        table.add_column(overflow="fold")
        table.add_row("[bold]id[/]", Text(row.id))
        table.add_row("[bold]position[/]", Text(f"{row.source}  {row.position}"))
        for name, text in row.texts.items():
            table.add_row(f"[bold]{name}[/]", Text(cut(text, 600)))
        measured = _measured(row.step)
        table.add_row(row.step.stage, Text.assemble(_verdict(row.step), f"\n{measured}" if measured else ""))
        parts += [table, ""]
    others = "; --seed draws others" if found.of > len(found.rows) else ""
    return Group(*parts, Text(f"{len(found.rows):,} of {found.of:,} rows{others}"))


def view_list(views: Sequence[View]) -> Group:
    """Each view with its columns."""
    parts: list[rich.console.RenderableType] = []
    for view in views:
        columns = ", ".join(f"{name} {dtype}" for name, dtype in view.columns.items())
        parts += [Text.assemble((view.view, "bold"), f": {view.meaning}"), Padding(Text(columns), (0, 0, 1, 2))]
    return Group(*parts)


def answer_table(answer: pl.DataFrame, most: int) -> Group:
    """The first rows of an answer, numbers to the right."""
    numbers = {name for name, dtype in answer.schema.items() if dtype.is_numeric()}
    table = _table(*answer.columns, left=[name for name in answer.columns if name not in numbers])
    for row in answer.head(most).iter_rows():
        table.add_row(*(Text("" if value is None else _short(value)) for value in row))
    more = answer.height - most
    return Group(table, *([f"{more:,} rows more: --csv, --json and --parquet have all"] if more > 0 else []))


def cut(text: str, characters: int) -> str:
    """The beginning of a text, and how much more there is."""
    more = len(text) - characters
    return f"{text[:characters]} … (--json has {more:,} characters more)" if more > 0 else text


def _verdict(step: Step) -> Text:
    if step.verdict == "kept":
        return Text("kept", style="green")
    detail = f"\n{step.detail}" if step.detail else ""
    return Text(f"{step.verdict}\n{step.filter}: {step.reason}{detail}", style="red")


def _measured(step: Step) -> str:
    """The values as `name=value`, the thresholds of the deciding filter or gate behind them.

    Of a row that a filter dropped, what that filter measured, and never what was looked for and not found;
    everything is in the JSON.
    """
    deciding = f"{step.filter}." if step.filter else ""
    shown = {name: value for name, value in step.values.items() if name.startswith(deciding) and value is not False}
    values = " ".join(f"{name}={_short(value)}" for name, value in shown.items())
    limits = " ".join(f"{name}={_short(value)}" for name, value in _limits(step).items())
    return values + (f"\nthresholds: {limits}" if limits else "")


def _limits(step: Step) -> dict[str, object]:
    """The thresholds of the deciding filter or gate, none where the record of somebody else's run has it otherwise."""
    chosen: object = {}
    if step.stage == "synthesize":
        chosen = step.thresholds.get("gates")
    elif step.stage in ("decontaminate", "deduplicate") and step.filter:
        chosen = step.thresholds
    elif step.stage == "screen" and step.filter:
        filters = step.thresholds.get("filters")
        found = [each for each in filters if isinstance(each, dict)] if isinstance(filters, list) else []
        chosen = next((each for each in found if each.get("filter") == step.filter), {})
    return chosen if isinstance(chosen, dict) else {}


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def voice_table(voices: Sequence[Voice]) -> Table:
    """One line a voice: who speaks, and what is known of them."""
    columns = ("voice", "engine", "language", "accent", "license", "consent")
    table = _table(*columns, left=columns)
    for voice in voices:
        known = (voice.name, voice.engine, voice.language, voice.accent, voice.license, voice.consent)
        table.add_row(*(Text(text or "not stated") for text in known))
    return table


def three_rows(rows: Sequence[dict[str, object]], console: Console) -> None:
    """A few published rows: what was said, its tokens, and what they decode to."""
    for row in rows:
        table = Table(box=None, show_header=False, pad_edge=False)
        tokens = row["sound_tokens"]
        assert isinstance(tokens, list)
        start = " ".join(str(token) for token in tokens[:12])
        table.add_row("[bold]spoken[/]", Text(str(row["spoken"])))
        table.add_row("[bold]tokens[/]", f"{start} … ({len(tokens)} in {row['duration']:.2f} s)")
        table.add_row("[bold]decoded[/]", Text(f"{row['transcript']}  (WER {row['wer']:.2f})"))
        table.add_row("[bold]answer[/]", Text(textwrap.shorten(str(row["answer"]), 160, placeholder=" …")))
        console.print(table, "")
