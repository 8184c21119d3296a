"""Answers as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from sayso.manifests.reports.explanation import Explanation, Step
from sayso.manifests.reports.funnel import StageFlow
from sayso.manifests.reports.status import Status
from sayso.pipeline.cli.console import Console
from sayso.pipeline.stage_names import SPEECH

if TYPE_CHECKING:
    from sayso.pipeline.cost import Cost, ShardsToDo

    # It brings the models with it, which most tables do not need.
    from sayso.stages.speech.voices.voice import Voice

BAR = 16


def funnel_table(flows: Sequence[StageFlow]) -> Table:
    """One line a stage with a bar, one line below it for each reason that rows were lost for."""
    table = Table(title="Funnel", title_justify="left", box=None, pad_edge=False)
    table.add_column("stage", no_wrap=True)
    table.add_column("", width=BAR)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("lost for", no_wrap=True)
    most = max([flow.rows_in for flow in flows], default=0) or 1
    for flow in flows:
        bar = Text("█" * round(BAR * flow.rows_out / most), style="cyan")
        table.add_row(f"[bold]{flow.stage}[/]", bar, f"[bold]{flow.rows_out:,}[/] of {flow.rows_in:,}", "")
        for loss in flow.losses:
            table.add_row("", "", f"-{loss.rows:,}", Text(f"{loss.filter}: {loss.reason}"))
    return table


def source_table(flows: Sequence[StageFlow]) -> Table:
    """One line a source: the rows that came in, and what each stage left of them."""
    table = Table(title="By source", title_justify="left", box=None, pad_edge=False)
    table.add_column("source")
    table.add_column("rows", justify="right")
    for flow in flows:
        table.add_column(flow.stage, justify="right")
    for came in flows[0].sources if flows else ():
        left = [next((found.rows_out for found in flow.sources if found.source == came.source), 0) for flow in flows]
        table.add_row(Text(came.source), f"{came.rows_in:,}", *(f"{rows:,}" for rows in left))
    return table


def cost_table(cost: Cost) -> Group:
    """One line for the shards of a stage that are to do for the same reason; rows and time are those of last time."""
    table = Table(box=None, pad_edge=False)
    for name in ("stage", "shards", "rows", "worker time", "why"):
        table.add_column(name, justify="left" if name in ("stage", "why") else "right", no_wrap=name != "why")
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
    return Group(Text(f"{finished}; to do, with rows and time as they were:"), table, *below)


def cost_lines(cost: Cost) -> Iterator[str]:
    """What is done again that was done before: a line for each stage and reason, and one for what follows."""
    for part in cost.to_do:
        if part.why and part.why != ("new",):
            yield f"{part.stage}: {part.shards:,} shards of {part.rows:,} rows, {part.seconds:,.1f} s ({_why(part)})"
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


def status_table(status: Status) -> Table:
    """One line a stage: shards done, rows, and the time its shards took together."""
    table = Table(title=Text(status.name), title_justify="left", box=None, pad_edge=False)
    for name in ("stage", "shards", "rows in", "rows out", "worker time"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    for stage in status.stages:
        done = f"{stage.shards_done:,} of {stage.shards:,}"
        table.add_row(stage.stage, done, f"{stage.rows_in:,}", f"{stage.rows_out:,}", f"{stage.seconds:,.1f} s")
    return table


def explanation_panel(found: Explanation) -> Group:
    """The way of one row: its texts, then each stage's verdict with values and thresholds."""
    texts = Table(box=None, show_header=False, pad_edge=False)
    for name, text in found.texts.items():
        texts.add_row(f"[bold]{name}[/]", Text(_cut(text, 600)))
    if not found.texts and found.steps[0].verdict == "kept":
        texts.add_row("its texts are kept by the run that made the dataset")
    elif not found.texts:
        texts.add_row("nothing of this row could be read as an instruction and its answer")
    steps = Table(box=None, pad_edge=False)
    for name in ("stage", "verdict", "measured"):
        steps.add_column(name)
    for step in found.steps:
        steps.add_row(step.stage, _verdict(step), Text(_measured(step)))
    end = Text(f"published: {found.published}" if found.published else "not published")
    title = Text(f"{found.id}  {found.source}  {found.position}")
    return Group(Panel(texts, title=title, title_align="left"), steps, end)


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[:characters] + " …"


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
    table = Table(box=None, pad_edge=False)
    for column in ("voice", "engine", "language", "accent", "license", "consent"):
        table.add_column(column)
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
        table.add_row("[bold]answer[/]", Text(_cut(str(row["answer"]), 160)))
        console.print(table, "")
