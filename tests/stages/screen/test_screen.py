"""Screening adds what later stages need: the spoken text, the language, and a hash for exact duplicates."""

import polars as pl
import pytest

from sayso.filters.language import Language
from sayso.filters.pronounceable import Pronounceable
from sayso.filters.speakable import Speakable
from sayso.filters.spoken_length import SpokenLength
from sayso.stages.rows.recordings import RECORDING
from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.screen.screen import Screen, screen


def rows(*prompts):
    return pl.DataFrame(
        {
            "id": [f"{15 - n:032x}" for n in range(len(prompts))],
            "source": ["facts"] * len(prompts),
            "position": [f"facts.jsonl:{n + 1}" for n in range(len(prompts))],
            "prompt": list(prompts),
            "answer": ["There is an answer to this."] * len(prompts),
            "later_turns": pl.Series([None] * len(prompts), dtype=LATER_TURNS),
            "recording": pl.Series([None] * len(prompts), dtype=RECORDING),
        }
    )


def recorded(*texts):
    """Rows of recorded speech."""
    own = pl.lit({"path": "one.flac", "content": "0" * 32, "speaker": None}, RECORDING)
    return rows(*texts).with_columns(answer="prompt", recording=own)


def followed(table, *prompts):
    """The rows with turns of their own after the first, one list of prompts each."""
    later = [[{"prompt": prompt, "answer": f"Answer to {prompt}"} for prompt in each] or None for each in prompts]
    return table.with_columns(pl.Series("later_turns", later, dtype=LATER_TURNS))


def test_a_kept_row_has_its_spoken_text_and_language():
    outcome = screen(rows("What did Dr. Smith pay for 3 kg of flour?"), Screen())
    row = outcome.rows.row(0, named=True)
    assert row["spoken"] == "What did Doctor Smith pay for three kilograms of flour?"
    assert row["language"] == "en"
    assert "unpronounceable" not in outcome.rows.columns


def test_rows_go_on_sorted_by_id_and_every_row_has_a_verdict():
    prompts = ["Name a fruit that grows on trees.", "See https://example.com/fruit now.", "Name a fruit of the forest."]
    outcome = screen(rows(*prompts), Screen())
    assert outcome.rows["id"].is_sorted()
    assert outcome.verdicts.select("position", "filter", "reason").rows() == [
        ("facts.jsonl:1", None, None),
        ("facts.jsonl:2", "speakable", "url"),
        ("facts.jsonl:3", None, None),
    ]


@pytest.mark.parametrize(("features", "measured"), [("survivors", False), ("all", True)])
def test_a_dropped_row_is_measured_further_only_if_all_features_are_wanted(features, measured):
    config = Screen(filters=(SpokenLength(max_words=3), Speakable()), features=features)
    outcome = screen(rows("Please name five fruits that grow on trees."), config)
    assert outcome.verdicts["reason"].to_list() == ["too_many_words"]
    assert outcome.verdicts["speakable.url"].is_not_null().to_list() == [measured]


def test_without_a_language_filter_the_language_is_not_known():
    outcome = screen(rows("Name a fruit that grows on trees."), Screen(filters=(SpokenLength(),)))
    assert outcome.rows["language"].to_list() == [None]


@pytest.mark.parametrize("features", ["survivors", "all"])
def test_no_english_words_come_into_a_prompt_in_another_language(features):
    prompts = {
        "Jak nazywa się stolica Polski, gdzie mieszka król?": "Jak nazywa się stolica Polski, gdzie mieszka król?",
        "Ile kosztuje bilet kolejowy do Krakowa za 20 zł?": None,
        "Con mèo của bạn đang ngủ ở đâu trong nhà?": "Con mèo của bạn đang ngủ ở đâu trong nhà?",
        "Con mèo của bạn nặng 5 kg phải không?": None,
        "What did he pay for 3 kg of flour?": "What did he pay for three kilograms of flour?",
    }
    filters = (Language(keep=("en", "pl", "vi")), Pronounceable())
    outcome = screen(rows(*prompts), Screen(filters=filters, features=features))
    said = dict(outcome.rows.select("prompt", "spoken").rows())
    assert said == {prompt: spoken for prompt, spoken in prompts.items() if spoken}
    dropped = outcome.verdicts.filter(pl.col("reason").is_not_null())
    assert dropped["reason"].to_list() == ["unpronounceable"] * 2
    assert dropped["pronounceable.problem"].str.starts_with("only in English").all()


