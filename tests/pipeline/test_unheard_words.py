"""Words that nobody hears re-do no speech: a licence, an answer, the order of the sources."""

import json
from collections import Counter

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from tests.faults.small_runs import InThisProcess, run_here

ROWS = {
    "trees": [("Name a tree.", "An oak."), ("Name a high tree.", "A pine.")],
    "birds": [("Name a bird.", "A wren.")],
}
RECIPE = """
name: mine
sources: [{sources}]
screen: {{filters: [{{filter: spoken_length}}]}}
{mixture}
compose: {{configs: [default, ichigo], held_out: {{rows: 1}}}}
resources: {{speech_shard_rows: 1}}
"""


class Counting(InThisProcess):
    """Counts the shards that are carried out, by stage."""

    def __init__(self):
        super().__init__()
        self.counted = Counter()

    def carried_out(self, ledger, job):
        self.counted[job.key.stage] += 1
        return super().carried_out(ledger, job)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a recipe that has been run."""
    folder = tmp_path_factory.mktemp("unheard")
    again(folder)
    return folder


def again(folder, rows=ROWS, license="MIT", names=("trees", "birds"), mixture=""):
    for name, pairs in rows.items():
        lines = [json.dumps({"prompt": prompt, "completion": answer}) for prompt, answer in pairs]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))
    sources = ", ".join(f"{{name: {name}, paths: [{name}.jsonl], license: {license}}}" for name in names)
    (folder / "mine.yaml").write_text(RECIPE.format(sources=sources, mixture=mixture))
    engine = Counting()
    run_here(folder / "mine.yaml", folder / "run", engine=engine)
    assert verify(Ledger(str(folder / "run"))).problems == ()
    return engine.counted, pl.read_parquet(folder / "run" / "dataset" / "data" / "*.parquet").sort("id")


@pytest.mark.parametrize("mixture", ["", "mixture: {shares: {instruction: 1.0}}"], ids=["all rows", "a mixture"])
def test_a_licence_an_answer_and_the_order_of_sources_re_do_no_speech(folder, mixture):
    _, before = again(folder, mixture=mixture)
    rows = {**ROWS, "trees": [("Name a tree.", "A beech."), *ROWS["trees"][1:]]}
    carried_out, after = again(folder, rows, "CC0-1.0", ("birds", "trees"), mixture)
    assert "synthesize" not in carried_out
    assert carried_out["compose"] == 2
    assert set(after["license"]) == {"CC0-1.0"}
    assert after.filter(pl.col("prompt") == "Name a tree.")["answer"].to_list() == ["A beech."]
    assert after["conversations"].list.last().struct["content"].to_list() == after["answer"].to_list()
    heard = ["id", "source", "spoken", "sound_tokens", "duration", "voice", "transcript", "wer"]
    assert after.select(heard).equals(before.select(heard))


def test_another_prompt_is_said_and_no_other(folder):
    again(folder)
    rows = {**ROWS, "birds": [("Name a big bird.", "A wren.")]}
    carried_out, after = again(folder, rows)
    assert carried_out["synthesize"] == 1
    assert "Name a big bird." in after["spoken"].to_list()


def test_what_is_said_already_may_be_of_another_kind(folder):
    again(folder, mixture="mixture: {shares: {instruction: 1.0}}")
    carried_out, after = again(folder, mixture="mixture: {shares: {transcription: 1.0}}")
    assert "synthesize" not in carried_out
    assert set(after["kind"]) == {"transcription"}
    assert after["answer"].equals(after["spoken"].alias("answer"))
