"""Every row is said, encoded and decoded back; one that fails a gate is said again, then dropped with the reason.

The voice and the tokenizer here speak in bytes.
What real models make of real words is tested in tests/stages/speech and tests/pipeline.
"""

import io

import numpy as np
import polars as pl
import pytest
import soundfile

from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.stages.synthesize.letters import (
    ANY_WORDS,
    MODELS,
    LetterTokenizer,
    LetterTokens,
    LetterVoice,
    reasons,
    rows,
    talks,
)


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
    backwards = said.sort("id", descending=True)
    for other in (synthesize(said, MODELS, Synthesize(), 1, 1), synthesize(backwards, MODELS, Synthesize(), 1, 3)):
        assert other.rows.sort("id").equals(whole.rows)
        assert other.verdicts.equals(whole.verdicts)


def test_a_voice_gets_all_that_it_has_to_say_at_once():
    asked = []

    class Noting(LetterVoice):
        def synthesize(self, texts, seeds, speeds):
            asked.append(len(texts))
            return super().synthesize(texts, seeds, speeds)

    said = rows(*(f"question number {'x' * n}" for n in range(9)), "she mumbles a lot")
    assert synthesize(said, SpeechModels({"heart": Noting()}, LetterTokenizer()), Synthesize(), 1, 2).rows.height == 10
    assert asked == [10, 1], "and what failed once more"


def test_a_conversation_has_the_tokens_of_each_turn_and_one_voice():
    config = Synthesize(voices=(Hibari(name="heart"), Hibari(name="other")))
    models = SpeechModels({"heart": LetterVoice(), "other": LetterVoice()}, LetterTokenizer())
    said = talks(("name a fruit", "and a tree"), ("name a bird",), ("who are you", "why is that so", "how old are you"))
    kept = synthesize(said, models, config, 1, 2).rows
    assert kept["tokens_per_turn"].to_list() == [[12, 10], [11], [11, 14, 15]]
    assert bytes(kept["sound_tokens"][2]).decode() == "who are you" + "why is that so" + "how old are you"
    assert kept["transcript"].to_list() == [
        *("name a fruit\nand a tree", "name a bird", "who are you\nwhy is that so\nhow old are you")
    ]
    assert kept["duration"].to_list() == [1.1, 0.55, 2.0]
    assert kept["wer"].to_list() == [0.0] * 3
    assert kept["later_turns"].equals(said["later_turns"])


def test_the_error_rates_of_a_conversation_are_means_over_its_words():
    lenient = Synthesize(gates=Gates(max_wer=0.5, max_cer=0.5))
    kept = synthesize(talks(("red blue slurs", "green"), ("red blue slurs",)), MODELS, lenient, 1, 16).rows
    assert kept["transcript"].to_list() == ["red blue slurz\ngreen", "red blue slurz"]
    assert kept["wer"].to_list() == [0.25, 0.3333]


def test_a_conversation_of_which_a_turn_fails_is_said_again_as_a_whole():
    outcome = synthesize(talks(("name a fruit", "she mumbles a lot", "name a tree")), MODELS, Synthesize(), 1, 16)
    verdict = outcome.verdicts.row(0, named=True)
    assert (verdict["verdict"], verdict["speech.attempts"], verdict["speech.earlier"]) == ("kept", 2, "wrong_words")
    assert (verdict["speech.turn"], verdict["speech.words"], verdict["speech.tokens"]) == (None, 10, 40)
    assert verdict["speech.speed"] == 0.9


def test_a_turn_that_cannot_be_said_costs_the_conversation_its_place():
    said = talks(
        ("name a fruit", "it hums and hums"), ("name a tree", "and a bird"), ("on and on forever", "they cannot say")
    )
    outcome = synthesize(said, MODELS, Synthesize(), 1, 16)
    columns = ("reason", "speech.turn", "speech.attempts", "speech.words")
    assert outcome.verdicts.select(columns).rows() == [
        ("wrong_words", 2, 3, 4),
        (None, None, 1, 6),
        ("no_end", 1, 3, 4),
    ]
    assert outcome.verdicts["speech.earlier"][0] == "wrong_words, wrong_words"
    assert outcome.rows["position"].to_list() == ["facts.jsonl:2"]


def test_batches_and_neighbours_change_nothing_of_a_conversation():
    said = talks(("name a fruit", "and a tree", "she mumbles a lot"), ("name a bird",), ("who are you", "why"))
    whole = synthesize(said, MODELS, Synthesize(), 1, 16)
    for size in (1, 2):
        parts = [synthesize(said[[row]], MODELS, Synthesize(), 1, size) for row in range(3)]
        assert pl.concat(part.rows for part in parts).equals(whole.rows)
        assert pl.concat(part.verdicts for part in parts).equals(whole.verdicts)


