"""The text of a dataset card: what is in the dataset, how to load it, where it comes from and what it is not."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sayso.manifests.dataset.contract import TRANSCRIBE_TOKEN
from sayso.manifests.dataset.file_list import PublishedFile
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.reports.funnel import StageFlow
from sayso.stages.compose.conversations import TranscriptionRequest
from sayso.stages.publish.card_content import CardContent, SourceLine
from sayso.stages.publish.hub_metadata import front_matter
from sayso.stages.publish.markdown import as_text
from sayso.stages.publish.summarize import Summary
from sayso.stages.rows.kinds import published_kind
from sayso.stages.rows.recordings import RECORDED
from sayso.stages.synthesize.augment import Augment

_TRANSCRIPTION: dict[TranscriptionRequest, str] = {
    "prompt": "A transcription is asked for before its sound, by one of the eight prompts that Ichigo's trainer knows.",
    "token": f"A transcription is asked for right before its sound, by the reserved token `{TRANSCRIBE_TOKEN}`.",
}


def card_text(content: CardContent) -> bytes:
    """The dataset card: metadata for the Hub, how to load it, the kinds, the funnel, sources, voices, limits."""
    parts = [
        front_matter(content),
        f"# {as_text(content.title)}\n",
        content.card.description.strip() + "\n" if content.card.description.strip() else "",
        _at_a_glance(content.summary, content.sound),
        _loading(content.card.repository, content.files),
        _taken_out(content.summary),
        _kinds(content),
        "## From source rows to published rows\n\n![Funnel](funnel.svg)\n\n" + _funnel_table(content.flows),
        "## Sources\n\n" + _source_table(content.sources),
        _speech(content),
        _limits(content.summary, content.augment),
    ]
    return "\n".join(part for part in parts if part).encode()


def _at_a_glance(summary: Summary, sound: SoundFormat) -> str:
    return (
        f"{summary.rows:,} rows, {summary.spoken:,} of them said aloud: {summary.hours:.2f} hours of speech as "
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


def _taken_out(summary: Summary) -> str:
    """How many answers are not what they are in their sources, and why."""
    if not summary.taken_out:
        return ""
    kinds = ", ".join(f"{as_text(kind)} {rows:,}" for kind, rows in summary.taken_out.items())
    return (
        "Marks that nobody would say or read were taken out of answers. `taken_out` names their kinds in each row; "
        f"rows with each: {kinds}.\n"
    )


def _kinds(content: CardContent) -> str:
    """Rows of each kind: what the recipe asked for, and what came out in each split."""
    summary, mixture = content.summary, content.mixture
    splits = sorted({file.split for file in content.files if file.config == "default"}, reverse=True)
    asked: dict[str, float] = {}
    for kind, part in mixture.asked.items():
        shown = published_kind(kind)
        asked[shown] = asked.get(shown, 0) + part
    lines = [
        f"| kind | asked for | {' | '.join(splits)} | share |",
        f"| --- | ---: | {' | '.join('---:' for _ in splits)} | ---: |",
    ]
    for name in [*summary.kinds, *(name for name in asked if name not in summary.kinds)]:
        part, counted = asked.get(name, 0), summary.kinds.get(name, {})
        # Recorded speech is of a kind of its own where nothing is asked for.
        unasked = not mixture.is_asked and name not in asked
        wanted = "–" if unasked else f"{part:,.0f} rows" if mixture.counts else f"{part:.1%}"
        counts = " | ".join(f"{counted.get(split, 0):,}" for split in splits)
        lines.append(f"| {as_text(name)} | {wanted} | {counts} | {sum(counted.values()) / max(1, summary.rows):.2%} |")
    transcription = _TRANSCRIPTION[content.transcription] + "\n\n" if "transcription" in summary.kinds else ""
    pictures = "![How long the rows are](lengths.svg)\n\n![How well the tokens decode](errors.svg)\n"
    return "## Kinds of rows\n\n" + "\n".join(lines) + "\n\n" + transcription + pictures


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


def _speech(content: CardContent) -> str:
    lines = [
        "| voice | engine | speaker | language | accent | licence | rows |",
        "| --- | --- | --- | --- | --- | --- | ---: |",
    ]
    for voice in content.voices:
        known = (voice.speaker.rsplit("/", 1)[-1], voice.language or "not stated", voice.accent or "–")
        cells = (voice.name, voice.engine, *known, voice.license or "not stated")
        lines.append(f"| {' | '.join(map(as_text, cells))} | {content.summary.voices.get(voice.name, 0):,} |")
    lines = lines if content.voices else []
    consents = [f"- {as_text(voice.name)}: {as_text(voice.consent)}" for voice in content.voices if voice.consent]
    if consents:
        lines += ["", "Consent, as those who made the dataset state it:", "", *consents]
    engines = sorted(content.engines.items())
    models = [f"- {as_text(name.rsplit('/', 1)[-1])}: {as_text(version)}" for name, version in engines]
    speak_with = " The voices speak with:\n\n" + "\n".join(models) if models else ""
    return (
        "## Voices and models\n\n"
        + "".join(f"{line}\n" for line in lines)
        + _recorded(content)
        + f"\nSound tokens: {as_text(content.tokenizer)}, {_codes(content.sound)}.{speak_with}\n"
        + (_augmentation(content.augment) if content.augment else "")
        + _earlier_code(content.flows)
    )


def _recorded(content: CardContent) -> str:
    """Whose recordings are in the dataset, and under which licence; nothing where there are none."""
    if not content.summary.recorded:
        return ""
    licenses = {source.name: source.license for source in content.sources}
    speakers = sum(name.startswith(f"{RECORDED}:") for name in content.summary.voices)
    known = f", of {speakers:,} speakers that the sources tell apart" if speakers else ""
    lines = [
        f"{sum(content.summary.recorded.values()):,} rows are recordings of people{known}; their texts are the "
        "sources' own.\n",
        "| recordings of | licence | rows |",
        "| --- | --- | ---: |",
        *(
            f"| {as_text(name)} | {as_text(licenses.get(name) or 'not stated')} | {rows:,} |"
            for name, rows in content.summary.recorded.items()
        ),
    ]
    return "\n" + "\n".join(lines) + "\n"


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
    recorded, said = sum(summary.recorded.values()), max(1, summary.spoken)
    manner = "synthetic and" if augment else "synthetic, clean and"
    unheard = "no recorded noise, no real room and no hesitation" if augment else "neither noise nor hesitation"
    synthetic = f"{manner} read by few voices: a model trained on it alone has heard {unheard}"
    speech = f"The speech is {synthetic}."
    if recorded:
        others = f" The rest is {synthetic}." if recorded < summary.spoken else ""
        speech = (
            f"{recorded / said:.0%} of what is said are recordings, whose texts the gates alone have checked.{others}"
        )
    inaudible = (
        " Inaudible rows are random tokens: noise as this tokenizer has it, and no recording of noise."
        if "inaudible" in summary.kinds
        else ""
    )
    return (
        "## Known limits\n\n"
        f"{speech} Word error rates "
        "are those of the tokens' own decoder, after English text normalization. The gates are wrong either way: with "
        "the bundled voice and tokenizer, the default ones drop 90 of 100 takes that were spoilt on purpose, and 7 of "
        "100 good ones, each said once. The "
        f"answers are the sources' own and were not checked for truth.{inaudible}\n"
    )
