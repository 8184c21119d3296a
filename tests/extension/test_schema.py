"""A package of 36 lines adds a schema, and no file of sayso changes: it is found, run, named and part of the keys."""

import shutil

import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.plugins import PluginError, forget_plugins
from sayso.pipeline.doctor import examine_installation
from sayso.pipeline.recipe import Recipe, RecipeError, load_recipe
from sayso.stages.ingest.plan import plan_survey
from sayso.stages.jobs.plan_context import PlanContext, with_fingerprint
from sayso.stages.sources.schemas.file_schema import candidate_schemas
from sayso.stages.sources.schemas.known_schemas import known_schemas
from sayso.stages.sources.source import Source
from tests.docs.page import DOCS, blocks
from tests.extension.packages import HERE, install, on_path, write_package
from tests.faults.small_runs import run_here
from tests.runs import sayso_here

PAGE = {block.title: block.text for block in blocks(DOCS / "how-to/add-a-schema.md") if block.title}
ODD = '{"title": "Who is this?", "replies": {"a": "A dict."}}\n'


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that the package is installed in."""
    folder = tmp_path_factory.mktemp("installed")
    source = shutil.copytree(HERE / "faq", tmp_path_factory.mktemp("source") / "faq")
    with on_path(install(source, folder)):
        yield folder


@pytest.fixture
def recipe(tmp_path):
    """The recipe of the page, with its rows and one that breaks the conversion."""
    (tmp_path / "questions.jsonl").write_text(PAGE["questions.jsonl"] + ODD)
    (tmp_path / "mine.yaml").write_text(PAGE["mine.yaml"])
    return tmp_path / "mine.yaml"


def test_the_page_shows_the_package():
    shown = {title.removeprefix("sayso-faq/"): text for title, text in PAGE.items() if title.startswith("sayso-faq/")}
    assert shown == {file.name: file.read_text() for file in (HERE / "faq").iterdir() if file.is_file()}
    assert sum(len(text.splitlines()) for text in shown.values()) < 40


def test_without_the_package_there_is_no_such_schema(recipe):
    recipe.write_text(f"{PAGE['mine.yaml']}    schema: faq\n")
    with pytest.raises(
        RecipeError, match=r"sources\[0\]\.schema: there is no schema 'faq'; known here: auto, .*preference"
    ):
        load_recipe(recipe)


@pytest.mark.parametrize("named", ["", "    schema: faq\n"])
def test_its_rows_go_through_a_run(installed, recipe, tmp_path, named):
    recipe.write_text(PAGE["mine.yaml"] + named)
    run_here(recipe, tmp_path / "run", until="screen")
    ledger = Ledger(str(tmp_path / "run"))
    verdicts = ledger.verdicts("ingest", ["questions-00000"]).select("reason", "detail")
    assert verdicts["reason"].to_list() == [None, None, "no_answer", "schema_error"]
    assert verdicts["detail"][3] == "KeyError: 0"
    rows = ledger.rows("screen", ["questions-00000"]).sort("position")
    assert rows.select("prompt", "answer").rows() == [
        ("How long does a cat sleep?", "About fifteen hours a day."),
        ("Why is the sky blue?", "Short waves of light are scattered most."),
    ]


def test_the_doctor_and_the_recipes_schema_name_it(installed):
    found = next(finding for finding in examine_installation() if finding.subject == "schema faq")
    assert (found.good, found.found) == (True, "of sayso-faq 1.0")
    assert "faq" in Recipe.model_json_schema()["$defs"]["Source"]["properties"]["schema"]["enum"]


def test_its_code_is_in_the_keys_of_what_it_may_read_and_of_nothing_else(installed, recipe, tmp_path):
    def keys():
        forget_plugins()
        loaded = Recipe.model_validate({"name": "mine", "sources": sources})
        context = PlanContext(tmp_path, 0, Ledger(str(tmp_path / "run")), {})
        return [with_fingerprint(job).key.code for job in plan_survey(context, loaded.sources)]

    sources = [{"name": name, "paths": ["questions.jsonl"], "schema": name} for name in ("faq", "alpaca")]
    before, module = keys(), installed / "sayso_faq.py"
    text = module.read_text()
    module.write_text(text.replace("each[0]", "each[-1]"))
    after = keys()
    module.write_text(text)
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True]
    assert keys() == before


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("'alpaca'", "it is a str, not a Schema of sayso.stages.sources.schemas.schema"),
        ("Schema('odd', {}, {'a': bool}, 1, None)", "it needs a, which is none of its fields"),
        ("Schema('odd', {'a': ('a',)}, {}, 1, None)", "it needs no field, so every row would have it"),
    ],
)
def test_what_is_no_schema_is_refused_by_the_name_of_its_package(tmp_path, value, told):
    module = f"from sayso.stages.sources.schemas.schema import Schema\nODD = {value}\n"
    write_package(tmp_path, "sayso-odd", module, "[sayso.schemas]\nodd = sayso_odd:ODD\n")
    with (
        on_path(tmp_path),
        pytest.raises(PluginError, match=rf"sayso-odd 1\.0: its schema 'odd' cannot be used: {told}"),
    ):
        known_schemas()


def test_a_broken_package_is_no_matter_of_sources_that_name_another_schema(tmp_path):
    write_package(tmp_path, "sayso-odd", "import no_such_thing\n", "[sayso.schemas]\nodd = sayso_odd:ODD\n")
    with on_path(tmp_path):
        named = Source(name="s", paths=("s.jsonl",), schema="alpaca")
        assert [schema.name for schema in candidate_schemas("s.jsonl", named.schema_name, {})] == ["alpaca"]
        assert "odd" not in Source.model_json_schema()["properties"]["schema"]["enum"]
        with pytest.raises(PluginError, match="its schema 'odd' cannot be loaded"):
            Source(name="s", paths=("s.jsonl",))
        with pytest.raises(PluginError, match="its schema 'odd' cannot be loaded"):
            Source(name="s", paths=("s.jsonl",), schema="odd")


def test_the_doctor_names_a_plugin_that_is_broken_and_goes_on(tmp_path):
    points = "[sayso.schemas]\nodd = sayso_odd:ODD\n[sayso.schmas]\nodd = sayso_odd:ODD\n"
    write_package(tmp_path, "sayso-odd", "import no_such_thing\n", points)
    with on_path(tmp_path):
        told = sayso_here("doctor", code=4).stdout
    broken = "sayso-odd 1.0: its schema 'odd' cannot be loaded (ModuleNotFoundError: No module named 'no_such_thing')"
    assert f"missing schema odd: {broken}" in told
    assert f"missing recipe demo: {broken}" in told
    assert "missing plugin odd: sayso-odd 1.0: there is no group sayso.schmas of plugins (known: sayso." in told
    assert "ok      disk at" in told


def test_a_conversion_that_loses_rows_is_told_by_its_schema(tmp_path, recipe):
    module = (HERE / "faq/sayso_faq.py").read_text().replace('"reply", options)', '"reply", options).head(0)')
    write_package(tmp_path, "sayso-short", module, "[sayso.schemas]\nshort = sayso_short:FAQ\n")
    recipe.write_text(f"{PAGE['mine.yaml']}    schema: short\n")
    with on_path(tmp_path), pytest.raises(PluginError, match="the schema 'short' gives 0 rows of messages, prompt"):
        run_here(recipe, tmp_path / "run", until="ingest")