def test_what_was_said_is_kept_where_the_recipe_asks_for_it():
    said = talks(("name a fruit", "and a tree"), ("it hums and hums",), ("they cannot say",), ("she mumbles a lot",))
    said = said.with_columns(pl.Series("kind", ["two_turn", "instruction", "text", "instruction"]))
    kept = synthesize(said, MODELS, Synthesize(audio=True), 1, 16).rows
    seconds = [audio and soundfile.info(io.BytesIO(audio)).duration for audio in kept["audio"]]
    assert seconds == kept["duration"].to_list() == [1.1, None, 0.85]
    without = synthesize(said, MODELS, Synthesize(), 1, 16).rows
    assert kept.drop("audio").equals(without)


DIRECT = WhisperSpeech(
    name="anna",
    whisperspeech=WhisperSpeechSettings(route="direct", vq="their.model"),
    speeds=(1.0,),
)
DIRECT_MODELS = SpeechModels({"anna": LetterVoice()}, LetterTokenizer(), {"anna": LetterTokens()})


class DullTokenizer(LetterTokenizer):
    """Its tokens hold a z for every s."""

    def encode(self, clips):
        return [np.where(tokens == ord("s"), ord("z"), tokens).astype(np.uint16) for tokens in super().encode(clips)]


def test_what_is_heard_in_the_audio_tells_what_the_tokens_lost():
    models = SpeechModels({"heart": LetterVoice()}, DullTokenizer())
    config = Synthesize(listen=True, gates=ANY_WORDS)
    outcome = synthesize(talks(("name a rose", "and why so")), models, config, 1, 16)
    row = outcome.rows.row(0, named=True)
    assert (row["transcript"], row["audio_transcript"]) == ("name a roze\nand why zo", "name a rose\nand why so")
    assert (row["wer"], row["audio_wer"]) == (0.3333, 0.0)
    assert outcome.verdicts.select("speech.audio_transcript", "speech.audio_wer").row(0) == (
        "name a rose\nand why so",
        0.0,
    )


def test_nobody_listens_unless_the_recipe_says_so():
    outcome = synthesize(rows("name a fruit"), MODELS, Synthesize(), 1, 16)
    assert outcome.verdicts.select("speech.audio_transcript", "speech.audio_wer").row(0) == (None, None)


def test_a_direct_voice_says_tokens_first_and_is_heard_where_they_fail():
    config = Synthesize(voices=(DIRECT,), attempts=4)
    said = rows("name a fruit", "this needs audio", "it hums and audio", "they cannot say")
    outcome = synthesize(said, DIRECT_MODELS, config, 1, 16)
    assert outcome.verdicts.select("speech.route", "speech.attempts", "speech.earlier", "reason").rows() == [
        ("direct", 1, None, None),
        ("audio", 2, "wrong_words", None),
        ("audio", 4, "wrong_words, wrong_words, wrong_words", "wrong_words"),
        ("audio", 4, "synthesis_error, synthesis_error, synthesis_error", "synthesis_error"),
    ]
    assert outcome.rows["duration"].to_list() == [12 / 20, 16 / 20]
    assert outcome.rows["transcript"].to_list() == ["name a fruit", "this needs audio"]


def test_direct_and_heard_voices_stand_beside_each_other_in_any_batch():
    config = Synthesize(voices=(DIRECT, Hibari(name="heart")))
    models = SpeechModels({"anna": LetterVoice(), "heart": LetterVoice()}, LetterTokenizer(), {"anna": LetterTokens()})
    said = rows(*(f"question number {'x' * n}" for n in range(9)), "this needs audio")
    whole = synthesize(said, models, config, 1, 16)
    assert set(whole.verdicts.select("speech.voice", "speech.route").rows()) >= {("anna", "direct"), ("heart", "audio")}
    assert synthesize(said, models, config, 1, 2).verdicts.equals(whole.verdicts)


def test_there_is_no_audio_to_keep_of_a_direct_voice():
    with pytest.raises(
        ValueError, match=r"`audio` needs .* voice 'anna' says tokens and makes no audio: take one of them out"
    ):
        Synthesize(voices=(Hibari(name="heart"), DIRECT), audio=True)


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


def test_two_voices_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two voices have the same name"):
        Synthesize(voices=(Hibari(name="a"), Hibari(name="a")))


@pytest.mark.parametrize(("language", "wer"), [("en", 0.0), ("pl", 0.3333)])
def test_words_are_compared_by_the_rules_of_the_language_that_they_are_read_back_in(language, wer):
    class WithoutMarks(LetterTokenizer):
        def decode_text(self, tokens):
            return [text.replace("ł", "l") for text in super().decode_text(tokens)]

        def transcribe(self, clips):
            return self.decode_text(self.encode(clips))

    models = SpeechModels({"heart": LetterVoice()}, WithoutMarks())
    recipe = Synthesize(tokenizer=WhisperVQConfig(language=language), listen=True)
    (row,) = synthesize(rows("napisz prostą łaskę"), models, recipe, 1, 16).rows.to_dicts()
    assert (row["wer"], row["audio_wer"]) == (pytest.approx(wer, abs=1e-4),) * 2
