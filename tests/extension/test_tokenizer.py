"""A tokenizer of another package, with 2,560 codes, makes a dataset from its rows to the list of its files."""

import json

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.plugins import PluginError
from sayso.manifests.sealing import unseal
from sayso.manifests.verify.run import verify
from sayso.pipeline.doctor import examine, examine_installation
from sayso.pipeline.recipe import Recipe, load_recipe
from sayso.pipeline.recipe_file import RecipeError
from sayso.stages.speech.tokenizers.any_tokenizer import TOKENIZERS
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer
from tests.docs.page import DOCS, blocks
from tests.extension.packages import HERE, install, on_path, write_package
from tests.faults.small_runs import DEMO, run_here

RECIPE = f"""
name: loud
sources: [{{name: everyday, paths: [{DEMO}/everyday.alpaca.json], license: Apache-2.0, limit: 12}}]
mixture: {{shares: {{instruction: 0.6, transcription: 0.2, inaudible: 0.2}}}}
synthesize:
  tokenizer: {{engine: loudness}}
  gates: {{max_wer: 99, max_cer: 99, max_run: 99, max_lost_start: 99, max_lost_end: 99, max_lost_inside: 99,
    max_wrong_numbers: 99, max_wrong_negations: 99, max_name_error: 1, max_silence: 1,
    min_speaking_rate: 0, max_speaking_rate: 999}}
compose: {{configs: [default, ichigo]}}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package, installed by pip."""
    folder = install(HERE / "tokenizer", tmp_path_factory.mktemp("installed"))
    with on_path(folder):
        yield folder


@pytest.fixture(scope="module")
def run(installed, tmp_path_factory):
    """A run of a few rows with its tokens."""
    folder = tmp_path_factory.mktemp("loud")
    (folder / "loud.yaml").write_text(RECIPE)
    run_here(folder / "loud.yaml", folder / "run")
    return folder / "run"


def test_the_page_shows_the_package_which_has_under_forty_lines():
    shown = {block.title: block.text for block in blocks(DOCS / "how-to/add-a-tokenizer.md") if block.title}
    files = {f"sayso-loudness/{file.name}": file.read_text() for file in (HERE / "tokenizer").iterdir()}
    assert files.items() <= shown.items()
    assert sum(len(text.splitlines()) for text in files.values()) < 40


def test_its_tokens_are_published_as_they_are(run):
    rows = pl.read_parquet(run / "dataset" / "data" / "*.parquet")
    assert {"instruction", "inaudible"} <= set(rows["kind"])
    for of_kind in rows.partition_by("kind"):
        tokens = of_kind["sound_tokens"].explode()
        assert 511 < tokens.max() <= 2_559
    loudest = rows.filter(pl.col("kind") == "instruction")["conversations"][0][0]["content"]
    assert loudest.startswith("<|sound_start|><|sound_")
    assert "<|sound_2559|>" in loudest
    assert pl.read_parquet(run / "dataset" / "ichigo" / "*.parquet")["tokens"].explode().max() == 2_559


def test_the_list_the_card_and_verify_know_what_the_tokens_are_like(run):
    listed = json.loads(unseal((run / "dataset" / "files.json").read_bytes()))
    assert listed["sound"] == {
        "name": "Loudness",
        "codes": 2_560,
        "mask_code": None,
        "tokens_per_second": 25.0,
        "max_tokens": 750,
    }
    card = (run / "dataset" / "README.md").read_text()
    assert "- loudness\n" in card
    assert "Sound tokens: loudness, codes 0 to 2559." in card
    assert verify(Ledger(str(run))).problems == ()


def test_its_code_is_in_the_key_and_its_version_in_the_record(run):
    record = json.loads(unseal(next((run / "manifests" / "synthesize").glob("*.record.json")).read_bytes()))
    assert record["versions"]["sayso-loudness"] == "1.0"
    assert record["parameters"]["sound"]["codes"] == 2_560


def test_a_recipe_knows_it_and_says_what_it_does_not_know(installed, tmp_path):
    path = tmp_path / "loud.yaml"
    path.write_text(RECIPE.replace("engine: loudness", "engine: quiet"))
    with pytest.raises(
        RecipeError, match=r"synthesize\.tokenizer\.engine: there is no such engine; known here: whispervq, loud"
    ):
        load_recipe(path)
    path.write_text(RECIPE.replace("engine: loudness", "engine: loudness, model: x"))
    with pytest.raises(RecipeError, match=r"synthesize\.tokenizer\.model: there is no such key"):
        load_recipe(path)
    schema = json.dumps(Recipe.model_json_schema())
    assert "How loud each 40 ms are" in schema
    assert "WhisperVQ, which quantizes" in schema


def test_doctor_names_it(installed, tmp_path):
    path = tmp_path / "loud.yaml"
    path.write_text(RECIPE)
    findings = [*examine_installation(), *examine(load_recipe(path), tmp_path)]
    found = {finding.subject: finding for finding in findings}
    assert found["tokenizer loudness"].found == "of sayso-loudness 1.0"
    assert found["sound tokenizer loudness"].found == "loads"


def test_more_codes_than_published_lists_hold_are_refused_with_the_reason(tmp_path):
    module = (HERE / "tokenizer/sayso_loudness.py").read_text().replace("codes=2_560", "codes=70_000")
    write_package(tmp_path, "sayso-many", module, "[sayso.tokenizers]\nmany = sayso_many:Loudness\n")
    (tmp_path / "loud.yaml").write_text(RECIPE.replace("engine: loudness", "engine: many"))
    refused = r"'many' cannot be loaded \(SoundFormat: codes: Input should be less than 65536\); mend"
    with on_path(tmp_path), pytest.raises(PluginError, match=refused):
        load_recipe(tmp_path / "loud.yaml")


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (len, "it is no class of sayso.stages.speech.tokenizers.tokenizer.Tokenizer"),
        (Tokenizer, "it has no method `sound_format`"),
    ],
)
def test_what_is_no_tokenizer_is_refused(found, fault):
    assert TOKENIZERS.plugins.fault(found) == fault
