"""Draws are even, unrelated to each other, and depend on nothing but seed, purpose and id."""

import polars as pl
import pytest
import xxhash

from sayso.stages.rows.draws import draw

IDS = pl.Series("id", [xxhash.xxh3_128_hexdigest(str(n).encode()) for n in range(20_000)])


def test_the_draw_of_an_id_is_the_same_alone_and_among_others():
    alone = [draw(IDS[n : n + 1], 7, "sample").item() for n in (0, 9, 19_999)]
    assert draw(IDS, 7, "sample").gather([0, 9, 19_999]).to_list() == alone


def test_a_known_draw():
    # (2**64 - 1 + key) mixed by hand, in whole numbers of any size.
    mask = 2**64 - 1
    z = (mask + xxhash.xxh3_64_intdigest(b"sample", seed=7)) & mask
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
    z ^= z >> 31
    assert draw(pl.Series(["f" * 32]), 7, "sample").item() == (z >> 11) / 2**53


def test_draws_are_spread_evenly():
    counts = (draw(IDS, 7, "sample") * 20).floor().value_counts()
    assert counts.height == 20
    # Five standard deviations around 1000.
    assert counts["count"].is_between(845, 1155).all()


@pytest.mark.parametrize(("seed", "purpose"), [(8, "sample"), (7, "turn"), (2**63 - 1, "sample")])
def test_another_seed_or_purpose_draws_unrelated_numbers(seed, purpose):
    both = pl.DataFrame([draw(IDS, 7, "sample").alias("one"), draw(IDS, seed, purpose).alias("other")])
    assert abs(both.select(pl.corr("one", "other")).item()) < 0.035
    prefix = IDS.str.head(8).str.to_integer(base=16)
    assert abs(both.select(pl.corr("one", prefix.cast(pl.Float64))).item()) < 0.035
