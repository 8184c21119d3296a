"""A recipe's names of weights, and the files that they stand for."""

import pytest

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.whispervq.files import find_checkpoint
from sayso.stages.speech.voices.whisperspeech.files import find_vocoder
from sayso.stages.speech.weights.finding import find_file, without_folder
from sayso.stages.speech.weights.hub_file import file_in, hub_file

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def two_versions(hub_here, tmp_path, monkeypatch):
    """A repository whose model was written twice, and an empty cache; the commit of the first version."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    vocoder = {"config.yaml": b"a: 1", "pytorch_model.bin": b"w1"}
    earlier = hub_here.commit("org/voices", {"small/t2s+en.model": b"first", **vocoder})
    vocoder = {"config.yaml": b"a: 2", "pytorch_model.bin": b"w2"}
    hub_here.commit("org/voices", {"small/t2s+en.model": b"second", **vocoder})
    return earlier


def test_a_name_is_a_repository_a_commit_and_a_file():
    file = hub_file(f"org/voices@{COMMIT}:small/t2s+en.model")
    assert (file.repository, file.commit, file.file) == ("org/voices", COMMIT, "small/t2s+en.model")
    assert file.name == f"org/voices@{COMMIT}:small/t2s+en.model"
    assert file_in("org/voices", "config.yaml").name == "org/voices:config.yaml"


def test_a_name_keeps_its_place_on_the_hub_and_none_on_this_machine(tmp_path, monkeypatch):
    for name in (f"org/voices@{COMMIT}:small/t2s+en.model", "charactr/vocos-encodec-24khz", "tiny.en@package"):
        assert without_folder(name) == name
    (tmp_path / "models" / "vocos").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for name in (str(tmp_path / "models" / "vocos"), "models/vocos", "models/vocos/"):
        assert without_folder(name) == "vocos"


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("org/voices@main:t2s.model", "'main' is no commit; a model is pinned by 40 hex digits"),
        ("org/voices@:t2s.model", "'' is no commit"),
        ("org/voices:", "is not a Hub file OWNER/NAME:FILE or OWNER/NAME@COMMIT:FILE"),
        ("voices:t2s.model", "is not a Hub file OWNER/NAME:FILE"),
        ("org/voices:../t2s.model", "is not a Hub file OWNER/NAME:FILE"),
        ("../voices:t2s.model", "is not a Hub file OWNER/NAME:FILE"),
        ("nowhere.model", "no model 'nowhere.model': neither a file nor a Hub file OWNER/NAME:FILE"),
    ],
)
def test_a_name_that_is_none(name, match):
    with pytest.raises(SpeechModelError, match=match):
        find_file(name)


def test_a_pinned_file_is_that_of_its_commit(two_versions):
    name = "small/t2s+en.model"
    assert find_file(f"org/voices:{name}").read_bytes() == b"second"
    assert find_file(f"org/voices@{two_versions}:{name}").read_bytes() == b"first"
    assert find_checkpoint(f"org/voices@{two_versions}:{name}").read_bytes() == b"first"
    assert [path.read_bytes() for path in find_vocoder("org/voices")] == [b"a: 2", b"w2"]
    assert [path.read_bytes() for path in find_vocoder(f"org/voices@{two_versions}")] == [b"a: 1", b"w1"]


def test_a_commit_that_is_not_there_is_named(two_versions):
    with pytest.raises(SpeechModelError, match=f"config.yaml of org/voices@{COMMIT} could not be fetched"):
        find_vocoder(f"org/voices@{COMMIT}")
