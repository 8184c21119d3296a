"""Weights whose repository was moved are found under its other name, and a line says so."""

import pytest

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.finding import find_file, without_fetching
from sayso.stages.speech.weights.folder import look_in
from sayso.stages.speech.weights.hub_file import hub_file
from sayso.stages.speech.weights.moved import OtherRepository, places_of
from tests.hub_server import TOKEN
from tests.pipeline.test_model_fetching import call

VQ = "whisper-vq-stoks-v3-7lang"
NAMED = f"jan-hq/WhisperVQ:{VQ}-fixed.model"
RECIPE = f"""
name: mine
sources: [{{name: a, paths: [a]}}]
synthesize: {{tokenizer: {{model: "{NAMED}"}}}}
"""


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SAYSO_MODELS", "")


def test_each_place_is_tried_in_order():
    assert [place.name for place in places_of(hub_file(NAMED))] == [
        NAMED,
        f"WhisperSpeech/WhisperSpeech:{VQ}.model",
        f"collabora/whisperspeech:{VQ}.model",
    ]
    commit = "0" * 40
    renamed = places_of(hub_file(f"collabora/whisperspeech@{commit}:t2s.model"))
    assert [place.place for place in renamed] == [
        f"{name}@{commit}" for name in ("collabora/whisperspeech", "WhisperSpeech/WhisperSpeech")
    ]
    assert len(places_of(hub_file(f"jan-hq/WhisperVQ@{commit}:{VQ}-fixed.model"))) == 1
    assert len(places_of(hub_file("org/other:x.model"))) == 1


@pytest.mark.parametrize("there", ["WhisperSpeech/WhisperSpeech", "collabora/whisperspeech"])
def test_a_file_comes_from_the_place_where_it_is_and_a_line_says_so(hub_here, empty_cache, there):
    hub_here.commit(there, {f"{VQ}.model": b"original", "t2s.model": b"t2s"})
    with pytest.warns(OtherRepository, match=f"jan-hq/WhisperVQ is not on the Hub, so {there}:{VQ}.model is taken"):
        assert find_file(NAMED).read_bytes() == b"original"
    with without_fetching():
        assert find_file(NAMED).read_bytes() == b"original"
    (other,) = {"WhisperSpeech/WhisperSpeech", "collabora/whisperspeech"} - {there}
    with pytest.warns(OtherRepository, match=f"{other} is not on the Hub, so {there}:t2s.model is taken"):
        assert find_file(f"{other}:t2s.model").read_bytes() == b"t2s"


def test_what_is_where_it_is_named_is_taken_from_there_without_a_word(hub_here, empty_cache, recwarn):
    hub_here.commit("jan-hq/WhisperVQ", {f"{VQ}-fixed.model": b"fixed"})
    hub_here.commit("WhisperSpeech/WhisperSpeech", {f"{VQ}.model": b"original"})
    assert find_file(NAMED).read_bytes() == b"fixed"
    assert not [each for each in recwarn if each.category is OtherRepository]


def test_where_no_place_has_it_the_named_one_is_told(hub_here, empty_cache):
    with pytest.raises(SpeechModelError, match=f"{VQ}-fixed.model of jan-hq/WhisperVQ could not be fetched"):
        find_file(NAMED)


def test_models_are_fetched_from_the_other_place_once_and_found_in_the_folder(hub_here, empty_cache, tmp_path):
    hub_here.commit("WhisperSpeech/WhisperSpeech", {f"{VQ}.model": b"original" * 99})
    recipe, folder = tmp_path / "mine.yaml", tmp_path / "models"
    recipe.write_text(RECIPE)
    fetch = ("models", "fetch", recipe, "--to", folder)
    told = call(*fetch)
    assert told.exit_code == 0, told.output
    assert f"warning: jan-hq/WhisperVQ is not on the Hub, so WhisperSpeech/WhisperSpeech:{VQ}.model is taken" in (
        " ".join((told.output + told.stderr).split())
    )
    asked = len(hub_here.answers)
    assert "fetched 0 files" in call(*fetch).output
    assert len(hub_here.answers) == asked
    look_in(folder)
    assert find_file(NAMED).read_bytes() == b"original" * 99
    assert TOKEN not in (folder / "models.json").read_text()
