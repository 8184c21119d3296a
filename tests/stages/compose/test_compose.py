"""Rows of every kind become the published columns, with conversations that a trainer reads as they are."""

import polars as pl
import pytest

from sayso.manifests.dataset.contract import TRANSCRIBE_TOKEN, TRANSCRIPTION_PROMPTS, findings
from sayso.stages.compose.compose import BrokenContract, Compose, account, compose, shard_names
from sayso.stages.compose.ichigo import ichigo
from sayso.stages.compose.published_columns import FEATURES, ICHIGO_FEATURES
from sayso.stages.rows.turns import LATER_TURNS
from tests.sound_formats import SOUND_FORMAT

SOUND = "<|sound_start|><|sound_0001|><|sound_0500|><|sound_0500|><|sound_end|>"
SCHEMA = {
    **dict.fromkeys(("id", "source", "position", "license", "kind", "language", "voice", "transcript"), pl.String),
    **dict.fromkeys(("prompt", "spoken", "answer"), pl.String),
    "later_turns": LATER_TURNS,
    "taken_out": pl.List(pl.String),
    "sound_tokens": pl.List(pl.UInt16),
    "tokens_per_turn": pl.List(pl.UInt16),
    **dict.fromkeys(("duration", "wer", "cer"), pl.Float64),
}
SAID = {"sound_tokens": [1, 500, 500], "tokens_per_turn": [3], "duration": 0.125, "voice": "heart", "wer": 0.0}


def row(row_id, kind="instruction", **values):
    texts = {"prompt": "What is 2+2?", "spoken": "What is two plus two?", "answer": "Four.", "language": "en"}
    return {"id": row_id, "source": "web", "position": f"rows.jsonl:{row_id}", "kind": kind, **texts, **SAID, **values}


def rows(*given):
    return pl.DataFrame([{**dict.fromkeys(SCHEMA), **each} for each in given], schema=SCHEMA)


def ids(count):
    return [f"{n * 0x9E3779B97F4A7C15F39CC0605CEDC835 % (1 << 128):032x}" for n in range(count)]


def only(table):
    return table.row(0, named=True)


A = ids(2)[1]
TEXT = row(A, "text", spoken=None, sound_tokens=[], tokens_per_turn=[], duration=None, voice=None, wer=None)
INAUDIBLE = row(A, "inaudible", prompt=None, spoken=None, voice=None, wer=None, answer="Pardon?")
TWO_TURN = row(
    A,
    "two_turn",
    later_turns=[{"prompt": "And 3?", "spoken": "And three?", "answer": "Six."}],
    sound_tokens=[1, 500, 500, 7],
    tokens_per_turn=[3, 1],
)


def messages(table):
    return [(message["role"], message["content"]) for message in only(table)["conversations"]]


def test_an_instruction_is_sound_and_nothing_else():
    published = compose(rows(row(A)), Compose(), SOUND_FORMAT, 0)
    assert messages(published) == [("user", SOUND), ("assistant", "Four.")]
    assert only(published)["kind"] == "instruction"


def test_a_transcription_has_one_of_the_trainers_prompts_and_what_was_said():
    every = compose(rows(*(row(each, "transcription") for each in ids(200))), Compose(), SOUND_FORMAT, 0)
    users = every["conversations"].list.first().struct.field("content")
    assert set(users) == {prompt + SOUND for prompt in TRANSCRIPTION_PROMPTS}
    assert set(every["answer"]) == {"What is two plus two?"}
    again = compose(rows(row(ids(200)[7], "transcription")), Compose(), SOUND_FORMAT, 0)
    assert only(again) == every.row(by_predicate=pl.col("id") == ids(200)[7], named=True)


def test_the_published_row_says_what_was_taken_out_of_the_answer_that_it_has():
    marked = {"taken_out": ["calculator"]}
    both = compose(rows(row(ids(2)[0], "transcription", **marked), row(A, **marked)), Compose(), SOUND_FORMAT, 0)
    assert dict(both.select("kind", "taken_out").rows()) == {"transcription": None, "instruction": ["calculator"]}


def test_a_transcription_can_be_asked_for_by_the_reserved_token():
    config = Compose(transcription="token")
    published = compose(rows(row(ids(2)[0], "transcription"), row(A)), config, SOUND_FORMAT, 0)
    users = published["conversations"].list.first().struct.field("content")
    assert dict(zip(published["kind"], users, strict=True)) == {
        "transcription": TRANSCRIBE_TOKEN + SOUND,
        "instruction": SOUND,
    }
    assert set(published.filter(kind="transcription")["answer"]) == {"What is two plus two?"}


def test_a_text_is_what_was_written():
    published = compose(rows(TEXT), Compose(), SOUND_FORMAT, 0)
    assert messages(published) == [("user", "What is 2+2?"), ("assistant", "Four.")]
    assert only(published)["sound_tokens"] == []


