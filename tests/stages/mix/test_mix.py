"""The kinds come out as the recipe asks, whatever speech has lost."""

import polars as pl
import pytest

from sayso.manifests.verdicts import check_accounted
from sayso.stages.mix.inaudible import inaudible, inaudible_ids, lengths
from sayso.stages.mix.mix import PURPOSE, cutoffs_for, draws_by_kind, mix
from sayso.stages.rows.mixture import Mixture, attainable_counts
from tests.sound_formats import SOUND_FORMAT

SEED = 3
KINDS = ["instruction"] * 130 + ["transcription"] * 43 + ["text"] * 27
ROWS = pl.DataFrame(
    {
        "id": [f"{n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}" for n in range(1, 201)],
        "source": "web",
        "position": [f"rows.jsonl:{n}" for n in range(1, 201)],
        "kind": KINDS,
    }
)
MIXTURE = Mixture(shares={"instruction": 0.6, "transcription": 0.2, "text": 0.1, "inaudible": 0.1})


def mixed(mixture, rows=ROWS):
    draws = draws_by_kind([ROWS], SEED, PURPOSE)
    wanted = attainable_counts(mixture, {kind: of.size for kind, of in draws.items()})
    made = inaudible(
        inaudible_ids(wanted.get("inaudible", 0), SEED), lengths([pl.Series([50])], SOUND_FORMAT), SOUND_FORMAT, SEED
    )
    outcome = mix(rows, made, cutoffs_for(draws, wanted), SEED)
    check_accounted(outcome, rows.height + made.height, "mix")
    return outcome


def counts(outcome):
    return dict(outcome.rows.group_by("kind").len().rows())


def test_the_scarcest_kind_decides_and_the_others_are_cut_to_their_share():
    found = counts(mixed(MIXTURE))
    total = sum(found.values())
    assert found["transcription"] == 43
    assert all(abs(found[kind] - share * total) < 1 for kind, share in MIXTURE.shares.items())


def test_counts_are_met():
    wanted = {"instruction": 100, "text": 20, "inaudible": 7}
    assert counts(mixed(Mixture(counts=wanted))) == wanted


def test_a_row_over_its_share_has_its_draw_and_the_cutoff_on_record():
    out = mixed(MIXTURE).verdicts.filter(pl.col("verdict") == "sampled_out")
    assert set(out["reason"]) == {"over_share"}
    assert (out["mixture.draw"] > out["mixture.cutoff"]).all()
    assert set(out["mixture.kind"]) == {"text"}


def test_a_row_that_was_made_is_kept_and_traced_to_its_number():
    made = mixed(MIXTURE).verdicts.filter(pl.col("source") == "inaudible")
    assert set(made["verdict"]) == {"kept"}
    assert made["position"].str.contains(r"^inaudible:\d+$").all()


def test_rows_are_sorted_whatever_their_order_was():
    outcome = mixed(MIXTURE, ROWS.reverse())
    assert outcome.rows["id"].is_sorted()
    assert outcome.rows.equals(mixed(MIXTURE).rows)


def test_nothing_comes_of_nothing():
    nothing = mix(ROWS.clear(), ROWS.clear(), {}, SEED)
    check_accounted(nothing, 0, "mix")
    assert nothing.verdicts.schema == mixed(MIXTURE).verdicts.schema


@pytest.mark.parametrize("kind", ["transcription", "text"])
def test_a_kind_that_nobody_asked_for_does_not_stay(kind):
    assert kind not in counts(mixed(Mixture(shares={"instruction": 1})))
