"""Gates: may this piece of speech be published? Its ends, length, pace, silence, runs, and the words heard."""

from __future__ import annotations

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.dataset.sound_format import SoundFormat

# An attempt of the whole length has most likely been cut there.
MARGIN_SECONDS = 0.1


class Gates(BaseModel):
    """Thresholds that an attempt must pass.

    What they look at is measured of attempts that are kept in the store (`synthesize.store`): a run with other gates
    judges those, and says only what was never said, such as the next attempt at a row that passes no more.
    The error rates are above what sound tokens lose of good speech, and let one word of three be wrong;
    docs/explanation/gates.md has what was measured, and where.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_seconds: float | None = Field(
        default=None,
        gt=0,
        description="what the tokenizer takes at once, less 0.1 s, when not given; and never more than it takes",
    )
    min_seconds_per_word: float = Field(default=0.1, ge=0, description="faster: something was left out")
    max_seconds_per_word: float = Field(default=1.2, gt=0, description="slower: the voice ran away")
    pause_seconds: float = Field(default=1.5, ge=0, description="added to the longest time that words may take")
    min_speaking_rate: float = Field(
        default=1.5, ge=0, description="syllables a second, without the silence at the ends; people say 2 to 8"
    )
    max_speaking_rate: float = Field(default=9.0, gt=0, description="faster than this nobody speaks")
    max_silence: float = Field(default=0.5, ge=0, le=1, description="share of the time that is silent at either end")
    max_run: int | None = Field(
        default=None, gt=0, description="equal tokens in a row; as many as make one second when not given"
    )
    max_wer: float = Field(default=0.34, ge=0, description="word error rate of the decoded text")
    max_cer: float = Field(default=0.2, ge=0, description="character error rate of the decoded text")
    max_lost_start: int = Field(default=0, ge=0, description="words missing at the start, with nothing in their place")
    max_lost_end: int = Field(default=0, ge=0, description="the same at the end: the tail was cut")
    max_lost_inside: int = Field(default=0, ge=0, description="the same between, of words of five letters or more")
    max_wrong_numbers: int = Field(default=0, ge=0, description="places where another number was heard")
    max_wrong_negations: int = Field(
        default=0, ge=0, description='places where a "not" and its like was lost, or came in'
    )
    max_name_error: float = Field(
        default=0.45, ge=0, le=1, description="share of a name's sounds that may be wrong; capitalised words are names"
    )

    def for_tokens(self, sound: SoundFormat) -> Gates:
        """The same with what these sound tokens say of thresholds that are not given, or are beyond them."""
        seconds = sound.max_seconds - MARGIN_SECONDS if self.max_seconds is None else self.max_seconds
        run = max(1, round(sound.tokens_per_second)) if self.max_run is None else self.max_run
        return self.model_copy(update={"max_seconds": min(seconds, sound.max_seconds), "max_run": run})

    def reason(self, sound: SoundFormat) -> pl.Expr:
        """Why an attempt may not be published, null where it may; over the columns that attempts are measured by."""
        gates = self.for_tokens(sound)
        seconds, words = pl.col("speech.seconds"), pl.col("speech.words")
        longest = pl.lit(self.pause_seconds) + words * self.max_seconds_per_word
        return pl.coalesce(
            pl.when(pl.col("speech.error").is_not_null()).then(pl.lit("synthesis_error")),
            pl.when(pl.col("speech.tokens") == 0).then(pl.lit("no_sound")),
            # Utterances that all came to their end, and are too long together.
            pl.when((seconds > gates.max_seconds) & (pl.col("speech.utterances") > 1)).then(pl.lit("too_long")),
            pl.when(seconds > gates.max_seconds).then(pl.lit("no_end")),
            pl.when(seconds > longest).then(pl.lit("too_slow")),
            pl.when(seconds < words * self.min_seconds_per_word).then(pl.lit("too_fast")),
            pl.when(pl.max_horizontal("speech.silent_start", "speech.silent_end") > self.max_silence * seconds).then(
                pl.lit("silence")
            ),
            pl.when(~pl.col("speech.rate").is_between(self.min_speaking_rate, self.max_speaking_rate)).then(
                pl.lit("unnatural_rate")
            ),
            pl.when(pl.col("speech.mask_codes") > 0).then(pl.lit("mask_code")),
            pl.when(pl.col("speech.longest_run") > gates.max_run).then(pl.lit("repeated_run")),
            pl.when(pl.col("speech.lost_start") > self.max_lost_start).then(pl.lit("cut_start")),
            pl.when(pl.col("speech.lost_end") > self.max_lost_end).then(pl.lit("cut_end")),
            pl.when(pl.col("speech.lost_inside") > self.max_lost_inside).then(pl.lit("lost_word")),
            pl.when(pl.col("speech.wer") > self.max_wer).then(pl.lit("wrong_words")),
            pl.when(pl.col("speech.cer") > self.max_cer).then(pl.lit("wrong_characters")),
            pl.when(pl.col("speech.wrong_numbers") > self.max_wrong_numbers).then(pl.lit("wrong_number")),
            pl.when(pl.col("speech.wrong_negations") > self.max_wrong_negations).then(pl.lit("wrong_negation")),
            pl.when(pl.col("speech.name_error") > self.max_name_error).then(pl.lit("wrong_name")),
        )
