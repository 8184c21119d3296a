"""An attempt is published only if it ends, is as long as its words, does not loop, and decodes to them."""

import polars as pl
import pytest

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.synthesize.gates import Gates, error_rates, token_features
from tests.sound_formats import SOUND_FORMAT

GOOD = {
    "speech.error": None,
    "speech.utterances": 1,
    "speech.tokens": 50,
    "speech.seconds": 2.0,
    "speech.words": 5,
    "speech.mask_codes": 0,
    "speech.longest_run": 3,
    "speech.wer": 0.2,
    "speech.cer": 0.1,
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
        ({"speech.mask_codes": 1}, "mask_code"),
        ({"speech.longest_run": 26}, "repeated_run"),
        ({"speech.wer": 0.35}, "wrong_words"),
        ({"speech.cer": 0.21}, "wrong_characters"),
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


def test_tokens_without_a_mask_code_have_none():
    takes = pl.DataFrame(
        {"spoken": ["one"], "sound_tokens": [[0, 9]]}, schema_overrides={"sound_tokens": pl.List(pl.UInt16)}
    )
    bare = SOUND_FORMAT.model_copy(update={"mask_code": None})
    assert takes.select(token_features(bare))["speech.mask_codes"].to_list() == [0]


def test_runs_and_mask_codes_are_counted_in_the_tokens():
    takes = pl.DataFrame(
        {"spoken": ["one two", "three"], "sound_tokens": [[7, 7, 7, SOUND_FORMAT.mask_code, 9], []]},
        schema={"spoken": pl.String, "sound_tokens": pl.List(pl.UInt16)},
    )
    measured = takes.select(token_features(SOUND_FORMAT)).to_dicts()
    assert measured[0] == {"speech.tokens": 5, "speech.words": 2, "speech.mask_codes": 1, "speech.longest_run": 3}
    assert measured[1] == {"speech.tokens": 0, "speech.words": 1, "speech.mask_codes": 0, "speech.longest_run": 0}


@pytest.mark.parametrize(
    ("said", "heard", "wer"),
    [
        ("What is the capital of France?", "what is the capital of france", 0.0),
        ("twenty percent of fifty dollars", "20% of $50", 0.0),
        ("name three red fruits", "name tree red fruits", 0.25),
        ("yes", "", 1.0),
    ],
)
def test_words_are_compared_as_whisper_writes_them(said, heard, wer):
    assert error_rates(pl.Series([said]), pl.Series([heard]))["speech.wer"].to_list() == [wer]


def test_a_row_that_was_not_heard_has_no_error_rate():
    rates = error_rates(pl.Series(["yes"]), pl.Series([None], dtype=pl.String))
    assert rates.row(0) == (None, None)
