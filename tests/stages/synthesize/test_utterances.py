"""A text that is too long to be said at once is cut after sentences, then clauses, then words."""

import polars as pl
import pytest

from sayso.stages.speech.protocols import SynthesisError
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from sayso.stages.synthesize.utterances import split
from tests.stages.synthesize.letters import MODELS, LetterTokenizer, LetterVoice, reasons, rows, talks


def parts(text, max_bytes):
    (found,) = split(pl.Series([text]), max_bytes)
    return found


def test_a_text_that_fits_is_left_as_it_is():
    text = "First this. Then that; and so on, to the end"
    assert parts(text, len(text)) == [text]
    assert parts("", 10) == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Name a fruit. Name a tree. Why?", ["Name a fruit.", "Name a tree. Why?"]),
        ('She said "Go!" and he went. Why?', ['She said "Go!" and', "he went.", "Why?"]),
        ('Who said "Go." And who went?', ['Who said "Go."', "And who went?"]),
        ("It costs 3.50 now. Buy it, please.", ["It costs 3.50 now.", "Buy it, please."]),
        ("Say, if you can, what it is; or not.", ["Say, if you can,", "what it is; or not."]),
        ("Why. Tell me, if you can, all of it.", ["Why.", "Tell me, if you can,", "all of it."]),
        ("tell me all that you know of it", ["tell me all that you", "know of it"]),
        ("告诉我为什么。再说一次，好吗？", ["告诉我为什么。", "再说一次，", "好吗？"]),
    ],
)
def test_sentences_stay_together_while_they_fit_in_twenty_bytes_or_so(text, expected):
    most = max(20, *(len(part.encode()) for part in expected))
    assert parts(text, most) == expected


def test_nothing_is_lost_and_every_part_fits():
    text = " ".join(f"In year {n}, as they say, all was well: people sang; birds, too." for n in range(40))
    for most in (12, 30, 64, 65, 200):
        found = parts(text, most)
        assert " ".join(found) == text
        assert max(len(part.encode()) for part in found) <= most


def test_a_word_that_does_not_fit_is_an_error_of_its_text_alone():
    good, bad = split(pl.Series(["One. Two. Three.", "What is " + "ä" * 11 + "?"]), 12)
    assert good == ["One. Two.", "Three."]
    assert isinstance(bad, SynthesisError)
    assert "a word of 23 bytes" in str(bad)


SHORT = Synthesize(max_utterance_bytes=24, pause_seconds=0.2)
# What the voice's pause of 0.2 s is to the tokenizer: four letters of silence.
PAUSE = "\0" * 4


def spoken_in(outcome):
    return [bytes(tokens).decode() for tokens in outcome.rows["sound_tokens"]]


def test_a_long_text_is_said_in_utterances_with_pauses_between():
    said = rows("Name a fruit. Name a tree. Then say why.", "Name a fruit.")
    lenient = SHORT.model_copy(update={"gates": Gates(max_wer=1, max_cer=1)})
    outcome = synthesize(said, MODELS, lenient, 1, 16)
    assert spoken_in(outcome) == [f"Name a fruit.{PAUSE}Name a tree.{PAUSE}Then say why.", "Name a fruit."]
    assert outcome.verdicts["speech.utterances"].to_list() == [3, 1]
    assert outcome.rows["duration"].to_list() == [2.3, 0.65]


def test_a_text_that_fits_is_said_as_if_there_were_no_limit():
    said = rows("Name a fruit. Why this.", "she mumbles a lot", "they cannot say")
    assert synthesize(said, MODELS, SHORT, 1, 16).rows.equals(synthesize(said, MODELS, Synthesize(), 1, 16).rows)


def test_an_utterance_that_fails_costs_the_turn_its_place():
    said = rows("Name a fruit. You cannot do it. Then say why.", "Name a " + "fruit" * 9, "Name a fruit.")
    outcome = synthesize(said, MODELS, SHORT, 1, 16)
    assert reasons(outcome) == {
        "facts.jsonl:1": "synthesis_error",
        "facts.jsonl:2": "synthesis_error",
        "facts.jsonl:3": None,
    }
    assert outcome.verdicts["detail"].to_list() == [
        "RuntimeError: no phonemes for this text",
        "SynthesisError: a word of 45 bytes is longer than an utterance may be "
        "(24 bytes, synthesize.max_utterance_bytes)",
        None,
    ]
    assert outcome.verdicts["speech.utterances"].to_list() == [3, None, 1]


def test_utterances_that_are_too_long_together_have_a_reason_of_their_own():
    sentences = " ".join(f"Question number {n} is this." for n in range(10, 35))
    outcome = synthesize(rows(sentences), MODELS, Synthesize(max_utterance_bytes=60), 1, 16)
    verdict = outcome.verdicts.row(0, named=True)
    # 13 utterances, most of them of two sentences, are 687 letters and twelve pauses of 0.3 s.
    assert (verdict["reason"], verdict["speech.utterances"], verdict["speech.seconds"]) == ("too_long", 13, 37.95)


def test_each_utterance_has_a_seed_that_follows_from_row_turn_attempt_and_number():
    said = talks(("Name a fruit. Name a tree. Then say why.", "Name a bird. Then say it again."), ("Name a fish.",))
    heard = {}

    class Listening(LetterVoice):
        def synthesize(self, texts, seeds, speeds):
            heard.update(zip(zip(texts, speeds, strict=True), seeds, strict=True))
            return super().synthesize(texts, seeds, speeds)

    models = SpeechModels({"heart": Listening()}, LetterTokenizer())
    outcome = synthesize(said, models, SHORT, 1, 16)
    together = dict(heard)
    assert len(set(heard.values())) == len(heard)
    assert heard["Name a fish.", 1.0] == outcome.verdicts["speech.seed"][1]
    heard.clear()
    for row in (1, 0):
        synthesize(said[[row]], models, SHORT, 1, 1)
    assert heard == together
