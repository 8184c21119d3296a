"""Gates: may this piece of synthesized speech be published? Ends, length, runs, mask code, and the words heard."""

from __future__ import annotations

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.whisper.normalizer import english_normalizer

# Comparing costs the product of both lengths. Nobody says so many characters in the 30 s that an attempt has at most,
# so what stands beyond them can only make a text more wrong.
LONGEST_COMPARED = 2_000
# An attempt of the whole length has most likely been cut there.
MARGIN_SECONDS = 0.1


class Gates(BaseModel):
    """Thresholds that an attempt must pass. What they look at is stored, so they can be tried again without speech.

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
    max_run: int | None = Field(
        default=None, gt=0, description="equal tokens in a row; as many as make one second when not given"
    )
    max_wer: float = Field(default=0.34, ge=0, description="word error rate of the decoded text")
    max_cer: float = Field(default=0.2, ge=0, description="character error rate of the decoded text")

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
            pl.when(pl.col("speech.mask_codes") > 0).then(pl.lit("mask_code")),
            pl.when(pl.col("speech.longest_run") > gates.max_run).then(pl.lit("repeated_run")),
            pl.when(pl.col("speech.wer") > self.max_wer).then(pl.lit("wrong_words")),
            pl.when(pl.col("speech.cer") > self.max_cer).then(pl.lit("wrong_characters")),
        )


def token_features(sound: SoundFormat) -> list[pl.Expr]:
    """What the gates look at in `spoken` and `sound_tokens`."""
    tokens = pl.col("sound_tokens")
    run_lengths = tokens.list.eval(pl.element().rle().struct.field("len").max())
    return [
        tokens.list.len().cast(pl.Int64).alias("speech.tokens"),
        pl.col("spoken").str.split(" ").list.len().cast(pl.Int64).alias("speech.words"),
        tokens.list.eval(pl.element().eq_missing(sound.mask_code)).list.sum().cast(pl.Int64).alias("speech.mask_codes"),
        run_lengths.list.first().fill_null(0).cast(pl.Int64).alias("speech.longest_run"),
    ]


def error_rates(references: pl.Series, hypotheses: pl.Series) -> pl.DataFrame:
    """Columns `speech.wer` and `speech.cer` of hypotheses against references; null where there is none.

    Both sides go through Whisper's own English normalizer first, as in its paper's evaluation (Radford et
    al. 2022, appendix C), so that "20 %" and "twenty percent" are the same words.
    """
    rates = [_rates(reference, hypothesis) for reference, hypothesis in zip(references, hypotheses, strict=True)]
    return pl.DataFrame(rates, schema={"speech.wer": pl.Float64, "speech.cer": pl.Float64}, orient="row")


def _rates(reference: str, hypothesis: str | None) -> tuple[float | None, float | None]:
    if hypothesis is None:
        return None, None
    # Recipes have gates, too, and need it not.
    import jiwer

    normalize = english_normalizer()
    reference, hypothesis = normalize(reference[:LONGEST_COMPARED]), normalize(hypothesis[:LONGEST_COMPARED])
    if not reference:
        wrong = float(bool(hypothesis))
        return wrong, wrong
    wer = jiwer.wer(reference, hypothesis)
    # The normalizer may join or split words ("every day"): CER looks at the letters alone.
    cer = jiwer.cer(reference.replace(" ", ""), hypothesis.replace(" ", ""))
    return round(wer, 4), round(cer, 4)
