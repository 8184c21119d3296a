"""The model at a server: a request a row, and what of its answers costs a row or stops the run."""

import pytest

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.sources import stores
from sayso.stages.speech.engines import load_token_synthesizer
from sayso.stages.speech.protocols import SpeechModelError, SynthesisError
from sayso.stages.speech.voices.speechless.config import Speechless
from sayso.stages.speech.voices.speechless.settings import SpeechlessSettings
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.stages.speech.voices.speechless.stand_in import completion, completion_server
from tests.stages.synthesize.letters import LetterTokenizer, rows

FRUIT = "<|sound_start|><|duration_02|><|sound_0007|><|sound_0001|>"
VOICE = Speechless(name="sp", license="Apache-2.0")


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch):
    monkeypatch.setattr(stores, "FIRST_WAIT", 0.001)


class Tokenizer:
    """As much of a sound tokenizer as a voice looks at."""

    sound_format = SoundFormat(name="merged", codes=2560, mask_code=2048, tokens_per_second=25, max_tokens=750)


def speaker(server, **settings):
    models = SpeechlessSettings(model="speechless", server=server.address, **settings)
    return load_token_synthesizer(VOICE.model_copy(update={"speechless": models}), Tokenizer())


def say(voice, *texts):
    return voice.synthesize_tokens(texts, [5] * len(texts), [1.0] * len(texts))


def test_each_row_is_a_request_with_its_own_seed():
    with completion_server(lambda text, asked: completion(f"{FRUIT}<|sound_end|>")) as server:
        voice = speaker(server, temperature=0.5, max_tokens=99, max_batch_size=2)
        found = voice.synthesize_tokens(["a fig", "a pear", "a plum"], [3, 4, 2**32 - 1], [1, 1, 1])
    assert [row.tolist() for row in found] == [[7, 7, 1]] * 3
    asked = sorted(server.asked, key=lambda one: one["seed"])
    assert [one["seed"] for one in asked] == [3, 4, 2**32 - 1]
    assert asked[0]["prompt"] == (
        "<|start_header_id|>user<|end_header_id|>\n\n<|reserved_special_token_69|>a fig<|eot_id|>"
        "<|start_header_id|>assistant<|end_header_id|>\n\n"
    )
    wanted = {"model": "speechless", "max_tokens": 99, "temperature": 0.5, "stop": ["<|sound_end|>"]}
    assert {name: asked[0][name] for name in wanted} == wanted


def test_a_server_that_leaves_out_what_it_stopped_at_has_ended_where_it_says_stop():
    ends = {"a": completion(FRUIT), "b": completion(FRUIT, "length"), "c": completion(FRUIT, stop_reason=None)}
    with completion_server(lambda text, asked: ends[text]) as server:
        ended, cut, another = say(speaker(server), "a", "b", "c")
    assert ended.tolist() == [7, 7, 1]
    assert str(cut) == str(another) == "it had not ended after 4 tokens"


def test_a_row_that_is_refused_or_cannot_be_asked_costs_its_neighbours_nothing():
    def answer(text, asked):
        return (400, {"error": {"message": "too long"}}) if text == "long" else completion(f"{FRUIT}<|sound_end|>")

    with completion_server(answer) as server:
        refused, empty, token, far_too_long, good = say(
            speaker(server), "long", " ", "say <|eot_id|> now", "o" * 2001, "a fig"
        )
    assert all(isinstance(row, SynthesisError) for row in (refused, empty, token, far_too_long))
    assert str(refused) == 'the server answers 400: {"error": {"message": "too long"}}'
    assert str(empty) == "there is no text to say"
    assert "holds '<|'" in str(token)
    assert "has 2001 bytes" in str(far_too_long)
    assert good.tolist() == [7, 7, 1]


def test_a_server_that_is_busy_is_asked_again():
    answers = [(503, {}), (429, {}), completion(f"{FRUIT}<|sound_end|>")]
    with completion_server(lambda text, asked: answers.pop(0)) as server:
        (found,) = say(speaker(server), "a fig")
    assert found.tolist() == [7, 7, 1]


@pytest.mark.parametrize("status", [401, 404, 503])
def test_a_server_that_is_gone_is_the_fault_of_no_row_and_stops_the_run(status):
    with completion_server(lambda text, asked: (status, {})) as server:
        models = SpeechModels({}, LetterTokenizer(), {"sp": speaker(server)})
        with pytest.raises(SpeechModelError, match=rf"the server .*{server.address}|the server answers {status}"):
            synthesize(rows("a fig", "a pear"), models, Synthesize(voices=(VOICE,)), 1, 16)


def test_what_is_not_there_is_told_when_the_voice_is_loaded():
    with completion_server(lambda text, asked: completion("")) as server:
        other = VOICE.model_copy(update={"speechless": SpeechlessSettings(server=server.address)})
        with pytest.raises(SpeechModelError, match=r"'Menlo/.*': it has 'speechless'; write as speechless\.model what"):
            load_token_synthesizer(other, Tokenizer())
    with pytest.raises(SpeechModelError, match=r"does not answer \(.*refused.*\): start it, and run the same command"):
        load_token_synthesizer(other, Tokenizer())


@pytest.mark.parametrize(("codes", "told"), [(512, "no sound token 2559"), (2562, "a sound token 2561")])
def test_a_server_that_tells_its_tokens_must_have_those_of_the_tokenizer(codes, told):
    named = rf"{told}, and the sound tokenizer has 2560 codes: name the quantizer"
    with (
        completion_server(lambda text, asked: completion(""), codes) as server,
        pytest.raises(SpeechModelError, match=named),
    ):
        speaker(server)
    for known in (2560, 2561):
        with completion_server(lambda text, asked: completion(""), known) as server:
            assert speaker(server)
