"""An attempt is published only if it ends, is as long as its words, does not loop, and decodes to them."""

import polars as pl
import pytest

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.synthesize.gates import Gates
from tests.sound_formats import SOUND_FORMAT

GOOD = {
    "speech.error": None,
    "speech.utterances": 1,
    "speech.tokens": 50,
    "speech.seconds": 2.0,
    "speech.silent_start": 0.1,
    "speech.silent_end": 0.3,
    "speech.rate": 4.5,
    "speech.words": 5,
    "speech.mask_codes": 0,
    "speech.longest_run": 3,
    "speech.wer": 0.2,
    "speech.cer": 0.1,
    "speech.lost_start": 0,
    "speech.lost_end": 0,
    "speech.lost_inside": 0,
    "speech.wrong_numbers": 0,
    "speech.wrong_negations": 0,
    "speech.name_error": 0.3,
}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"speech.error": "RuntimeError: out of memory"}, "synthesis_error"),
        ({"speech.tokens": 0}, "no_sound"),
        ({"speech.seconds": 30.0, "speech.words": 60}, "no_end"),
        ({"speech.seconds": 30.0, "speech.words": 60, "speech.utterances": 2}, "too_long"),
        ({"speech.seconds": 7.6}, "too_slow"),
        ({"speech.seconds": 0.4}, "too_fast"),
        ({"speech.silent_start": 1.1}, "silence"),
        ({"speech.silent_end": 1.1}, "silence"),
        ({"speech.rate": 1.4}, "unnatural_rate"),
        ({"speech.rate": 9.1}, "unnatural_rate"),
        ({"speech.mask_codes": 1}, "mask_code"),
        ({"speech.longest_run": 26}, "repeated_run"),
        ({"speech.wer": 0.35}, "wrong_words"),
        ({"speech.cer": 0.21}, "wrong_characters"),
        ({"speech.lost_start": 1}, "cut_start"),
        ({"speech.lost_end": 1}, "cut_end"),
        ({"speech.lost_inside": 1}, "lost_word"),
        ({"speech.wrong_numbers": 1}, "wrong_number"),
        ({"speech.wrong_negations": 1}, "wrong_negation"),
        ({"speech.name_error": 0.46}, "wrong_name"),
    ],
)
def test_each_gate_gives_its_reason(changed, reason):
    schema = {name: pl.String if name == "speech.error" else pl.Float64 for name in GOOD}
    take = pl.DataFrame([GOOD | changed], schema=schema)
    assert take.select(Gates().reason(SOUND_FORMAT)).item() == reason


def test_what_a_recipe_leaves_open_follows_from_the_tokens():
    slow = SoundFormat(name="slow", codes=64, tokens_per_second=12.5, max_tokens=250)
    assert Gates().for_tokens(SOUND_FORMAT) == Gates(max_seconds=29.9, max_run=25)
    assert Gates().for_tokens(slow) == Gates(max_seconds=19.9, max_run=12)
    assert Gates(max_seconds=60, max_run=3).for_tokens(slow) == Gates(max_seconds=20, max_run=3)


def test_what_was_said_without_audio_has_no_silence_to_judge():
    schema = {name: pl.String if name == "speech.error" else pl.Float64 for name in GOOD}
    take = pl.DataFrame([GOOD | {"speech.silent_start": None, "speech.silent_end": None}], schema=schema)
    assert take.select(Gates().reason(SOUND_FORMAT)).item() is None
