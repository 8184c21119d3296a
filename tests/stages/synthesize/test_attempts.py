"""Which voice says a row, and with which seed: drawn, so that every worker and every batch says the same."""

from typing import Literal

import numpy as np
import torch

from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.synthesize.attempts import SpeechModels, choose_voice
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.stages.synthesize.letters import ANY_WORDS, SAMPLES, LetterTokenizer, LetterVoice, rows, talks

VOICES = (Hibari(name="often", weight=3), Hibari(name="seldom", weight=1))
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


class FarClip(torch.Tensor):
    """A clip on a device that it must not leave."""

    def cpu(self):
        raise AssertionError("a clip was taken from its device")

    to = numpy = __array__ = cpu


class FarVoice(LetterVoice):
    def synthesize(self, texts, seeds, speeds):
        return [clip.as_subclass(FarClip) for clip in super().synthesize(texts, seeds, speeds)]


class FarTokenizer(LetterTokenizer):
    """Counts the letters of clips that it finds there."""

    def encode(self, clips):
        assert {type(clip) for clip in clips} == {FarClip}
        return [np.arange(len(clip) // SAMPLES, dtype=np.uint16) for clip in clips]


def test_a_clip_stays_on_its_device_from_the_voice_to_the_tokenizer():
    config = Synthesize(attempts=1, max_utterance_bytes=24, pause_seconds=0.2, gates=ANY_WORDS)
    said = talks(("Name a fruit. Name a tree. Then say why.", "Name a bird."), ("Name a fish.",))
    outcome = synthesize(said, SpeechModels({"heart": FarVoice()}, FarTokenizer()), config, 1, 16)
    assert outcome.verdicts.select("reason", "speech.utterances", "detail").rows() == [(None, 4, None), (None, 1, None)]
    # Three utterances with 0.2 s between, 50 ms a letter.
    assert outcome.rows["tokens_per_turn"].to_list() == [[13 + 4 + 12 + 4 + 13, 12], [12]]


class Sure(Voice):
    """A voice that says a text the same way each time."""

    engine: Literal["sure"] = "sure"
    license: str | None = "MIT"

    @property
    def says_the_same_again(self):
        return True


def test_a_voice_that_says_the_same_again_is_asked_once_and_another_each_time():
    sure, moody = Sure(name="sure"), Hibari(name="moody")
    said = rows(*(f"hums {n}" for n in range(12)))
    models = SpeechModels({"sure": LetterVoice(), "moody": LetterVoice()}, LetterTokenizer())
    alone = synthesize(said, models, Synthesize(voices=(sure,)), 1, 16).verdicts["speech.attempts"]
    assert alone.to_list() == [1] * 12
    both = synthesize(said, models, Synthesize(voices=(sure, moody)), 1, 16).verdicts
    drawn = [[choose_voice((sure, moody), row, 1, 1, n)[0].name for n in range(3)] for row in both["id"]]
    asked = [1 + max(n for n in range(3) if names[n] == "moody" or "sure" not in names[:n]) for names in drawn]
    assert both["speech.attempts"].to_list() == asked
    assert {len(row.split(", ")) for row in both["speech.earlier"]} == {1, 2}
