"""A whole run that a server speaks: the same gates, verdicts and records as of other voices."""

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from sayso.pipeline.doctor import examine
from sayso.pipeline.recipe import load_recipe
from sayso.stages.compose.sound_strings import sound_strings
from tests.faults.small_runs import run_here
from tests.stages.speech.conftest import SENTENCES
from tests.stages.speech.voices.speechless.stand_in import completion, completion_server

RECIPE = """
name: spoken
sources: [{{name: questions, paths: [questions.jsonl], license: MIT}}]
screen: {{filters: []}}
synthesize:
  attempts: 3
  voices:
    - {{name: sp, engine: speechless, license: MIT, speechless: {{model: speechless, server: "{server}"}}}}
"""
# What it says of texts that it does not say right, and the reason and detail that these rows fall out with.
WRONG = {
    "Who painted this?": ("<|sound_0003|>", "synthesis_error", "SynthesisError: it had not ended after 1 tokens"),
    "Who wrote this?": ("Nobody<|sound_end|>", "synthesis_error", "SynthesisError: it said 'Nobody' where a sound"),
    "Who sang this?": ("<|sound_0777|><|sound_end|>", "synthesis_error", "SynthesisError: a token of 777 to 777 is"),
    "Who built this?": ("<|duration_30|><|sound_0003|><|sound_end|>", "repeated_run", None),
}


@pytest.fixture(scope="module")
def said(tokenizer, tokens):
    """What the server says, with the lengths of runs: what a voice was heard to say of some of the texts."""
    written = sound_strings(
        pl.Series([row.tolist() for row in tokens], dtype=pl.List(pl.UInt16)), "durations", tokenizer.sound_format
    )
    table = dict(zip(SENTENCES, written, strict=True)) | {text: wrong[0] for text, wrong in WRONG.items()}
    table["Who am I?"] = table["Stop."]
    return table


def test_rows_are_published_or_fall_out_with_a_reason(said, tmp_path):
    questions = [*said]
    pl.DataFrame({"question": questions, "answer": "That is a long story."}).write_ndjson(tmp_path / "questions.jsonl")
    recipe = tmp_path / "spoken.yaml"

    def answer(text, asked):
        return completion(said[text], "stop" if said[text].endswith("<|sound_end|>") else "length")

    with completion_server(answer, 513) as server:
        recipe.write_text(RECIPE.format(server=server.address))
        assert all(finding.good for finding in examine(load_recipe(recipe), tmp_path))
        run_here(recipe, tmp_path / "run")
    ledger = Ledger(str(tmp_path / "run"))
    assert verify(ledger).problems == ()
    rows = pl.read_parquet(tmp_path / "run" / "dataset" / "data" / "*.parquet")
    assert set(SENTENCES) >= set(rows["prompt"]) >= set(SENTENCES[:2])
    assert set(rows["voice"]) == {"sp"}
    assert rows["wer"].max() <= 0.34
    assert rows["duration"].to_list() == pytest.approx((rows["sound_tokens"].list.len() / 25).to_list(), abs=0.001)
    verdicts = pl.read_parquet(tmp_path / "run" / "manifests" / "synthesize" / "*.verdicts.parquet")
    by_text = {questions[int(row["position"].partition(":")[2]) - 1]: row for row in verdicts.rows(named=True)}
    for text, (_, reason, detail) in WRONG.items():
        assert by_text[text]["reason"] == reason
        assert (by_text[text]["detail"] or "").startswith(detail or "")
    assert by_text["Who am I?"]["reason"] is not None
    # It would say the same again, so nobody asks for that.
    assert set(verdicts["speech.attempts"]) == {1}
    assert set(verdicts["speech.route"]) == {"direct"}
    assert len(server.asked) == len(said)
    assert {one["seed"] for one in server.asked} == set(verdicts["speech.seed"])
