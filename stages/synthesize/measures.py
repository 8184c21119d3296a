"""Measures of attempts: what the gates look at, worked out from texts, tokens and seconds alone."""

from __future__ import annotations

import polars as pl

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.synthesize.heard_words import compare_words

VOWELS = "(?i)[aeiouyà-öø-ÿāăąēĕėęěĩīĭįıōŏőœũūŭůűųơưạ-ỹαεηιουωάέήίόύώϊϋΐΰаеёиоуыэюяіїєў]+"
# A letter that is a syllable of its own, and a word where there are no blanks between; and letters of those alphabets
# that have no blanks either, of which two or three are a syllable, and four or five a word.
SYLLABIC, UNBROKEN = r"\p{Han}\p{Hiragana}\p{Katakana}", r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
WORDS = rf"[{SYLLABIC}]|[{UNBROKEN}]{{1,5}}|[^\s{SYLLABIC}{UNBROKEN}]+"
# Of Arabic, Hebrew or Hindi, say, the vowels are not known, and so no rate.
OTHER_LETTERS = rf"[\p{{L}}&&[^{SYLLABIC}{UNBROKEN}\p{{Latin}}\p{{Greek}}\p{{Cyrillic}}\p{{Hangul}}\p{{Common}}]]"
SYLLABLES = rf"{VOWELS}|[{SYLLABIC}\p{{Hangul}}]|[{UNBROKEN}]{{1,3}}"


def measure(attempts: pl.DataFrame, sound: SoundFormat, language: str) -> pl.DataFrame:
    """Attempts (`ATTEMPT_SCHEMA`) with all that the gates look at, of tokens that are read back in a language.

    WER and CER are null where nothing was heard.
    """
    return attempts.with_columns(token_features(sound)).hstack(compare_transcripts(attempts, language))


def token_features(sound: SoundFormat) -> list[pl.Expr]:
    """What the gates look at in `spoken`, `sound_tokens`, and the seconds of the clip and of its silence."""
    tokens = pl.col("sound_tokens")
    # A run of vowels is a syllable, near enough, and every word has one: "B", "Dr".
    syllables = pl.col("spoken").str.split(" ").list.eval(pl.element().str.count_matches(SYLLABLES).clip(1)).list.sum()
    silent = pl.sum_horizontal("speech.silent_start", "speech.silent_end")
    run_lengths = tokens.list.eval(pl.element().rle().struct.field("len").max())
    return [
        tokens.list.len().cast(pl.Int64).alias("speech.tokens"),
        pl.col("spoken").str.count_matches(WORDS).clip(1).cast(pl.Int64).alias("speech.words"),
        tokens.list.eval(pl.element().eq_missing(sound.mask_code)).list.sum().cast(pl.Int64).alias("speech.mask_codes"),
        # Where all is silent, nobody speaks at any rate.
        pl.when((silent < pl.col("speech.seconds")) & ~pl.col("spoken").str.contains(OTHER_LETTERS))
        .then((syllables / (pl.col("speech.seconds") - silent)).round(2))
        .alias("speech.rate"),
        run_lengths.list.first().fill_null(0).cast(pl.Int64).alias("speech.longest_run"),
    ]


def compare_transcripts(attempts: pl.DataFrame, language: str) -> pl.DataFrame:
    """What the gates look at in the transcripts of attempts, and `speech.audio_wer` of what was heard in the audio."""
    of_audio = compare_words(attempts["spoken"], attempts["speech.audio_transcript"], language)
    compared = compare_words(attempts["spoken"], attempts["speech.transcript"], language)
    return compared.with_columns(of_audio["speech.wer"].alias("speech.audio_wer"))
