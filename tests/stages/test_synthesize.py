"""Every row is said, encoded and decoded back; one that fails a gate is said again, then dropped with the reason.

The voice and the tokenizer here speak in bytes: a letter lasts 50 ms and is one token. What real models make of
real words is tested in tests/stages/speech and tests/pipeline.
"""

import numpy as np
import polars as pl
import pytest

from stages.speech.models import Voice
from stages.synthesize import SpeechModels, Synthesize, choose_voice, synthesize

SAMPLES = 800


class LetterVoice:
    """Says letters; `cannot` raises, `mumbles` garbles at its first speed, `hums` never says a word right."""

    def say(self, texts, seeds, speeds):
        return [self._say(text, speed) for text, speed in zip(texts, speeds, strict=True)]

    def _say(self, text, speed):
        if "cannot" in text:
            raise RuntimeError("no phonemes for this text")
        if "silent" in text:
            return np.zeros(0, np.float32)
        if "forever" in text:
            text = text * 100
        if "hums" in text or ("mumbles" in text and speed == 1.0):
            text = "z" * len(text)
        letters = np.frombuffer(text.encode(), np.uint8).astype(np.float32)
        return np.repeat(letters, SAMPLES)


class LetterTokenizer:
    codes = 512
    sample_rate = 16_000
    tokens_per_second = 20

    def encode(self, clips):
        return [clip[::SAMPLES].astype(np.uint16) for clip in clips]

    def decode_text(self, tokens):
        return [bytes(row.astype(np.uint8)).decode() for row in tokens]


MODELS = SpeechModels({"heart": LetterVoice()}, LetterTokenizer())


def rows(*spoken):
    return pl.DataFrame(
        {
            "id": [f"{n:032x}" for n in range(len(spoken))],
            "source": ["facts"] * len(spoken),
            "position": [f"facts.jsonl:{n + 1}" for n in range(len(spoken))],
            "spoken": list(spoken),
            "kind": ["instruction"] * len(spoken),
        },
        schema=dict.fromkeys(("id", "source", "position", "spoken", "kind"), pl.String),
    )


def reasons(outcome):
    return dict(outcome.verdicts.select("position", "reason").rows())


def test_a_row_that_decodes_to_its_words_is_kept_with_tokens_and_transcript():
    outcome = synthesize(rows("name a fruit"), MODELS, Synthesize(), 1, 16)
    row = outcome.rows.row(0, named=True)
    assert bytes(row["sound_tokens"]).decode() == "name a fruit" == row["transcript"]
    assert (row["duration"], row["voice"], row["wer"], row["cer"]) == (0.6, "heart", 0.0, 0.0)
    assert outcome.verdicts["speech.attempts"].to_list() == [1]


def test_a_row_that_comes_out_wrong_is_said_again():
    outcome = synthesize(rows("she mumbles a lot"), MODELS, Synthesize(), 1, 16)
    verdict = outcome.verdicts.row(0, named=True)
    assert (verdict["verdict"], verdict["speech.attempts"], verdict["speech.speed"]) == ("kept", 2, 0.9)
    assert verdict["speech.earlier"] == "wrong_words"


def test_each_failure_has_its_reason_and_leaves_its_neighbours_alone():
    said = rows("it hums and hums", "they cannot say", "all is silent here", "on and on forever", "name a fruit")
    outcome = synthesize(said, MODELS, Synthesize(), 1, 16)
    assert reasons(outcome) == {
        "facts.jsonl:1": "wrong_words",
        "facts.jsonl:2": "synthesis_error",
        "facts.jsonl:3": "no_sound",
        "facts.jsonl:4": "no_end",
        "facts.jsonl:5": None,
    }
    failed = outcome.verdicts.row(1, named=True)
    assert failed["detail"] == "RuntimeError: no phonemes for this text"
    assert failed["speech.earlier"] == "synthesis_error, synthesis_error"
    assert outcome.rows["position"].to_list() == ["facts.jsonl:5"]


def test_batches_and_order_change_nothing():
    said = rows(*(f"question number {'x' * n}" for n in range(9)), "they cannot say", "she mumbles a lot")
    whole = synthesize(said, MODELS, Synthesize(), 1, 16)
    for other in (synthesize(said, MODELS, Synthesize(), 1, 1), synthesize(said.reverse(), MODELS, Synthesize(), 1, 3)):
        assert other.rows.sort("id").equals(whole.rows)
        assert other.verdicts.equals(whole.verdicts)


def test_a_row_of_text_goes_on_unsaid_between_its_neighbours():
    text = pl.Series("kind", ["instruction", "text", "transcription"])
    outcome = synthesize(
        rows("name a fruit", "they cannot say", "name a tree").with_columns(text), MODELS, Synthesize(), 1, 16
    )
    unsaid = outcome.rows.row(1, named=True)
    assert (unsaid["kind"], unsaid["spoken"], unsaid["sound_tokens"], unsaid["voice"]) == ("text", None, [], None)
    assert outcome.rows["tokens_per_turn"].to_list() == [[12], [], [11]]
    assert outcome.verdicts["verdict"].to_list() == ["kept"] * 3
    assert outcome.verdicts["speech.attempts"].to_list() == [1, None, 1]


def test_a_shard_without_rows_is_no_problem():
    outcome = synthesize(rows(), MODELS, Synthesize(), 1, 16)
    assert outcome.rows.height == outcome.verdicts.height == 0
    full = synthesize(rows("name a fruit"), MODELS, Synthesize(), 1, 16)
    assert outcome.rows.columns == full.rows.columns
    assert outcome.verdicts.schema == full.verdicts.schema


def test_voices_are_drawn_by_weight_from_seed_id_and_attempt():
    voices = (Voice(name="often", weight=3), Voice(name="seldom", weight=1))
    drawn = [choose_voice(voices, f"{n:032x}", 5, 0) for n in range(2000)]
    assert 0.7 < sum(voice.name == "often" for voice, _ in drawn) / 2000 < 0.8
    assert drawn == [choose_voice(voices, f"{n:032x}", 5, 0) for n in range(2000)]
    assert choose_voice(voices, "a" * 32, 5, 0)[1] != choose_voice(voices, "a" * 32, 5, 1)[1]


def test_two_voices_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two voices have the same name"):
        Synthesize(voices=(Voice(name="a"), Voice(name="a")))
