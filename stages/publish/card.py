"""Publish: the dataset's card and its pictures, written when every shard is in place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml
from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.dataset.file_list import PublishedFile
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.reports.figure import funnel_svg
from sayso.manifests.reports.funnel import StageFlow
from sayso.stages.publish.bar_chart import bar_chart
from sayso.stages.publish.markdown import as_text
from sayso.stages.publish.summarize import ERRORS, SECONDS, Summary
from sayso.stages.rows.mixture import TURNS, Mixture
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.synthesize.augment import Augment

# What the Hub's `license` field knows by itself, of what instruction sets are published under; others are `other`.
HUB_LICENSES = frozenset(
    (
        *("apache-2.0", "mit", "bsd-3-clause", "gpl-3.0", "lgpl-3.0", "agpl-3.0", "unlicense", "openrail"),
        *("cc", "cc0-1.0", "cc-by-2.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nd-4.0"),
        *("cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "odc-by", "odbl", "pddl"),
        *("llama2", "llama3", "llama3.1", "gemma"),
    )
)


class Card(BaseModel):
    """What the dataset card says beyond what the run knows by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = Field(default=None, description="heading of the card; the recipe's name when not given")
    description: str = Field(default="", description="a paragraph in Markdown under the heading")
    language: tuple[str, ...] = Field(
        default=(), description="ISO codes for the Hub; those that the filter `language` found when not given"
    )
    repository: str = Field(
        default="PATH_OR_HUB_NAME", description="ORG/NAME on the Hub, for the example that loads it"
    )


class SourceLine(BaseModel):
    """One source in the card's table."""

    model_config = ConfigDict(frozen=True)

    name: str
    license: str | None
    rows: int
    published: int


@dataclass(frozen=True)
class Published:
    """All that a card tells: what was asked, what came out, and what it was made with."""

    name: str
    card: Card
    mixture: Mixture
    summary: Summary
    files: Sequence[PublishedFile]
    sources: Sequence[SourceLine]
    flows: Sequence[StageFlow]
    voices: Sequence[Voice]
    sound: SoundFormat
    tokenizer: str
    engines: Mapping[str, str]
    augment: Augment | None

    @property
    def title(self) -> str:
        return self.card.title or self.name


def pictures(published: Published) -> dict[str, bytes]:
    """The card's pictures, SVG files by name."""
    summary = published.summary
    seconds = [*(f"{edge - 2}–{edge}" for edge in SECONDS), f"> {SECONDS[-1]}"]
    errors = ["0", *(f"≤ {edge:.0%}" for edge in ERRORS[1:]), f"> {ERRORS[-1]:.0%}"]
    return {
        "funnel.svg": funnel_svg(published.flows, f"{published.title}: from source rows to published rows").encode(),
        "lengths.svg": bar_chart("How long the rows are", "seconds of speech", seconds, summary.lengths),
        "errors.svg": bar_chart("How well the tokens decode", "word error rate", errors, summary.errors),
    }


def card_text(published: Published) -> bytes:
    """The dataset card: metadata for the Hub, how to load it, the kinds, the funnel, sources, voices, limits."""
    parts = [
        _front_matter(published),
        f"# {as_text(published.title)}\n",
        published.card.description.strip() + "\n" if published.card.description.strip() else "",
        _at_a_glance(published.summary, published.sound),
        _loading(published.card.repository, published.files),
        _kinds(published),
        "## From source rows to published rows\n\n![Funnel](funnel.svg)\n\n" + _funnel_table(published.flows),
        "## Sources\n\n" + _source_table(published.sources),
        _speech(published),
        _limits(published.summary, published.augment),
    ]
    return "\n".join(part for part in parts if part).encode()


def _front_matter(published: Published) -> str:
    default_rows = sum(file.rows for file in published.files if file.config == "default")
    metadata = {
        "pretty_name": published.title,
        "license": _licenses(published.sources),
        "language": list(published.card.language or published.summary.languages),
        "task_categories": ["automatic-speech-recognition", "text-generation"],
        "tags": ["speech", "instruction", "sound-tokens", _tag(published.sound.name)],
        "size_categories": [_size_category(default_rows)],
        "configs": configs_of(published.files),
    }
    return f"---\n{yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True)}---\n"


