"""An attempt is published only if it ends, is as long as its words, does not loop, and decodes to them."""

import polars as pl
import pytest

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.synthesize.gates import Gates, token_features
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


def takes(spoken, tokens, seconds=2.0, silent_start=0.0, silent_end=0.0):
    return pl.DataFrame(
        {
            "spoken": spoken,
            "sound_tokens": tokens,
            "speech.seconds": seconds,
            "speech.silent_start": silent_start,
            "speech.silent_end": silent_end,
        },
        schema_overrides={"sound_tokens": pl.List(pl.UInt16)},
    )


def test_tokens_without_a_mask_code_have_none():
    bare = SOUND_FORMAT.model_copy(update={"mask_code": None})
    assert takes(["one"], [[0, 9]]).select(token_features(bare))["speech.mask_codes"].to_list() == [0]


def test_runs_and_mask_codes_are_counted_in_the_tokens():
    rows = takes(["one two", "three"], [[7, 7, 7, SOUND_FORMAT.mask_code, 9], []])
    measured = rows.select(token_features(SOUND_FORMAT)).to_dicts()
    of_tokens = ("speech.tokens", "speech.words", "speech.mask_codes", "speech.longest_run")
    assert [tuple(row[name] for name in of_tokens) for row in measured] == [(5, 2, 1, 3), (0, 1, 0, 0)]


def test_the_rate_is_that_of_the_syllables_between_the_silence():
    spoken = "Doctor B owns a banana boat"
    rate = takes([spoken], [[1]], seconds=3.0, silent_start=0.5, silent_end=0.5).select(token_features(SOUND_FORMAT))
    assert rate["speech.rate"].to_list() == [4.5]  # two, one, one, one, three and one in two seconds


def test_where_all_is_silent_there_is_no_rate():
    silent = takes(["Yes"], [[1]], seconds=1.0, silent_start=1.0, silent_end=1.0)
    assert silent.select(token_features(SOUND_FORMAT))["speech.rate"].to_list() == [None]


@pytest.mark.parametrize(
    ("spoken", "words", "syllables"),
    [
        ("Où est l'eau?", 3, 3),
        ("Książka leży na stole", 4, 7),
        ("Con mèo của bạn được mười tuổi", 7, 7),
        ("Сколько людей живёт в Москве?", 5, 9),
        ("北京有多少人", 6, 6),
        ("東京タワーは高い", 8, 7),
        ("서울에는 몇 명이 삽니까", 4, 10),
        ("ประเทศไทย", 2, 3),
        ("कितने लोग रहते हैं", 4, None),
        ("كم عدد السكان", 3, None),
    ],
)
def test_words_and_syllables_are_counted_by_the_letters_that_a_text_has(spoken, words, syllables):
    (measured,) = takes([spoken], [[1]], seconds=2.0).select(token_features(SOUND_FORMAT)).to_dicts()
    assert measured["speech.words"] == words
    assert measured["speech.rate"] == (syllables and syllables / 2)
