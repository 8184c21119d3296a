"""Sound tokens as strings, and read back from them."""

import numpy as np
import polars as pl
import pytest

from sayso.manifests.dataset.sound_spans import read_spans
from sayso.stages.compose.sound_strings import sound_strings


def tokens(*rows):
    return pl.Series("sound_tokens", rows, dtype=pl.List(pl.UInt16))


def test_each_token_is_written_by_itself_with_nothing_in_between():
    assert sound_strings(tokens([1, 500, 3], []), "tokens").to_list() == [
        "<|sound_start|><|sound_0001|><|sound_0500|><|sound_0003|><|sound_end|>",
        None,
    ]


def test_a_run_is_its_length_and_one_token():
    assert sound_strings(tokens([0, 0, 4], [4] * 51, [4]), "durations").to_list() == [
        "<|sound_start|><|duration_02|><|sound_0000|><|sound_0004|><|sound_end|>",
        "<|sound_start|><|duration_49|><|sound_0004|><|duration_02|><|sound_0004|><|sound_end|>",
        "<|sound_start|><|sound_0004|><|sound_end|>",
    ]


@pytest.mark.parametrize("spelling", ["tokens", "durations"])
def test_what_is_written_is_read(spelling):
    drawn = np.random.default_rng(5)
    rows = [np.repeat(drawn.integers(0, 512, 30), drawn.integers(1, 60, 30)).tolist() for _ in range(20)]
    strings = sound_strings(tokens(*rows), spelling)
    spans = strings.str.strip_prefix("<|sound_start|>").str.strip_suffix("<|sound_end|>")
    read = read_spans(spans)
    assert read.whole.all()
    assert read.counts.tolist() == [len(row) for row in rows]
    assert read.codes.tolist() == [code for row in rows for code in row]