def _licenses(sources: Sequence[SourceLine]) -> list[str]:
    """The licences of all sources as the Hub calls them; `other` for what it has no name for."""
    given = {(source.license or "other").lower() for source in sources if source.published}
    return sorted({name if name in HUB_LICENSES else "other" for name in given}) or ["other"]


def configs_of(files: Sequence[PublishedFile]) -> list[dict[str, object]]:
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


def _tag(name: str) -> str:
    """A name as the Hub's tags are written: lower case, words parted by hyphens."""
    known = (letter if letter.isascii() and letter.isalnum() else " " for letter in name.lower())
    return "-".join("".join(known).split()) or "sound"


def _at_a_glance(summary: Summary, sound: SoundFormat) -> str:
    return (
        f"{summary.rows:,} rows, {summary.said:,} of them said aloud: {summary.hours:.2f} hours of speech as "
        f"{as_text(sound.name)} sound tokens ({sound.tokens_per_second:g} a second, mean length "
        f"{summary.mean_seconds:.1f} s). Each of these was decoded back from its tokens: the mean word error rate is "
        f"{summary.mean_wer:.1%}, and {summary.share_exact:.0%} of them decode to the very words that were said.\n"
    )


def _loading(repository: str, files: Sequence[PublishedFile]) -> str:
    configs = sorted({file.config for file in files})
    ichigo = (
        " The config `ichigo` has the rows with sound in the columns of Ichigo's instruction-speech datasets."
        if "ichigo" in configs
        else ""
    )
    return (
        "```python\n"
        "from datasets import load_dataset\n\n"
        f'rows = load_dataset({json.dumps(repository, ensure_ascii=False)}, split="train")\n'
        'print(rows[0]["spoken"], rows[0]["sound_tokens"][:10])\n'
        "```\n\n"
        "`conversations` holds the user's turn as a sound string and the answer as text, ready for a chat template. "
        "`spoken` is the prompt as it was said, `transcript` what the tokens decode to, `wer` and `cer` how far they "
        f"are apart.{ichigo}\n"
    )


def _kinds(published: Published) -> str:
    """Rows of each kind: what the recipe asked for, and what came out in each split."""
    summary, mixture = published.summary, published.mixture
    splits = sorted({file.split for file in published.files if file.config == "default"}, reverse=True)
    asked: dict[str, float] = {}
    for kind, part in mixture.asked.items():
        shown = "multi_turn" if kind in TURNS else str(kind)
        asked[shown] = asked.get(shown, 0) + part
    lines = [
        f"| kind | asked for | {' | '.join(splits)} | share |",
        f"| --- | ---: | {' | '.join('---:' for _ in splits)} | ---: |",
    ]
    for name in [*summary.kinds, *(name for name in asked if name not in summary.kinds)]:
        part, counted = asked.get(name, 0), summary.kinds.get(name, {})
        wanted = f"{part:,.0f} rows" if mixture.counts else f"{part:.1%}"
        counts = " | ".join(f"{counted.get(split, 0):,}" for split in splits)
        lines.append(f"| {as_text(name)} | {wanted} | {counts} | {sum(counted.values()) / max(1, summary.rows):.2%} |")
    pictures = "![How long the rows are](lengths.svg)\n\n![How well the tokens decode](errors.svg)\n"
    return "## Kinds of rows\n\n" + "\n".join(lines) + "\n\n" + pictures


def _funnel_table(flows: Sequence[StageFlow]) -> str:
    lines = ["| stage | rows in | rows out | lost for |", "| --- | ---: | ---: | --- |"]
    for flow in flows:
        losses = ", ".join(f"{as_text(loss.reason)} {loss.rows:,}" for loss in flow.losses) or "–"
        lines.append(f"| {as_text(flow.stage)} | {flow.rows_in:,} | {flow.rows_out:,} | {losses} |")
    return "\n".join(lines) + "\n"


