"""From a person's recording to a voice that recipes may choose, through the command line."""

import hashlib
import json
import sys

import numpy as np
import pytest
import soundfile
import torch
from hibari import Hibari
from typer.testing import CliRunner

from sayso.pipeline.cli import app
from sayso.pipeline.recipe import RecipeError, load_recipe
from sayso.pipeline.voices.voice_bank import read_bank
from sayso.stages.speech.voices.whisperspeech.voice import read_speaker

BANK = """# Who may speak.
- name: kore  # British
  speaker: kore
"""
RECIPE = "name: mine\nsources: [{name: facts, paths: [facts.jsonl]}]\nsynthesize: {voice_bank: voices.yaml}\n"
TOLD = ("--license", "CC0-1.0", "--consent", "Anna agreed in writing: yes.", "--language", "pl", "--accent", "Silesian")


@pytest.fixture(scope="module")
def encoder(torchaudio, tmp_path_factory):
    """A speaker encoder of the released form, with random weights."""
    pytest.importorskip("speechbrain")
    torch.set_num_threads(1)
    from tests.stages.speech.voices.whisperspeech.speaker_encoders import micro_encoder

    return micro_encoder(tmp_path_factory.mktemp("encoder") / "embedding_model.ckpt")


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("recordings") / "anna's.flac"
    soundfile.write(path, Hibari(threads=1)("The quick brown fox jumps over the lazy dog.", seed=0), 24_000)
    return path


@pytest.fixture
def bank(tmp_path):
    path = tmp_path / "voices.yaml"
    path.write_text(BANK)
    return path


def call(*arguments):
    result = CliRunner().invoke(app, ["voices", *map(str, arguments)])
    assert "Traceback" not in result.output
    return result


def refused(code, *arguments):
    result = call(*arguments)
    assert result.exit_code == code
    return " ".join(result.stderr.split())


def test_a_recording_becomes_a_voice_that_a_recipe_speaks_with(recording, encoder, bank, tmp_path):
    options = ("--recording", recording, "--bank", bank, "--encoder", encoder, *TOLD)
    added = json.loads(call("add", "anna", *options, "--json").stdout)
    sha256 = {
        kind: hashlib.sha256(path.read_bytes()).hexdigest()
        for kind, path in {"recording": recording, "encoder": encoder}.items()
    }
    assert (added["recording_sha256"], added["encoder_sha256"]) == (sha256["recording"], sha256["encoder"])
    assert 2 < added["seconds"] < 5
    assert bank.read_text() == BANK + (
        "- name: anna\n"
        f"  # recording sha256 {sha256['recording']}\n"
        f"  # encoder sha256 {sha256['encoder']}\n"
        "  engine: whisperspeech\n"
        "  speaker: anna.npy\n"
        "  license: CC0-1.0\n"
        "  consent: 'Anna agreed in writing: yes.'\n"
        "  language: pl\n"
        "  accent: Silesian\n"
    )
    stored = np.load(tmp_path / "anna.npy")
    assert (stored.shape, stored.dtype) == ((192,), np.float32)
    np.testing.assert_array_equal(read_speaker(added["speaker"]), stored)
    (tmp_path / "mine.yaml").write_text(RECIPE)
    kore, anna = load_recipe(tmp_path / "mine.yaml").synthesize.voices
    assert (kore.name, anna.name, anna.engine) == ("kore", "anna", "whisperspeech")
    assert anna.speaker == str(tmp_path / "anna.npy")
    assert anna.consent == "Anna agreed in writing: yes."
    bank.write_text(bank.read_text().replace("  license: CC0-1.0\n", ""))
    with pytest.raises(RecipeError, match="the voice 'anna' has no `license`"):
        load_recipe(tmp_path / "mine.yaml")