def test_inaudible_sound_is_answered_by_a_refusal():
    assert messages(compose(rows(INAUDIBLE), Compose(), SOUND_FORMAT, 0)) == [("user", SOUND), ("assistant", "Pardon?")]


def test_each_turn_of_a_conversation_has_its_own_sound():
    published = compose(rows(TWO_TURN), Compose(), SOUND_FORMAT, 0)
    assert messages(published) == [
        ("user", SOUND),
        ("assistant", "Four."),
        ("user", "<|sound_start|><|sound_0007|><|sound_end|>"),
        ("assistant", "Six."),
    ]
    assert only(published)["kind"] == "multi_turn"
    assert only(published)["later_turns"][0]["spoken"] == "And three?"


def test_kinds_beside_each_other_keep_to_themselves():
    given = [TEXT, INAUDIBLE, TWO_TURN, row(A, "transcription")]
    placed = [{**each, "id": own} for each, own in zip(given, sorted(ids(5)[1:]), strict=True)]
    together = compose(rows(*placed), Compose(), SOUND_FORMAT, 0)
    assert together.equals(pl.concat(compose(rows(each), Compose(), SOUND_FORMAT, 0) for each in placed))
    assert findings(together, SOUND_FORMAT).is_empty()


def test_runs_of_equal_tokens_can_be_written_as_durations():
    sound = "<|sound_start|><|sound_0001|><|duration_02|><|sound_0500|><|sound_end|>"
    assert messages(compose(rows(row(A)), Compose(strings="durations"), SOUND_FORMAT, 0))[0] == ("user", sound)


def test_a_conversation_that_the_trainer_would_misread_is_named():
    with pytest.raises(BrokenContract, match=rf"row {A}: message 2 is empty \(1 in all\)"):
        compose(rows(row(A, answer=" ")), Compose(), SOUND_FORMAT, 0)


def test_no_rows_have_the_same_columns():
    assert (
        compose(rows(), Compose(), SOUND_FORMAT, 0).schema == compose(rows(row(A)), Compose(), SOUND_FORMAT, 0).schema
    )


def test_what_was_said_is_published_as_a_file_of_sound_where_it_was_kept():
    given = rows(row(ids(3)[1]), {**TEXT, "id": ids(3)[2]}).with_columns(audio=pl.Series([b"fLaC", None]))
    published = compose(given, Compose(), SOUND_FORMAT, 0)
    assert published.columns == [*FEATURES, "audio"]
    found = dict(published.select("kind", "audio").rows())
    assert found == {"instruction": {"bytes": b"fLaC", "path": f"{ids(3)[1]}.flac"}, "text": None}


def test_what_was_heard_in_the_audio_is_published_where_somebody_listened():
    given = rows(row(A)).with_columns(audio_transcript=pl.lit("name a fruit"), audio_wer=pl.lit(0.0))
    published = compose(given, Compose(), SOUND_FORMAT, 0)
    assert published.columns == [*FEATURES, "audio_transcript", "audio_wer"]


def test_each_row_has_its_place_on_record():
    outcome = account(rows(row("b"), row("a")), "train-00000-of-00001")
    assert outcome.rows.rows() == [(0, "a", "train-00000-of-00001"), (1, "b", "train-00000-of-00001")]
    assert outcome.verdicts["verdict"].to_list() == ["kept", "kept"]


def test_names_tell_the_place_and_the_number_of_shards():
    assert shard_names("train", 101, 50) == [f"train-0000{n}-of-00003" for n in range(3)]
    assert shard_names("train", 0, 50) == ["train-00000-of-00001"]


def test_ichigos_columns_hold_the_said_rows_numbered_as_in_the_default_config():
    placed = [{**each, "id": own} for each, own in zip([TEXT, row(A)], sorted(ids(3)[1:]), strict=True)]
    table = ichigo(compose(rows(*placed), Compose(), SOUND_FORMAT, 0), 100, SOUND_FORMAT)
    assert table.columns == list(ICHIGO_FEATURES)
    assert only(table) == {
        "index": 101,
        "tokens": [1, 500, 500],
        "text_prompt": "What is two plus two?",
        "answer": "Four.",
        "length": 3,
        "prompt": SOUND,
        "conversations": [{"content": SOUND, "role": "user"}, {"content": "Four.", "role": "assistant"}],
    }


def test_the_default_config_comes_first():
    with pytest.raises(ValueError, match="the first config is default"):
        Compose(configs=("ichigo",))


def test_the_columns_are_the_published_ones():
    assert compose(rows(row(A)), Compose(), SOUND_FORMAT, 0).columns == list(FEATURES)
