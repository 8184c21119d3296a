"""A whole run spoken by WhisperSpeech, on small models with random weights, beside the embedded voice."""

import dataclasses
import hashlib

import datasets
import numpy as np
import polars as pl
import pytest
import torch

pytest.importorskip("whisperspeech.t2s_up_wds_mlang_enclm")

from sayso.manifests.ledger import Ledger
from sayso.manifests.reports.explanation import explain
from sayso.manifests.verify.run import verify
from tests.runs import dataset_bytes, sayso_here
from tests.stages.speech.tokenizers.whispervq.quantizers import Kind, micro_quantizer, micro_whisper
from tests.stages.speech.voices.whisperspeech import checkpoints

LONG = "What is the name of the river that runs through seven old towns? And why does it freeze in no winter at all?"
UNSAYABLE = "Who lives in " + "Llanfair" * 8 + "?"
THINGS = ("moon", "sea", "wind", "snow")
QUESTIONS = (LONG, UNSAYABLE, *(f"What is the {thing} made of?" for thing in THINGS))

# T2S has a token for the mask code, too.
KIND = Kind("base", 8, 80, 51865, checkpoints.SEMANTIC_CODES - 1, 64)
BANK = """
- name: anna
  engine: whisperspeech
  speaker: anna.npy
  license: CC0-1.0
  whisperspeech: {{t2s: {folder}/t2s.model, s2a: {folder}/s2a.model, vocoder: {folder}/vocos, max_batch_size: 4}}
- name: bert
  engine: whisperspeech
  whisperspeech:
    {{t2s: {folder}/t2s.model, s2a: {folder}/s2a.model, vocoder: {folder}/vocos, max_batch_size: 4, route: direct,
     vq: {folder}/vq.model}}
- name: heart
"""
# Models with random weights say nonsense, so the gates stand wide open.
RECIPE = """
name: spoken
seed: 10
sources: [{name: questions, paths: [questions.jsonl], license: MIT}]
screen: {filters: [{filter: spoken_length}]}
synthesize:
  voice_bank: bank.yaml
  gates: {max_wer: 99, max_cer: 99, min_seconds_per_word: 0, max_seconds_per_word: 9, max_run: 999,
    max_lost_start: 99, max_lost_end: 99, max_lost_inside: 99,
    max_wrong_numbers: 99, max_wrong_negations: 99, max_name_error: 1, max_silence: 1,
    min_speaking_rate: 0, max_speaking_rate: 999}
  max_utterance_bytes: 60
"""
AUDIO = """
  voices: [{bank: anna, weight: 3}, {bank: heart}]
  augment: {noise: {snr_db: [10, 30]}, gain: {db: [-6, 3]}}
"""
DIRECT = """
  voices: [{{bank: bert, weight: 3}}, {{bank: heart}}]
  tokenizer: {{model: {folder}/vq.model, whisper: {folder}/whisper.pt}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, in_this_process):
    """What is to be said, a bank of voices, and the models that they speak with."""
    folder = tmp_path_factory.mktemp("spoken")
    checkpoints.micro_t2s(folder / "t2s.model")
    checkpoints.micro_s2a(folder / "s2a.model")
    checkpoints.micro_vocos(folder / "vocos")
    np.save(folder / "anna.npy", np.random.default_rng(1).normal(size=192).astype(np.float32))
    micro_quantizer(KIND, folder / "vq.model")
    whisper = micro_whisper(KIND)
    torch.save(
        {"dims": dataclasses.asdict(whisper.dims), "model_state_dict": whisper.state_dict()}, folder / "whisper.pt"
    )
    (folder / "bank.yaml").write_text(BANK.format(folder=folder))
    rows = pl.DataFrame({"question": QUESTIONS}).with_columns(answer=pl.lit("That is a long story."))
    rows.write_ndjson(folder / "questions.jsonl")
    return folder


def run(folder, name, rest):
    """A finished run of the recipe with this rest, in a folder of this name."""
    recipe = folder / f"{name}.yaml"
    recipe.write_text(RECIPE + rest)
    sayso_here("run", recipe, "--to", folder / name)
    return folder / name


@pytest.fixture(scope="module")
def spoken(folder):
    """A run of one shard, noisy, with sixteen rows at a time."""
    return run(folder, "spoken", AUDIO + "resources: {text: {workers: 1}, speech: {workers: 1}}\n")


def rows_and_verdicts(run, cache):
    """The published rows, and what was decided about each row that was to be said, by the place it came from."""
    rows = datasets.load_dataset(str(run / "dataset"), split="train", cache_dir=str(cache)).to_polars()
    verdicts = pl.read_parquet(run / "manifests" / "synthesize" / "*.verdicts.parquet")
    return rows, {row["position"].partition(":")[2]: row for row in verdicts.rows(named=True)}


def test_both_voices_of_the_bank_are_published_with_tokens(spoken, tmp_path):
    rows, _ = rows_and_verdicts(spoken, tmp_path)
    assert set(rows["voice"]) == {"anna", "heart"}
    assert rows["prompt"].sort().to_list() == sorted({*QUESTIONS} - {UNSAYABLE})
    assert rows["sound_tokens"].list.len().to_list() == pytest.approx((rows["duration"] * 25).to_list(), abs=2)
    card = (spoken / "dataset" / "README.md").read_text()
    assert "CC0-1.0" in card
    assert verify(Ledger(str(spoken))).problems == ()


def test_a_long_text_is_said_in_parts_and_noise_lies_under_every_row(spoken, tmp_path):
    _, verdicts = rows_and_verdicts(spoken, tmp_path)
    assert (verdicts["1"]["speech.voice"], verdicts["1"]["speech.utterances"]) == ("anna", 3)
    assert {row["speech.utterances"] for place, row in verdicts.items() if place not in "12"} == {1}
    assert all(10 <= row["augment.snr_db"] <= 30 and -6 <= row["augment.gain_db"] <= 3 for row in verdicts.values())


def test_a_text_that_cannot_be_said_is_a_verdict_and_its_neighbours_are_there(spoken):
    found = explain(Ledger(str(spoken)), "questions.jsonl:2")
    assert found.published is None
    last = found.steps[-1]
    assert (last.stage, last.verdict, last.reason) == ("synthesize", "dropped", "synthesis_error")
    assert last.detail.startswith("SynthesisError: a word of 65 bytes is longer than an utterance may be (60 bytes")
    assert explain(Ledger(str(spoken)), "questions.jsonl:3").published.startswith("dataset/data/train-00000")


def test_the_record_holds_the_sha256_of_every_file_that_anna_speaks_with(folder, spoken):
    engines = Ledger(str(spoken)).find_record("synthesize", "00000").parameters["engines"]
    files = {name: folder / name for name in ("t2s.model", "s2a.model")}
    files |= {f"vocos {name}": folder / "vocos" / name for name in ("config.yaml", "pytorch_model.bin")}
    files |= {"speaker of anna": folder / "anna.npy"}
    sums = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    assert {name: engines.get(name) for name in sums} == sums


def test_other_batches_and_shards_give_the_same_bytes(folder, spoken):
    cut = "resources: {text: {workers: 1}, speech: {workers: 1}, batch: 3, text_shard_rows: 4, speech_shard_rows: 5}\n"
    other = run(folder, "other", AUDIO + cut)
    assert len(list(other.glob("manifests/synthesize/*.record.json"))) > 1
    assert dataset_bytes(other) == dataset_bytes(spoken)


def test_a_direct_voice_publishes_the_tokens_it_said_beside_one_that_is_heard(folder, tmp_path):
    done = run(
        folder, "direct", DIRECT.format(folder=folder) + "resources: {text: {workers: 1}, speech: {workers: 1}}\n"
    )
    rows, verdicts = rows_and_verdicts(done, tmp_path)
    assert {(row["speech.voice"], row["speech.route"]) for row in verdicts.values() if row["speech.attempts"] == 1} >= {
        ("bert", "direct"),
        ("heart", "audio"),
    }
    said = [row["id"] for row in verdicts.values() if row["speech.route"] == "direct"]
    direct = rows.filter(pl.col("id").is_in(said))
    assert set(direct["voice"]) == {"bert"}
    # Nothing was heard, so the tokens tell how long it would be.
    assert direct["duration"].to_list() == pytest.approx([len(tokens) / 25 for tokens in direct["sound_tokens"]])
    assert max(max(tokens) for tokens in rows["sound_tokens"]) < KIND.codes
    engines = Ledger(str(done)).find_record("synthesize", "00000").parameters["engines"]
    assert engines["vq.model"] == hashlib.sha256((folder / "vq.model").read_bytes()).hexdigest()
    assert verify(Ledger(str(done))).problems == ()
