"""Synthesize: say each row, encode it as sound tokens, decode the tokens back to text, and keep what is right."""

from __future__ import annotations

from functools import partial
from typing import Protocol

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.verdicts import NO_REASON, Outcome, outcome
from sayso.stages.rows.recordings import RECORDED
from sayso.stages.speech.tokenizers.any_tokenizer import AnyTokenizer
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.voices.any_voice import AnyVoice
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.synthesize.attempt_keys import attempt_keys
from sayso.stages.synthesize.attempt_store import KeptAttempts, StoreConfig, nothing_kept
from sayso.stages.synthesize.attempts import (
    SpeechModels,
    SynthesisSettings,
    make_attempt,
    plan_attempt,
    turns_to_synthesize,
    turns_worth_an_attempt,
)
from sayso.stages.synthesize.augment import Augment
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.judged_rows import outcome_of_rows, rows_of_attempts
from sayso.stages.synthesize.measures import measure
from sayso.stages.synthesize.recording import join_flac
from sayso.stages.synthesize.utterances import Utterances

TEXT = "text"


class Synthesize(BaseModel):
    """The voices, the sound tokenizer, and what an attempt must pass to be published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    voices: tuple[AnyVoice, ...] = Field(
        default=(Hibari(name="heart"),),
        description="one of them is drawn for each row; `{bank: NAME}` is one of the bank, all of it when not given. "
        "`[]`: nobody speaks, where all rows are recorded speech or stay text",
    )
    voice_bank: str | None = Field(
        default=None, description="a YAML file with a list of voices, whose paths are relative to its folder"
    )
    unlicensed_voices: bool = Field(
        default=False, description="speak with voices that have no `license`; the card says so"
    )
    tokenizer: AnyTokenizer = WhisperVQConfig()
    gates: Gates = Gates()
    attempts: int = Field(default=3, gt=0, description="attempts that a row gets, each with another voice or seed")
    max_utterance_bytes: int = Field(
        default=549, gt=0, description="most UTF-8 bytes that are said at once; a longer text is said in parts"
    )
    pause_seconds: float = Field(default=0.3, ge=0, le=5, description="silence between the parts of a text")
    augment: Augment | None = Field(default=None, description="noise, rooms and loudness; off where it is left out")
    audio: bool = Field(
        default=False, description="keep what was said beside the tokens, as FLAC; about 15 kB a second more"
    )
    listen: bool = Field(
        default=False,
        description="transcribe the audio without the tokens, too, which costs as much again as decoding these: "
        "`audio_wer` beside `wer` tells what the tokens lost",
    )
    store: StoreConfig = Field(
        default=StoreConfig(), description="what was said is kept here, and not said again where it is asked for again"
    )

    @field_validator("voices")
    @classmethod
    def _names_are_unique(cls, voices: tuple[AnyVoice, ...]) -> tuple[AnyVoice, ...]:
        if len({voice.name for voice in voices}) < len(voices):
            raise ValueError("two voices have the same name")
        taken = [voice.name for voice in voices if voice.name.partition(":")[0] == RECORDED]
        if taken:
            raise ValueError(f"no voice can be called {taken[0]!r}: the speakers of recordings have such names")
        return voices

    @model_validator(mode="after")
    def _voices_are_licensed(self) -> Synthesize:
        unlicensed = [voice.name for voice in self.voices if voice.license is None]
        if unlicensed and not self.unlicensed_voices:
            raise ValueError(
                f"the voice {unlicensed[0]!r} has no `license`; state it, or set synthesize.unlicensed_voices to true"
            )
        return self

    @model_validator(mode="after")
    def _there_is_audio_to_keep(self) -> Synthesize:
        direct = [voice.name for voice in self.voices if voice.is_direct]
        needs = {"audio": self.audio, "listen": self.listen, "augment": self.augment}
        wanting = [name for name, value in needs.items() if value]
        if wanting and direct:
            raise ValueError(
                f"`{wanting[0]}` needs what was said, but voice {direct[0]!r} says tokens and makes no audio: "
                "take one of them out"
            )
        return self

    def fingerprint_parameters(self) -> dict[str, object]:
        """The part that decides what is heard, without the folders that files lie in: what a shard depends on."""
        # A lone voice says every row, whatever its weight.
        unheard = {"weight"} if len(self.voices) == 1 else set[str]()
        voices = [
            {name: value for name, value in voice.fingerprint_parameters().items() if name not in unheard}
            for voice in self.voices
        ]
        engines: dict[str, object] = {"voices": voices, "tokenizer": self.tokenizer.fingerprint_parameters()}
        return engines | self.model_dump(mode="json", exclude={*engines, "voice_bank", "unlicensed_voices", "store"})


class Models(Protocol):
    """What speaks, as far as a shard needs it: `loaded` only where something has to be synthesized."""

    @property
    def sound_format(self) -> SoundFormat: ...

    def loaded(self) -> SpeechModels: ...


def synthesize(
    rows: pl.DataFrame, models: Models, config: Synthesize, seed: int, batch: int, kept: KeptAttempts | None = None
) -> Outcome:
    """Synthesize one shard's rows and judge them; kept rows gain tokens, duration, voice, transcript, WER and CER.

    Rows of kind `text` go on as they are. Each turn of a row is said by one voice, in several utterances where it is
    longer than `config.max_utterance_bytes`, and must pass the gates by itself. What a kept row gains is of all its
    turns: their tokens one after the other, their seconds together, a line of transcript for each, and the means of WER
    and CER, weighted by the turns' words; with `config.audio`, `audio` (FLAC, 16 kHz mono), too, and with
    `config.listen` `audio_transcript` and `audio_wer`.

    A row of which a turn fails a gate is said again as a whole, at another seed, speed or voice, up to
    `config.attempts` times, but not by a voice that would say the same as before. It is then dropped for the reason of
    its last attempt; `speech.earlier` lists the reasons before, and the other measures are those of the turn that
    failed (`speech.turn`). A voice gets all that it has to say at once. `batch` clips are handed to the tokenizer
    together, and the models may take parts of a shard beside each other, which changes the speed and not one byte of
    the result. Nor does `kept`: an attempt that is among these is taken from there, and new ones are added.
    """
    spoken = rows.filter(pl.col("kind") != TEXT)
    pending = turns_to_synthesize(spoken)
    settings = SynthesisSettings(
        config.voices,
        seed,
        Utterances(config.max_utterance_bytes, config.pause_seconds),
        config.augment,
        config.listen,
        config.audio,
        config.tokenizer.language_heard,
    )
    kept = kept or nothing_kept(voice.name for voice in config.voices)
    judged = []
    for attempt in range(config.attempts):
        due = turns_worth_an_attempt(pending, config.voices, seed, attempt)
        if attempt and due.is_empty():
            continue
        measured = _attempts(due, models, settings, attempt, batch, kept)
        reason = config.gates.reason(models.sound_format).alias("reason")
        of_rows = rows_of_attempts(measured.with_columns(reason))
        judged.append(of_rows.with_columns(_recordings(of_rows["audio"])) if config.audio else of_rows.drop("audio"))
        passed = of_rows.filter(pl.col("reason").is_null())
        pending = pending.join(passed, on="id", how="anti", maintain_order="left")
        if pending.is_empty():
            break
    return _with_text(outcome_of_rows(spoken, pl.concat(judged)), rows.filter(pl.col("kind") == TEXT))


def _attempts(
    due: pl.DataFrame, models: Models, settings: SynthesisSettings, attempt: int, batch: int, kept: KeptAttempts
) -> pl.DataFrame:
    """One attempt at all turns of some rows, measured: those that were made before as they are, the others now."""
    planned = plan_attempt(due, settings, attempt)
    planned = planned.with_columns(attempt_keys(planned, settings, kept.engines))
    found = kept.find(planned, settings)
    left = planned.join(found, on=["id", "turn"], how="anti", maintain_order="left")
    parts = [measure(found, models.sound_format, settings.language)]
    if left.height:
        speech = models.loaded()
        made = speech.parts(left, partial(_make, speech, settings, attempt, batch))
        kept.add(pl.concat(made), settings)
        parts += made
    return pl.concat(parts).sort("id", "turn").drop("key")


def _make(
    speech: SpeechModels, settings: SynthesisSettings, attempt: int, batch: int, planned: pl.DataFrame
) -> pl.DataFrame:
    made = make_attempt(planned, speech, settings, attempt, batch)
    return measure(made, speech.sound_format, settings.language)


def _with_text(spoken: Outcome, text: pl.DataFrame) -> Outcome:
    """The outcome with rows that are kept as text: nothing spoken, and no tokens."""
    nothing = pl.lit([], pl.List(pl.UInt16))
    text = text.with_columns(
        pl.lit(None, pl.String).alias("spoken"), nothing.alias("sound_tokens"), nothing.alias("tokens_per_turn")
    )
    written = outcome(text, "speech", NO_REASON, kept=text.columns)
    return Outcome(
        pl.concat([spoken.rows, written.rows], how="diagonal").sort("id"),
        pl.concat([spoken.verdicts, written.verdicts], how="diagonal").sort("id"),
    )


def _recordings(of_rows: pl.Series) -> pl.Series:
    """`audio` of rows: the recordings of their turns one after the other, null where there are none."""
    of_turns = [[] if files is None else files.drop_nulls().to_list() for files in of_rows]
    return pl.Series("audio", [join_flac(files) if files else None for files in of_turns], dtype=pl.Binary)