URL = "What is to be found at https://example.com then?"
NUMBER = "And how many of these 3 fruits are red?"
PLAIN = "Which of these fruits do people like best?"


@pytest.mark.parametrize("features", ["survivors", "all"])
def test_later_turns_are_written_as_they_will_be_said_up_to_the_first_that_a_filter_drops(features):
    asked = rows(*(f"Name a fruit that grows on {trees} trees." for trees in ("tall", "old", "young", "fallen")))
    given = followed(asked, [NUMBER, PLAIN], [NUMBER, URL, PLAIN], [], [URL, NUMBER])
    outcome = screen(given, Screen(features=features))
    told = outcome.rows.sort("position")
    spoken = "And how many of these three fruits are red?"
    one = {"prompt": NUMBER, "spoken": spoken, "answer": f"Answer to {NUMBER}"}
    other = {"prompt": PLAIN, "spoken": PLAIN, "answer": f"Answer to {PLAIN}"}
    assert told["later_turns"].to_list() == [[one, other], [one], None, None]
    assert told["turns"].to_list() == [3, 2, 1, 1]
    assert outcome.verdicts.equals(screen(asked, Screen(features=features)).verdicts)


def test_a_later_turn_may_speak_of_what_an_earlier_one_has_said():
    asked = rows("Name three fruits that grow on trees.", PLAIN)
    outcome = screen(followed(asked, [PLAIN, "Explain your previous answer."], []), Screen())
    assert outcome.verdicts["reason"].to_list() == [None, "missing_input"]
    assert outcome.rows["turns"].to_list() == [3]


def test_turns_after_a_prompt_that_is_dropped_are_not_asked_for():
    outcome = screen(followed(rows(URL, "Which fruits do people like best?"), [NUMBER], [NUMBER]), Screen())
    assert outcome.verdicts["reason"].to_list() == ["url", None]
    assert outcome.rows["turns"].to_list() == [2]


def test_recorded_speech_is_asked_what_makes_sense_of_it_and_stays_as_it_was_written():
    shouted, told = "MISTER QUILTER IS  GLAD TO WELCOME US", "call me at 202 456 1111 please, my friend"
    said = recorded(shouted, "wenn der Regen fällt, bleiben wir zu Hause", "that is so", told)
    outcome = screen(said, Screen())
    assert outcome.verdicts.select("filter", "reason").rows() == [
        (None, None),
        ("language", "not_wanted_language"),
        (None, None),
        ("privacy", "phone"),
    ]
    kept = dict(outcome.rows.select("prompt", "spoken").rows())
    assert kept == {shouted: "MISTER QUILTER IS GLAD TO WELCOME US", "that is so": "that is so"}
    assert outcome.rows["language"].to_list() == ["en", "en"]
    assert not [name for name in outcome.verdicts.columns if name.startswith(("quality.", "speakable."))]


def test_recorded_speech_and_instructions_are_each_asked_their_own():
    both = pl.concat([rows("hello", "Name a fruit that grows on trees."), recorded("HELLO")])
    both = both.with_columns(id=pl.Series([f"{n:032x}" for n in (3, 1, 2)]))
    outcome = screen(both, Screen(recorded=()))
    assert outcome.verdicts.select("id", "reason").rows() == [
        (f"{3:032x}", "too_short"),
        (f"{1:032x}", None),
        (f"{2:032x}", None),
    ]
    assert outcome.rows["id"].to_list() == [f"{1:032x}", f"{2:032x}"]
    assert outcome.rows["spoken"].to_list() == ["Name a fruit that grows on trees.", "HELLO"]
