"""Inaudible rows: noise as long as speech is, and an answer in many wordings."""

import numpy as np
import polars as pl

from sayso.stages.mix.inaudible import inaudible, inaudible_ids, lengths
from sayso.stages.mix.refusals import REFUSALS
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT

HISTOGRAM = lengths([pl.Series([100, 100, 100, 40])], SOUND_FORMAT)


def test_rows_are_random_tokens_with_a_refusal():
    rows = inaudible(inaudible_ids(2_000, 5), HISTOGRAM, SOUND_FORMAT, 5)
    tokens = rows["sound_tokens"].explode()
    assert (tokens.min(), tokens.max(), tokens.n_unique()) == (0, SOUND_FORMAT.highest, SOUND_FORMAT.codes)
    assert set(rows["answer"]) == set(REFUSALS)
    assert set(rows["kind"]) == set(rows["source"]) == {"inaudible"}
    assert rows["position"].str.starts_with("inaudible:").all()


def test_tokens_are_all_that_stand_for_sound_and_never_the_mask_code():
    histogram = lengths([pl.Series([700])], MERGED_FORMAT)
    tokens = inaudible(inaudible_ids(200, 5), histogram, MERGED_FORMAT, 5)["sound_tokens"].explode()
    assert set(range(MERGED_FORMAT.highest + 1)) - set(tokens) == {MERGED_FORMAT.mask_code}
    assert tokens.max() == MERGED_FORMAT.highest == 2_560


def test_lengths_are_those_of_rows_that_are_said():
    rows = inaudible(inaudible_ids(2_000, 5), HISTOGRAM, SOUND_FORMAT, 5)
    found = dict(rows["tokens_per_turn"].list.first().value_counts().rows())
    assert set(found) == {100, 40}
    assert 0.7 < found[100] / 2_000 < 0.8
    assert rows["sound_tokens"].list.len().to_list() == rows["tokens_per_turn"].list.first().to_list()
    assert np.allclose(rows["duration"], rows["sound_tokens"].list.len() / SOUND_FORMAT.tokens_per_second)


def test_a_row_is_the_same_whatever_is_made_beside_it():
    named = inaudible_ids(50, 5)
    whole = inaudible(named, HISTOGRAM, SOUND_FORMAT, 5)
    parts = pl.concat(inaudible(part, HISTOGRAM, SOUND_FORMAT, 5) for part in named.iter_slices(7))
    assert parts.equals(whole)
    assert set(inaudible_ids(20, 5)["id"]) < set(named["id"])
    assert set(inaudible_ids(50, 6)["id"]).isdisjoint(named["id"])


def test_none_are_made_where_none_are_wanted():
    assert (
        inaudible(inaudible_ids(0, 5), HISTOGRAM, SOUND_FORMAT, 5).schema
        == inaudible(inaudible_ids(1, 5), HISTOGRAM, SOUND_FORMAT, 5).schema
    )


def test_refusals_are_many_and_all_different():
    assert len(set(REFUSALS)) == len(REFUSALS) >= 60
