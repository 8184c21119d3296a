"""A package of 37 lines adds an engine, and no file of sayso changes: it speaks, is named and is part of the keys."""

import polars as pl
import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.plugins import PluginError, forget_plugins
from sayso.pipeline.doctor import examine_installation
from sayso.pipeline.recipe import Recipe, RecipeError, load_recipe
from sayso.stages.jobs.fingerprint import fingerprint
from sayso.stages.jobs.plan_context import shard_key
from sayso.stages.synthesize.attempt_store import AttemptStore
from sayso.stages.synthesize.job import SynthesizeJob
from tests.docs.page import DOCS, blocks
from tests.extension.packages import HERE, install, on_path, write_package
from tests.faults.small_runs import run_here

PAGE = {block.title: block.text for block in blocks(DOCS / "how-to/add-a-voice.md") if block.title}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that the package is installed in."""
    folder = install(HERE / "low", tmp_path_factory.mktemp("installed"))
    with on_path(folder):
        yield folder


@pytest.fixture
def recipe(tmp_path):
    """The recipe of the page, with its rows."""
    for name in ("mine.yaml", "questions.jsonl"):
        (tmp_path / name).write_text(PAGE[name])
    return tmp_path / "mine.yaml"


def test_the_page_shows_the_package():
    shown = {title.removeprefix("sayso-low/"): text for title, text in PAGE.items() if title.startswith("sayso-low/")}
    assert shown == {file.name: file.read_text() for file in (HERE / "low").iterdir() if file.is_file()}
    assert sum(len(text.splitlines()) for text in shown.values()) < 40


def test_without_the_package_there_is_no_such_engine(recipe):
    told = (
        r"voices\[0\]\.engine: there is no such engine; known here: hibari, speechless, whisperspeech \(it is 'low'\)"
    )
    with pytest.raises(RecipeError, match=told):
        load_recipe(recipe)


def test_it_speaks_in_a_run(installed, recipe, tmp_path):
    run_here(recipe, tmp_path / "run")
    rows = pl.read_parquet(tmp_path / "run" / "dataset" / "data" / "*.parquet")
    assert rows["voice"].to_list() == ["basement", "basement"]
    assert rows["wer"].max() < 0.34
    (record, *_) = Ledger(str(tmp_path / "run")).records(Ledger(str(tmp_path / "run")).plan().stages[-2])
    assert record.versions["sayso-low"] == "1.0"


def test_its_keys_are_checked_and_described(installed, recipe):
    assert load_recipe(recipe).synthesize.voices[0].semitones == 2
    recipe.write_text(PAGE["mine.yaml"].replace("semitones", "semitone"))
    with pytest.raises(RecipeError, match=r"voices\[0\]\.semitone: there is no such key; did you mean 'semitones'\?"):
        load_recipe(recipe)
    assert "semitones" in Recipe.model_json_schema()["$defs"]["Low"]["properties"]


def test_the_doctor_names_it(installed):
    found = next(finding for finding in examine_installation() if finding.subject == "voice low")
    assert (found.good, found.found) == (True, "of sayso-low 1.0")


def test_its_code_is_in_the_key_of_what_it_says_and_of_nothing_else(installed, recipe):
    def code(recipe):
        forget_plugins()
        config = load_recipe(recipe).synthesize
        store = AttemptStore(None, 0, {}, ())
        return fingerprint(SynthesizeJob(shard_key("synthesize", "00000", ""), {}, config, 0, 16, (), store)).code

    other = recipe.with_name("other.yaml")
    other.write_text(PAGE["mine.yaml"].partition("synthesize")[0])
    before, module = [code(recipe), code(other)], installed / "sayso_low.py"
    text = module.read_text()
    module.write_text(text.replace("1.5", "2.5"))
    after = [code(recipe), code(other)]
    module.write_text(text)
    assert [one == two for one, two in zip(before, after, strict=True)] == [False, True]


def test_it_speaks_beside_an_engine_that_cannot_be_loaded(installed, recipe, tmp_path):
    write_package(tmp_path, "sayso-odd", "import no_such_thing\n", "[sayso.voices]\nodd = sayso_odd:ODD\n")
    with on_path(tmp_path):
        assert load_recipe(recipe).synthesize.voices[0].engine == "low"
        recipe.write_text(PAGE["mine.yaml"].replace("engine: low", "engine: lou"))
        with pytest.raises(RecipeError, match=r"there is no such engine; did you mean 'low'\? \(it is 'lou'\)"):
            load_recipe(recipe)


@pytest.mark.parametrize(
    ("value", "told"),
    [("int", "it is no class of sayso.stages.speech.voices.voice.Voice"), ("Voice", "it has no method `load`")],
)
def test_what_is_no_engine_is_refused_by_the_name_of_its_package(tmp_path, recipe, value, told):
    module = f"from sayso.stages.speech.voices.voice import Voice\nODD = {value}\n"
    write_package(tmp_path, "sayso-odd", module, "[sayso.voices]\nodd = sayso_odd:ODD\n")
    refused = rf"sayso-odd 1\.0: its voice 'odd' cannot be used: {told}"
    recipe.write_text(PAGE["mine.yaml"].replace("engine: low", "engine: odd"))
    with on_path(tmp_path), pytest.raises(PluginError, match=refused):
        load_recipe(recipe)


def test_one_that_cannot_be_loaded_is_no_matter_of_recipes_that_do_not_name_it(installed, recipe, tmp_path):
    write_package(tmp_path, "sayso-odd", "import no_such_thing\n", "[sayso.voices]\nodd = sayso_odd:Odd\n")
    with on_path(tmp_path):
        assert load_recipe(recipe).synthesize.voices[0].engine == "low"
        recipe.write_text(PAGE["mine.yaml"].replace("engine: low", "engine: odd"))
        with pytest.raises(
            PluginError, match=r"^sayso-odd 1\.0: its voice 'odd' cannot be loaded \(ModuleNotFoundError"
        ):
            load_recipe(recipe)
