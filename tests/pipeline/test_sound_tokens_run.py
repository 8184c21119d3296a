"""Whole runs with each published kind of sound token, on micro models with random weights in the published layouts."""

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from tests.faults.small_runs import run_here
from tests.stages.speech.tokenizers.whispervq.quantizers import (
    ICHIGO,
    KINDS,
    Kind,
    as_lightning,
    micro_quantizer,
    micro_whisper,
)
from tests.stages.speech.voices.speechless.stand_in import completion, completion_server

MERGED, LARGE = "merge-medium-vi-2d-2560c-dim64.pth", "ichigo-asr-2502-en.ckpt"
# Models with random weights say nonsense, so the gates stand wide open.
RECIPE = """
name: spoken
sources: [{{name: questions, paths: [questions.jsonl], license: MIT}}]
screen: {{filters: []}}
synthesize:
  voices: [{voice}]
  tokenizer: {{model: {folder}/{name}, whisper: {folder}/whisper.pt, language: {language}, prompt: "{prompt}"}}
  gates: {{max_wer: 99, max_cer: 99, min_seconds_per_word: 0, max_seconds_per_word: 99, max_run: 999,
    max_lost_start: 99, max_lost_end: 99, max_lost_inside: 99,
    max_wrong_numbers: 99, max_wrong_negations: 99, max_name_error: 1, max_silence: 1,
    min_speaking_rate: 0, max_speaking_rate: 999}}
compose: {{strings: {strings}}}
resources: {{text: {{workers: 1}}, speech: {{workers: 1}}}}
"""


def published(
    folder: Path, name: str, kind: Kind, voice: str = "{name: heart}", language: str = "en", strings: str = "tokens"
) -> pl.DataFrame:
    """The rows of a run that verifies, of one question, with the quantizer that is in the folder."""
    whisper = micro_whisper(kind)
    torch.save({"dims": vars(whisper.dims), "model_state_dict": whisper.state_dict()}, folder / "whisper.pt")
    pl.DataFrame({"question": ["Why?"], "answer": "That is a long story."}).write_ndjson(folder / "questions.jsonl")
    recipe = folder / "spoken.yaml"
    prompt = "Two people talk."
    told = {"folder": folder, "name": name, "voice": voice, "language": language, "prompt": prompt, "strings": strings}
    recipe.write_text(RECIPE.format(**told))
    run_here(recipe, folder / "run")
    assert verify(Ledger(str(folder / "run"))).problems == ()
    rows = pl.read_parquet(folder / "run" / "dataset" / "data" / "*.parquet")
    assert len(rows) == 1
    return rows


def codes_of_card(folder: Path) -> str:
    """The codes that the dataset's card tells of."""
    found = re.search(r"Sound tokens: .*, codes (.*)\.", (folder / "run" / "dataset" / "README.md").read_text())
    assert found is not None
    return found[1]


def test_512_codes_on_the_smallest_whisper(tmp_path: Path) -> None:
    micro_quantizer(KINDS["tiny"], tmp_path / "released.model", "fixed")
    (row,) = published(tmp_path, "released.model", KINDS["tiny"]).rows(named=True)
    assert len(row["sound_tokens"]) == pytest.approx(25 * row["duration"], abs=2)
    assert codes_of_card(tmp_path) == "0 to 511"


@pytest.mark.parametrize(("name", "codes"), [(MERGED, "0 to 2560 without 2048"), (LARGE, "0 to 511")])
def test_ichigos_own_quantizers_as_released(name: str, codes: str, tmp_path: Path) -> None:
    as_lightning(micro_quantizer(ICHIGO[name], tmp_path / "plain.model"), tmp_path / name)
    (row,) = published(tmp_path, name, ICHIGO[name], language="vi" if name == MERGED else "en").rows(named=True)
    assert len(row["sound_tokens"]) == pytest.approx(25 * row["duration"], abs=2)
    assert codes_of_card(tmp_path) == codes


def test_what_speechless_says_in_2560_codes_with_the_lengths_of_runs(tmp_path: Path) -> None:
    as_lightning(micro_quantizer(ICHIGO[MERGED], tmp_path / "plain.model"), tmp_path / MERGED)
    said = "<|sound_start|><|sound_2560|><|duration_07|><|sound_0194|><|sound_2049|><|duration_02|><|sound_0003|>"
    with completion_server(lambda text, asked: completion(f"{said}<|sound_end|>"), 2561) as server:
        speechless = f'{{model: speechless, server: "{server.address}"}}'
        voice = f"{{name: sp, engine: speechless, license: MIT, speechless: {speechless}}}"
        (row,) = published(tmp_path, MERGED, ICHIGO[MERGED], voice, strings="durations").rows(named=True)
    assert row["sound_tokens"] == [2560, *[194] * 7, 2049, 3, 3]
    assert f"{said}<|sound_end|>" in str(row["conversations"])
    assert np.isclose(row["duration"], 11 / 25)
