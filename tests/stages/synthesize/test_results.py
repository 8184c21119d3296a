"""Engines are others' code: what they give for a row is checked, and costs no neighbour its place."""

import sys

import numpy as np
import pytest
import torch

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.engines import load_voice
from sayso.stages.speech.protocols import SpeechModelError, SynthesisError
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer, format_of, load_tokenizer
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.synthesize.batches import each
from sayso.stages.synthesize.results import clip_of, of_length, text_of, tokens_of

SOUND = SoundFormat(name="Few", codes=100, mask_code=100, tokens_per_second=10, max_tokens=50)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, "the voice gave a NoneType, which is no tensor"),
        (np.zeros(9), "the voice gave a ndarray, which is no tensor"),
        (torch.tensor(1.0), r"tensor of torch\.float32 and no dimension, not mono"),
        (torch.zeros(1, 9), "and 1×9, not mono samples"),
        (torch.zeros(9).double(), r"tensor of torch\.float64 and 9, not mono samples of float32"),
    ],
)
def test_a_clip_is_mono_samples_of_float32(found, told):
    with pytest.raises(SynthesisError, match=told):
        clip_of(found)
    assert len(clip_of(torch.zeros(9))) == 9


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, "the tokens are a NoneType of object, not an array of integers"),
        (np.zeros(3), "a ndarray of float64, not an array of integers"),
        (np.zeros((1, 3), np.uint16), "not an array of integers"),
        (np.array([-1, 3]), "a token of -1 to 3 is none of Few, 0 to 100"),
        ([3, 70_000], "a token of 3 to 70000 is none of Few, 0 to 100"),
    ],
)
def test_tokens_are_of_their_sound_format(found, told):
    with pytest.raises(SynthesisError, match=told):
        tokens_of(found, SOUND)
    # The mask code is a matter of the gates.
    assert tokens_of([3, 100], SOUND).dtype == np.uint16
    assert tokens_of([], SOUND).size == 0


def test_tokens_are_as_many_as_the_seconds_ask_for():
    ten = np.zeros(10, np.uint16)
    assert of_length(ten, 1.0, SOUND) is ten
    assert str(of_length(ten, 0.5, SOUND)) == "10 tokens came of 0.5 s, and Few has 10 a second"
    # The gates have reasons of their own for what is silent, or too long.
    assert of_length(ten, 9.0, SOUND) is ten
    assert of_length(ten[:0], 1.0, SOUND).size == 0


def test_what_one_row_got_wrong_is_its_own_matter():
    one, other, third = each(["a", "b", "c"], lambda batch: [text if text != "b" else 3 for text in batch], text_of)
    assert (one, third) == ("a", "c")
    assert str(other) == "the tokenizer heard a int, which is no text"
    assert [str(one) for one in each(["a", "b"], lambda batch: ["a"] * 3, text_of)] == ["3 results came for 1"] * 2


def test_a_batch_that_fails_is_halved_until_the_culprit_stands_alone():
    seen = []

    def model(batch):
        seen.append("".join(batch))
        if "x" in batch:
            raise ValueError("x")
        return batch

    found = each([*"abcdefxh"], model, text_of)
    assert [str(one) for one in found] == [*"abcdefxh"]
    assert isinstance(found[6], ValueError)
    assert seen == ["abcdefxh", "abcd", "efxh", "ef", "xh", "x", "h"]


def test_a_model_that_would_end_the_process_costs_that_row_alone():
    def model(batch):
        if "x" in batch:
            sys.exit("no such phoneme")
        return batch

    one, other, third = each(["a", "x", "b"], model, text_of)
    assert (one, third) == ("a", "b")
    assert str(other) == "the model would have ended the process: no such phoneme"


def test_a_worker_that_is_told_to_end_does_so():
    told = SystemExit(1)
    told.ray_terminate_msg = "SIGTERM"

    def model(batch):
        raise told

    with pytest.raises(SystemExit):
        each(["a"], model, text_of)


class Loaded:
    sound_format, sample_rate, encode, decode_text = SOUND, 16_000, None, None


class Few(Tokenizer):
    engine: str = "few"

    def sound_format(self):
        return SOUND

    def load(self):
        return type("Changed", (Loaded,), self.changed)()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sample_rate": 24_000}, "'few' takes 24000 samples a second, and voices give 16000"),
        ({"sound_format": SOUND.model_copy(update={"codes": 99})}, "'few' loads with the format name='Few' codes=99"),
    ],
)
def test_a_tokenizer_is_what_it_said_before_it_was_loaded(monkeypatch, changed, told):
    monkeypatch.setattr(Few, "changed", changed, raising=False)
    with pytest.raises(SpeechModelError, match=told):
        load_tokenizer(Few())


def test_what_is_loaded_has_what_it_is_called_by(monkeypatch):
    monkeypatch.setattr(Few, "load", lambda self: None)
    with pytest.raises(SpeechModelError, match="'few' loads as a NoneType, which has no `sound_format`"):
        load_tokenizer(Few())
    monkeypatch.setattr(Voice, "load", lambda self: 3)
    with pytest.raises(SpeechModelError, match="'x' loads as a int, which has no `synthesize`"):
        load_voice(Voice(name="x", engine="x"))


def test_what_ends_the_process_when_it_is_loaded_cannot_be_loaded(monkeypatch):
    monkeypatch.setattr(Few, "load", lambda self: sys.exit(3))
    monkeypatch.setattr(Voice, "load", lambda self: sys.exit("no licence"))
    with pytest.raises(SpeechModelError, match="'few' cannot be loaded: it would have ended the process: 3"):
        load_tokenizer(Few())
    with pytest.raises(SpeechModelError, match="'x' cannot be loaded: it would have ended the process: no licence"):
        load_voice(Voice(name="x", engine="x"))


@pytest.mark.parametrize("told", [None, {"codes": 5}])
def test_a_tokenizer_that_tells_no_sound_format_is_told_in_a_sentence(monkeypatch, told):
    monkeypatch.setattr(Few, "sound_format", lambda self: told)
    monkeypatch.setattr(Few, "load", lambda self: Loaded())
    refused = f"'few' tells a {type(told).__name__} as its sound format: its `sound_format` is to give a SoundFormat"
    for ask in (format_of, load_tokenizer):
        with pytest.raises(SpeechModelError, match=refused):
            ask(Few())


def test_a_tokenizer_whose_sound_format_fails_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(Few, "sound_format", lambda self: {}["codes"])
    with pytest.raises(SpeechModelError, match="sound tokenizer 'few' cannot be loaded: 'codes'"):
        format_of(Few())