def test_a_bank_that_is_not_there_is_made_and_a_link_to_one_stays_a_link(recording, encoder, tmp_path):
    options = ("--recording", recording, "--encoder", encoder, *TOLD)
    text = call("add", "anna", *options, "--bank", tmp_path / "banks/new.yaml")
    assert text.exit_code == 0
    assert f"added anna to {tmp_path}/banks/new.yaml: {tmp_path}/banks/anna.npy, of " in text.stdout
    (tmp_path / "link.yaml").symlink_to(tmp_path / "banks/new.yaml")
    assert call("add", "eva", *options, "--bank", tmp_path / "link.yaml").exit_code == 0
    assert (tmp_path / "link.yaml").is_symlink()
    assert list(read_bank(tmp_path / "banks/new.yaml")) == ["anna", "eva"]
    assert read_bank(tmp_path / "link.yaml")["eva"]["speaker"] == str(tmp_path / "eva.npy")


def test_the_same_command_goes_on_where_it_was_stopped_and_no_other_speaker_is_lost(recording, encoder, bank, tmp_path):
    options = ("--recording", recording, "--bank", bank, "--encoder", encoder, *TOLD)
    call("add", "anna", *options)
    bank.write_text(BANK)
    assert call("add", "anna", *options).exit_code == 0
    added = bank.read_text()
    np.save(tmp_path / "eva.npy", np.ones(192, np.float32))
    stored = (tmp_path / "eva.npy").read_bytes()
    assert "eva.npy is there already, and is another speaker; choose another name" in refused(3, "add", "eva", *options)
    assert "there is a voice 'anna' already; choose another name" in refused(3, "add", "anna", *options)
    assert (bank.read_text(), (tmp_path / "eva.npy").read_bytes()) == (added, stored)


def test_what_is_wrong_leaves_the_bank_as_it_is(recording, encoder, bank, tmp_path):
    told = ("--bank", bank, *TOLD)
    given = (*told, "--recording", recording)
    assert "'../anna' is no name for a voice" in refused(3, "add", "../anna", *given)
    assert "voices.yaml: [1].language:" in refused(3, "add", "anna", *given, "--language", "Polish")
    missing = refused(4, "add", "anna", *told, "--recording", tmp_path / "anna.wav", "--encoder", encoder)
    assert f"there is no recording {tmp_path}/anna.wav" in missing
    assert "no model 'ecapa.ckpt': neither a file nor a Hub file" in refused(
        4, "add", "anna", *given, "--encoder", "ecapa.ckpt"
    )
    assert bank.read_text() == BANK
    assert [path.name for path in tmp_path.iterdir()] == ["voices.yaml"]


def test_the_encoder_of_the_hub_comes_from_a_folder_of_models(recording, encoder, bank, tmp_path):
    folder, content = tmp_path / "models", encoder.read_bytes()
    path = "speechbrain/spkrec-ecapa-voxceleb/embedding_model.ckpt"
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_bytes(content)
    entry = {"name": "speechbrain/spkrec-ecapa-voxceleb:embedding_model.ckpt", "commit": None, "path": path}
    entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "models.json").write_text(json.dumps({"models": [entry]}))
    environment = {"SAYSO_MODELS": str(folder)}
    arguments = ["voices", "add", "anna", "--recording", str(recording), "--bank", str(bank), *TOLD]
    result = CliRunner().invoke(app, arguments, env=environment)
    assert result.exit_code == 0, result.output
    assert f"{entry['name']}: sha256 {entry['sha256']}" in result.stdout


def test_without_the_packages_of_speech_it_says_what_to_install(recording, bank, monkeypatch):
    monkeypatch.delitem(sys.modules, "sayso.stages.speech.voices.whisperspeech.reference_recording", raising=False)
    monkeypatch.setitem(sys.modules, "soxr", None)
    error = refused(4, "add", "anna", "--recording", recording, "--bank", bank, *TOLD)
    assert "no speaker can be made: soxr is not installed; pip install 'sayso[speech]'" in error


def test_a_bank_is_listed_with_what_is_known_of_its_voices(bank):
    line = call("list", bank).stdout.splitlines()[1]
    assert line.split() == ["kore", "hibari", "en", "not", "stated", "Apache-2.0", "not", "stated"]
    (kore,) = json.loads(call("list", bank, "--json").stdout)
    assert (kore["name"], kore["speaker"], kore["consent"]) == ("kore", "kore", None)


def test_the_commands_have_help_with_an_example():
    for command in ("add", "list"):
        assert f"Example: sayso voices {command}" in " ".join(call(command, "--help").output.split())
