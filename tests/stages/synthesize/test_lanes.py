"""Parts of a shard that are under way at once: what comes of them, and what becomes of errors."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import polars as pl
import pytest

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.synthesize import job
from sayso.stages.synthesize.attempts import SpeechModels, turns_to_synthesize
from sayso.stages.synthesize.lanes import in_lanes, one_at_a_time, whole
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.stages.synthesize.letters import LetterTokenizer, LetterVoice, reasons, rows, talks

SECONDS = 60


def lanes(voice=None, tokenizer=None):
    return SpeechModels({"heart": voice or LetterVoice()}, tokenizer or LetterTokenizer(), parts=in_lanes)


def test_rows_and_verdicts_are_those_of_the_whole_shard_in_the_same_order():
    said = talks(
        *((f"question number {'x' * n}", "and another") for n in range(9)),
        ("she mumbles a lot",),
        ("it hums and hums",),
        ("they cannot say", "this"),
        ("all is silent here",),
    )
    expected = synthesize(said, replace(lanes(), parts=whole), Synthesize(audio=True), 1, 16)
    found = synthesize(said, lanes(), Synthesize(audio=True), 1, 3)
    assert found.rows.equals(expected.rows)
    assert found.verdicts.equals(expected.verdicts)
    assert set(reasons(expected).values()) == {None, "wrong_words", "synthesis_error", "no_sound"}


def test_a_shard_in_which_nothing_is_said_goes_through():
    said = rows("name a fruit").with_columns(pl.lit("text").alias("kind"))
    assert synthesize(said, lanes(), Synthesize(), 1, 2).rows.height == 1


def test_the_rows_that_take_longest_are_one_part_with_all_their_turns_in_order():
    said = turns_to_synthesize(talks(("aa",), ("a", "aaa", "aa"), ("aaaa",), ("aaa",), ("a",)))
    found = in_lanes(said, lambda part: part["spoken"].to_list())
    assert found == [["a", "aaa", "aa", "aaaa", "aaa"], ["aa", "a"]]
    assert in_lanes(said[:1], lambda part: part["spoken"].to_list()) == [["aa"]]


def test_one_part_is_said_while_another_is_encoded():
    second = Event()

    class Voice(LetterVoice):
        def synthesize(self, texts, seeds, speeds):
            if "second" in texts[0]:
                second.set()
            return super().synthesize(texts, seeds, speeds)

    class Tokenizer(LetterTokenizer):
        def encode(self, clips):
            assert second.wait(SECONDS)
            return super().encode(clips)

    said = rows("this is the first of them", "the second")
    assert synthesize(said, lanes(Voice(), Tokenizer()), Synthesize(), 1, 1).rows.height == 2


def test_the_error_of_a_model_that_is_gone_ends_the_shard():
    class Gone(LetterVoice):
        def synthesize(self, texts, seeds, speeds):
            if "gone" in texts[0]:
                raise SpeechModelError("the server does not answer")
            return super().synthesize(texts, seeds, speeds)

    for said in (rows("the longer one is gone", "this one"), rows("the longer one is there", "gone")):
        with pytest.raises(SpeechModelError, match="the server does not answer"):
            synthesize(said, lanes(Gone()), Synthesize(), 1, 1)


def test_an_engine_of_one_caller_at_a_time_has_no_more():
    at_work, most = [], []

    class Engine:
        sample_rate = 16_000

        def encode(self, clips):
            at_work.append(clips)
            most.append(len(at_work))
            time.sleep(0.002)
            at_work.remove(clips)
            return [clip + 1 for clip in clips]

    engine = one_at_a_time(Engine())
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(engine.encode, [[n] for n in range(24)])) == [[n + 1] for n in range(24)]
    assert max(most) == 1
    assert engine.sample_rate == 16_000
    assert not hasattr(engine, "transcribe")


@pytest.mark.parametrize(
    ("voice", "tokenizer", "parts"),
    [("cpu", "cpu", whole), ("cuda", "cpu", in_lanes), ("cpu", "cuda:1", in_lanes), ("cuda", "cuda", in_lanes)],
)
def test_parts_are_taken_beside_each_other_where_a_device_is_used(monkeypatch, voice, tokenizer, parts):
    monkeypatch.setattr(job, "load_voice", lambda voice: LetterVoice())
    monkeypatch.setattr(job, "load_tokenizer", lambda tokenizer: LetterTokenizer())
    settings = WhisperSpeechSettings(device=voice)
    voices = (WhisperSpeech(name="anna", whisperspeech=settings), Hibari(name="heart"))
    config = Synthesize(voices=voices, tokenizer=WhisperVQConfig(device=tokenizer))
    for cached in (job.speech_models, job.sound_tokenizer):
        cached.cache_clear()
    try:
        models = job.speech_models(config.voices, config.tokenizer)
    finally:
        for cached in (job.speech_models, job.sound_tokenizer):
            cached.cache_clear()
    assert models.parts is parts
    guarded = {name for name, voice in models.voices.items() if not isinstance(voice, LetterVoice)}
    assert guarded == ({"heart"} if parts is in_lanes else set()), "WhisperSpeech has several callers at once"
    assert isinstance(models.tokenizer, LetterTokenizer) == (parts is whole)
    said = rows("name a fruit", "name a tree")
    assert synthesize(said, models, config, 1, 1).rows.height == 2
