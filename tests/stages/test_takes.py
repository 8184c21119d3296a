"""Which voice says a row, and with which seed: drawn, so that every worker and every batch says the same."""

from stages.speech.models import Voice
from stages.takes import choose_voice

VOICES = (Voice(name="often", weight=3), Voice(name="seldom", weight=1))
ROWS = [f"{n:032x}" for n in range(2000)]


def test_voices_are_drawn_by_weight_from_seed_id_and_attempt():
    drawn = [choose_voice(VOICES, row, 1, 5, 0) for row in ROWS]
    assert 0.7 < sum(voice.name == "often" for voice, _ in drawn) / 2000 < 0.8
    assert drawn == [choose_voice(VOICES, row, 1, 5, 0) for row in ROWS]
    assert choose_voice(VOICES, "a" * 32, 1, 5, 0)[1] != choose_voice(VOICES, "a" * 32, 1, 5, 1)[1]


def test_all_turns_of_a_row_have_one_voice_and_each_a_seed_of_its_own():
    for row in ROWS[:50]:
        voices, seeds = zip(*(choose_voice(VOICES, row, turn, 5, 0) for turn in (1, 2, 3, 4)), strict=True)
        assert len(set(voices)) == 1
        assert len(set(seeds)) == 4
