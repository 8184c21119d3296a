"""Sound tokens as strings, and read back from them."""

import numpy as np
import polars as pl
import pytest

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.dataset.sound_spans import read_spans
from sayso.stages.compose.sound_strings import sound_strings
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT


def tokens(*rows):
    return pl.Series("sound_tokens", rows, dtype=pl.List(pl.UInt16))


def test_each_token_is_written_by_itself_with_nothing_in_between():
    assert sound_strings(tokens([1, 500, 3], []), "tokens", SOUND_FORMAT).to_list() == [
        "<|sound_start|><|sound_0001|><|sound_0500|><|sound_0003|><|sound_end|>",
        None,
    ]


def test_a_run_is_its_length_and_one_token():
    assert sound_strings(tokens([0, 0, 4], [4] * 51, [4]), "durations", SOUND_FORMAT).to_list() == [
        "<|sound_start|><|duration_02|><|sound_0000|><|sound_0004|><|sound_end|>",
        "<|sound_start|><|duration_49|><|sound_0004|><|duration_02|><|sound_0004|><|sound_end|>",
        "<|sound_start|><|sound_0004|><|sound_end|>",
    ]


LARGE = SoundFormat(name="large", codes=20_000, tokens_per_second=50, max_tokens=1_500)


def test_codes_beyond_9999_have_five_digits():
    (written,) = sound_strings(tokens([7, 19_999, 19_999]), "durations", LARGE)
    assert written == "<|sound_start|><|sound_00007|><|duration_02|><|sound_19999|><|sound_end|>"


@pytest.mark.parametrize("sound", [SOUND_FORMAT, MERGED_FORMAT, LARGE], ids=lambda sound: str(sound.codes))
@pytest.mark.parametrize("spelling", ["tokens", "durations"])
def test_what_is_written_is_read(spelling, sound):
    drawn = np.random.default_rng(5)
    codes = np.delete(np.arange(sound.codes + 1), sound.codes if sound.mask_code is None else sound.mask_code)
    rows = [np.repeat(drawn.choice(codes, 30), drawn.integers(1, 60, 30)).tolist() for _ in range(20)]
    strings = sound_strings(tokens(*rows), spelling, sound)
    spans = strings.str.strip_prefix("<|sound_start|>").str.strip_suffix("<|sound_end|>")
    read = read_spans(spans, sound)
    assert read.whole.all()
    assert read.counts.tolist() == [len(row) for row in rows]
    assert read.codes.tolist() == [code for row in rows for code in row]
