"""The jobs of the speech, for one range of ids, on a worker that keeps its models in memory."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from sayso.manifests.attempt_files import DamagedAttempts
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.ledger import OTHER_RECORD, Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.records import ShardKey, StoreUse
from sayso.manifests.verdicts import Outcome
from sayso.stages.jobs.job import Done
from sayso.stages.rows.recordings import IS_RECORDED
from sayso.stages.sources.checked_bytes import ChangedFile
from sayso.stages.speech.engines import load_token_synthesizer, load_voice, models_used
from sayso.stages.speech.protocols import SpeechModelError, SpeechTokenizer
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer, format_of, load_tokenizer
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.synthesize.attempt_store import AttemptStore, KeptAttempts
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.lanes import in_lanes, one_at_a_time
from sayso.stages.synthesize.recorded_files import RecordedFile, forget_rows_of
from sayso.stages.synthesize.recorded_speech import encode_recordings
from sayso.stages.synthesize.synthesize import TEXT, Synthesize, synthesize

# What is read of the sample, and what of it is not the speech's to tell: who reads its rows takes it from the sample.
NOT_HEARD = ("kind", "later_turns", "recording")
LISTENED = ("audio_transcript", "audio_wer")
READ = ("id", "source", "position", "kind", "spoken", "later_turns", "recording")


@dataclass(frozen=True)
class SynthesizeJob:
    """Say, encode and check the rows of one range of ids; its rows are what speech made, without what is not heard.

    The part of `config` that decides what is heard is among the parameters; in how large batches does not. Recorded
    speech is read from the `recorded` files, for whose content the key's input stands. Where one is not as it was
    surveyed, its survey and the rows that name it are no longer done: whoever starts the run again has them made anew.
    """

    key: ShardKey
    parameters: dict[str, object]
    config: Synthesize = field(compare=False)
    seed: int
    batch: int = field(compare=False)
    recorded: tuple[RecordedFile, ...] = field(compare=False)
    store: AttemptStore = field(compare=False)

    def outcome(self, ledger: Ledger) -> Done:
        return self.judge(ledger, self.rows(ledger))

    def rows(self, ledger: Ledger) -> pl.DataFrame:
        return ledger.rows("sample", [self.key.shard], READ)

    def judge(self, ledger: Ledger, rows: pl.DataFrame) -> Done:
        check_models(self.parameters, models_here(self.config))
        texts, recordings = rows.filter(~IS_RECORDED), rows.filter(IS_RECORDED)
        kept = self._kept(ledger)
        made = synthesize(texts, ModelsWhenNeeded(self.config), self.config, self.seed, self.batch, kept)
        self.store.add(ledger, kept)
        use = StoreUse(synthesized=len(kept.said), from_store=texts["kind"].ne(TEXT).sum() - len(kept.said))
        if recordings.height:
            made = _together(made, self._encode(ledger, recordings))
        left_out = NOT_HEARD if self.config.listen else (*NOT_HEARD, *LISTENED)
        return Done(Outcome(made.rows.drop(left_out), made.verdicts), rows.height, store=use)

    def _kept(self, ledger: Ledger) -> KeptAttempts:
        try:
            return self.store.kept(ledger)
        except DamagedAttempts as damage:
            raise DamagedShard(self.key.stage, self.key.shard, str(damage), OTHER_RECORD) from None

    def _encode(self, ledger: Ledger, rows: pl.DataFrame) -> Outcome:
        try:
            return encode_recordings(
                rows, self.recorded, sound_tokenizer(self.config.tokenizer), self.config, self.batch
            )
        except ChangedFile as error:
            forget_rows_of(ledger, rows, self.recorded, error.path)
            raise


def _together(made: Outcome, recorded: Outcome) -> Outcome:
    return Outcome(
        pl.concat([made.rows, recorded.rows], how="diagonal").sort("id"),
        pl.concat([made.verdicts, recorded.verdicts], how="diagonal").sort("id"),
    )


@cache
def models_here(config: Synthesize) -> dict[str, object]:
    """What the models are on this machine, looked at once in each worker."""
    return models_used(config.voices, config.tokenizer)


def check_models(planned: Mapping[str, object], here: Mapping[str, object]) -> None:
    """Raises SpeechModelError where this machine has other models than the shard's record would say."""
    other = sorted(name for name, found in _flat(here).items() if _flat(planned).get(name) != found)
    if other:
        raise SpeechModelError(
            f"{socket.gethostname()} has another {', '.join(other)} than the machine that planned the run; let all "
            "have the same packages and models (sayso models fetch, run --models)"
        )


def _flat(models: Mapping[str, object]) -> dict[str, object]:
    engines, tokenizer = models["engines"], models["tokenizer_versions"]
    assert isinstance(engines, Mapping)
    assert isinstance(tokenizer, Mapping)
    return {**engines, **tokenizer}


@dataclass(frozen=True)
class ModelsWhenNeeded:
    """The models of a recipe, loaded when something is to be said that nobody has said before."""

    config: Synthesize

    @property
    def sound_format(self) -> SoundFormat:
        return format_of(self.config.tokenizer)

    def loaded(self) -> SpeechModels:
        return speech_models(self.config.voices, self.config.tokenizer)


@cache
def speech_models(voices: tuple[Voice, ...], config: Tokenizer) -> SpeechModels:
    """The voices and the tokenizer of a recipe, loaded once in each worker.

    Where one of them works on another device than the CPU, parts of a shard are taken through them beside each other.
    """
    tokenizer = sound_tokenizer(config)
    direct = {voice.name: load_token_synthesizer(voice, tokenizer) for voice in voices if voice.is_direct}
    audible = {voice.name: load_voice(voice) for voice in voices if voice.has_audio}
    if {config.computes_on, *(voice.computes_on for voice in voices)} == {"cpu"}:
        return SpeechModels(audible, tokenizer, direct)
    alone = {voice.name for voice in voices if not voice.has_several_callers}
    return SpeechModels(
        {name: one_at_a_time(voice) if name in alone else voice for name, voice in audible.items()},
        one_at_a_time(tokenizer),
        {name: one_at_a_time(voice) if name in alone else voice for name, voice in direct.items()},
        in_lanes,
    )


@cache
def sound_tokenizer(config: Tokenizer) -> SpeechTokenizer:
    """The tokenizer of a recipe, loaded once in each worker."""
    import torch

    # More threads would fight with the other workers, and sums taken in another order give other bits.
    torch.set_num_threads(1)
    return load_tokenizer(config)
