"""Publish: the dataset's card, its figure and the list of its files, written when every shard is in place."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field

from manifests.figure import funnel_svg
from manifests.file_list import PublishedFile
from manifests.funnel import StageFlow
from stages.speech.models import Voice


class Card(BaseModel):
    """What the dataset card says beyond what the run knows by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = Field(default=None, description="heading of the card; the recipe's name when not given")
    description: str = Field(default="", description="a paragraph in Markdown under the heading")
    language: tuple[str, ...] = Field(default=("en",), description="ISO codes for the Hub")


class SourceLine(BaseModel):
    """One source in the card's table."""

    model_config = ConfigDict(frozen=True)

    name: str
    license: str | None
    rows: int
    published: int


class Summary(BaseModel):
    """What the published rows are like, as numbers."""

    model_config = ConfigDict(frozen=True)

    rows: int
    hours: float
    mean_seconds: float
    mean_wer: float
    share_exact: float = Field(description="share of rows whose tokens decode to the very words")


def summarize(published: pl.LazyFrame) -> Summary:
    """Rows, hours of speech, mean length, and how well the tokens decode."""
    numbers = published.select(
        pl.len().alias("rows"),
        (pl.col("duration").cast(pl.Float64).sum() / 3600).alias("hours"),
        pl.col("duration").cast(pl.Float64).mean().fill_null(0).alias("mean_seconds"),
        pl.col("wer").cast(pl.Float64).mean().fill_null(0).alias("mean_wer"),
        (pl.col("wer") == 0).mean().fill_null(0).alias("share_exact"),
    ).collect()
    return Summary(**numbers.row(0, named=True))


def figure(flows: Sequence[StageFlow], title: str) -> bytes:
    """The funnel as an SVG file."""
    return funnel_svg(flows, f"{title}: from source rows to published rows").encode()


def card_text(
    name: str,
    card: Card,
    summary: Summary,
    files: Sequence[PublishedFile],
    sources: Sequence[SourceLine],
    flows: Sequence[StageFlow],
    voices: Sequence[Voice],
    tokenizer: str,
) -> bytes:
    """The dataset card: metadata for the Hub, the funnel, sources and licences, voices, how to load it."""
    title = card.title or name
    parts = [
        _front_matter(title, card, sources, files),
        f"# {_plain(title)}\n",
        card.description.strip() + "\n" if card.description.strip() else "",
        _at_a_glance(summary),
        _loading(),
        "## From source rows to published rows\n\n![Funnel](funnel.svg)\n\n" + _funnel_table(flows),
        "## Sources\n\n" + _source_table(sources),
        _speech(voices, tokenizer),
    ]
    return "\n".join(part for part in parts if part).encode()


def _front_matter(title: str, card: Card, sources: Sequence[SourceLine], files: Sequence[PublishedFile]) -> str:
    licenses = sorted({source.license.lower() for source in sources if source.license})
    metadata = {
        "pretty_name": title,
        "license": licenses[0] if len(licenses) == 1 and all(source.license for source in sources) else "other",
        "language": list(card.language),
        "task_categories": ["automatic-speech-recognition", "text-generation"],
        "tags": ["speech", "instruction", "sound-tokens", "whispervq"],
        "size_categories": [_size_category(sum(file.rows for file in files if file.config == "default"))],
        "configs": _configs(files),
    }
    return f"---\n{yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True)}---\n"


def _configs(files: Sequence[PublishedFile]) -> list[dict[str, object]]:
    """Which files each config has in each split, as the Hub reads it."""
    paths: dict[str, dict[str, str]] = {}
    for file in files:
        folder, _, _ = file.name.partition("/")
        paths.setdefault(file.config, {})[file.split] = f"{folder}/{file.split}-*.parquet"
    return [
        {"config_name": config, "data_files": [{"split": split, "path": path} for split, path in of_config.items()]}
        for config, of_config in paths.items()
    ]


def _size_category(rows: int) -> str:
    bounds = [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")]
    return next((name for bound, name in bounds if rows < bound), "1M<n<10M")


def _at_a_glance(summary: Summary) -> str:
    return (
        f"{summary.rows:,} spoken instructions with text answers, {summary.hours:.2f} hours of speech as WhisperVQ "
        f"sound tokens (25 a second, mean length {summary.mean_seconds:.1f} s). Every row was decoded back from its "
        f"tokens: the mean word error rate is {summary.mean_wer:.1%}, and {summary.share_exact:.0%} of the rows decode "
        "to the very words that were said.\n"
    )


def _loading() -> str:
    return (
        "```python\n"
        "from datasets import load_dataset\n\n"
        'rows = load_dataset("PATH_OR_HUB_NAME", split="train")\n'
        'print(rows[0]["spoken"], rows[0]["sound_tokens"][:10])\n'
        "```\n\n"
        "`conversations` holds the user's turn as a sound string and the answer as text, ready for a chat template. "
        "`spoken` is the prompt as it was said, `transcript` what the tokens decode to, `wer` and `cer` how far they "
        "are apart.\n"
    )


def _funnel_table(flows: Sequence[StageFlow]) -> str:
    lines = ["| stage | rows in | rows out | lost for |", "| --- | ---: | ---: | --- |"]
    for flow in flows:
        losses = ", ".join(f"{loss.reason} {loss.rows:,}" for loss in flow.losses) or "–"
        lines.append(f"| {flow.stage} | {flow.rows_in:,} | {flow.rows_out:,} | {losses} |")
    return "\n".join(lines) + "\n"


def _source_table(sources: Sequence[SourceLine]) -> str:
    lines = ["| source | licence | rows | published |", "| --- | --- | ---: | ---: |"]
    lines += [
        f"| {_plain(source.name)} | {_plain(source.license or 'not stated')} | {source.rows:,} | {source.published:,} |"
        for source in sources
    ]
    return "\n".join(lines) + "\n"


def _speech(voices: Sequence[Voice], tokenizer: str) -> str:
    said = ", ".join(
        f"{_plain(voice.name)} ({voice.engine}: {_plain(voice.speaker.rsplit('/', 1)[-1])})" for voice in voices
    )
    return (
        "## Voices and models\n\n"
        f"Synthetic speech, voices: {said}. Sound tokens: {_plain(tokenizer)}, codes 0 to 511. The speech is clean and "
        "read by few voices: a model trained on it alone has heard neither noise nor hesitation.\n"
    )


def _plain(text: str) -> str:
    """Text from a recipe as one line that Markdown and HTML leave as it is."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "\\|")
    return " ".join(escaped.split())
