"""How many rows of each kind a dataset gets, exact to one row."""

import pytest

from sayso.stages.rows.mixture import Mixture, attainable_counts, divide

ICHIGO = Mixture(shares={"instruction": 0.7, "transcription": 0.2, "text": 0.1})
NOISY = Mixture(shares={"instruction": 0.95, "inaudible": 0.05})


@pytest.mark.parametrize("total", [0, 1, 2, 3, 7, 10, 99, 1_000, 1_299_999, 1_300_000])
@pytest.mark.parametrize("mixture", [ICHIGO, NOISY])
def test_shares_are_exact_to_one_row_at_any_size(total, mixture):
    parts = divide(total, mixture.asked)
    assert sum(parts.values()) == total
    assert all(abs(parts[kind] - total * share) < 1 for kind, share in mixture.asked.items())


def test_the_scarcest_kind_decides_how_many_rows_there_are():
    assert attainable_counts(ICHIGO, {"instruction": 700, "transcription": 180, "text": 500}) == {
        "instruction": 632,
        "transcription": 180,
        "text": 90,
    }


def test_inaudible_rows_are_made_as_many_as_their_share_asks():
    assert attainable_counts(NOISY, {"instruction": 950}) == {"instruction": 950, "inaudible": 50}


def test_no_larger_total_would_have_done():
    for there in range(60):
        rows = {"instruction": there, "transcription": 9, "text": 7}
        found = attainable_counts(ICHIGO, rows)
        larger = divide(sum(found.values()) + 1, ICHIGO.asked)
        assert all(found[kind] <= rows[kind] for kind in rows)
        assert any(larger[kind] > rows[kind] for kind in rows)


def test_counts_are_met_or_all_there_is_is_taken():
    mixture = Mixture(counts={"instruction": 100, "text": 50, "inaudible": 5})
    assert attainable_counts(mixture, {"instruction": 90, "text": 60}) == {
        "instruction": 90,
        "text": 50,
        "inaudible": 5,
    }


def test_without_a_mixture_every_row_is_a_spoken_instruction():
    assert attainable_counts(Mixture(), {"instruction": 12}) == {"instruction": 12}


@pytest.mark.parametrize(
    ("counts", "turns"), [({"text": 1}, 1), ({"two_turn": 1, "inaudible": 1}, 2), ({"four_turn": 1, "two_turn": 1}, 4)]
)
def test_the_longest_kind_decides_how_many_turns_of_a_conversation_are_needed(counts, turns):
    assert Mixture(counts=counts).most_turns == turns
    assert Mixture().most_turns == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"shares": {"text": 1}, "counts": {"text": 1}}, "give one of them"),
        ({"shares": {"text": 0.5}}, "must add up to 1, not 0.5"),
        ({"shares": {"inaudible": 0.5, "text": 0.5}}, "name a kind of these"),
        ({"shares": {"song": 1}}, "Input should be 'instruction'"),
    ],
)
def test_a_mixture_that_cannot_be_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        Mixture(**given)