def _source_table(sources: Sequence[SourceLine]) -> str:
    lines = ["| source | licence | rows | published | kept |", "| --- | --- | ---: | ---: | ---: |"]
    lines += [
        f"| {as_text(source.name)} | {as_text(source.license or 'not stated')} | {source.rows:,} "
        f"| {source.published:,} | {source.published / max(1, source.rows):.0%} |"
        for source in sources
    ]
    return "\n".join(lines) + "\n"


def _speech(published: Published) -> str:
    lines = [
        "| voice | engine | speaker | language | accent | licence | rows |",
        "| --- | --- | --- | --- | --- | --- | ---: |",
    ]
    for voice in published.voices:
        known = (voice.speaker.rsplit("/", 1)[-1], voice.language or "not stated", voice.accent or "–")
        cells = (voice.name, voice.engine, *known, voice.license or "not stated")
        lines.append(f"| {' | '.join(map(as_text, cells))} | {published.summary.voices.get(voice.name, 0):,} |")
    consents = [f"- {as_text(voice.name)}: {as_text(voice.consent)}" for voice in published.voices if voice.consent]
    if consents:
        lines += ["", "Consent, as those who made the dataset state it:", "", *consents]
    engines = sorted(published.engines.items())
    models = [f"- {as_text(name.rsplit('/', 1)[-1])}: {as_text(version)}" for name, version in engines]
    return (
        "## Voices and models\n\n"
        + "\n".join(lines)
        + f"\n\nSound tokens: {as_text(published.tokenizer)}, {_codes(published.sound)}. The voices speak with:\n\n"
        + "\n".join(models)
        + "\n"
        + (_augmentation(published.augment) if published.augment else "")
        + _earlier_code(published.flows)
    )


def _codes(sound: SoundFormat) -> str:
    without = f" without {sound.mask_code}" if sound.mask_code is not None and sound.mask_code < sound.highest else ""
    return f"codes 0 to {sound.highest}{without}"


def _earlier_code(flows: Sequence[StageFlow]) -> str:
    """How many shards were not spoken by the version of the code that the rest is of."""
    spoken = next((flow for flow in flows if flow.stage == "synthesize" and flow.earlier_code), None)
    if spoken is None:
        return ""
    of = f"{spoken.earlier_code:,} of {spoken.shards:,} shards"
    return f"\n{of} of the speech were spoken by an earlier version of the code.\n"


def _augmentation(augment: Augment) -> str:
    lines = []
    if room := augment.room:
        heard = f"60 dB down after {_range(room.rt60)} s, direct sound {room.direct_db:g} dB over the rest"
        lines.append(f"- a made-up room, {heard}: {room.probability:.0%} of the rows")
    if noise := augment.noise:
        lines.append(
            f"- {noise.color} noise, {_range(noise.snr_db)} dB below the speech: {noise.probability:.0%} of the rows"
        )
    if gain := augment.gain:
        lines.append(f"- gain of {_range(gain.db)} dB: {gain.probability:.0%} of the rows")
    said = "\n".join(lines)
    return f"\nBefore the speech was encoded, this was done to it, as drawn for each row:\n\n{said}\n"


def _range(ends: tuple[float, float]) -> str:
    return f"{ends[0]:g} to {ends[1]:g}"


def _limits(summary: Summary, augment: Augment | None) -> str:
    manner = "synthetic and" if augment else "synthetic, clean and"
    unheard = "no recorded noise, no real room and no hesitation" if augment else "neither noise nor hesitation"
    inaudible = (
        " Inaudible rows are random tokens: noise as this tokenizer has it, and no recording of noise."
        if "inaudible" in summary.kinds
        else ""
    )
    return (
        "## Known limits\n\n"
        f"The speech is {manner} read by few voices: a model trained on it alone has heard {unheard}. Word error rates "
        "are those of the tokens' own decoder, after English text normalization. The "
        f"answers are the sources' own and were not checked for truth.{inaudible}\n"
    )
