"""What the gates look at is worked out from texts, tokens and seconds alone."""

import polars as pl
import pytest

from sayso.stages.synthesize.measures import token_features
from tests.sound_formats import SOUND_FORMAT


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
