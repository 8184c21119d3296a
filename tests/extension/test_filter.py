"""A filter of another package is one that recipes name, with no file of sayso's changed."""

import json
import pickle

import polars as pl
import pytest

from sayso.filters import FILTERS
from sayso.manifests.ledger import Ledger
from sayso.manifests.plugins import PluginError, forget_plugins
from sayso.manifests.reports.explanation import explain
from sayso.pipeline.doctor import examine_installation
from sayso.pipeline.recipe import Recipe, RecipeError, load_recipe
from sayso.stages.screen.known_filters import filter_class
from tests.docs.page import DOCS, blocks
from tests.extension.packages import HERE, install, on_path, write_package
from tests.faults.small_runs import run_here

PACKAGE = HERE / "filter"
MODULE = (PACKAGE / "sayso_questions.py").read_text()
POINTS = "[sayso.filters]\nquestions = sayso_questions:Questions\n"
OTHER_EXAMPLES = """from types import SimpleNamespace


def Example(prompt, reason=None):
    return SimpleNamespace(prompt=prompt, reason=reason)
"""
ROWS = ["What is rain?", "Who was Ada Lovelace? Where did she live? Why was she famous? When was she born?"]
RECIPE = """
name: asked
sources: [{name: facts, paths: [facts.jsonl], license: CC0-1.0}]
screen: {filters: [{filter: written_length}, {filter: questions, max_questions: 3}]}
"""


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """Where pip has installed the package."""
    return install(PACKAGE, tmp_path_factory.mktemp("installed"))


@pytest.fixture
def installed(target):
    with on_path(target):
        yield


@pytest.fixture
def put_in_place(tmp_path):
    """Puts a package in place whose module or entry point is another, and gives the folder."""
    folder = tmp_path / "packages"
    folder.mkdir()

    def put(module=MODULE, points=POINTS):
        write_package(folder, "sayso-questions", module, points)
        forget_plugins()
        return folder

    with on_path(folder):
        yield put


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(RECIPE)
    rows = [json.dumps({"question": question, "answer": "It is a long story."}) for question in ROWS]
    (tmp_path / "facts.jsonl").write_text("\n".join(rows))
    return path


def screened(path):
    """The record of the only shard of the screening."""
    run_here(path, path.parent / "run", until="screen")
    return Ledger(str(path.parent / "run")).read_record("screen", "facts-00000")


def test_it_is_a_package_of_under_forty_lines_and_the_one_of_the_how_to_page():
    assert len(MODULE.splitlines()) < 40
    for block in blocks(DOCS / "how-to/add-a-filter.md"):
        if block.title in ("sayso_questions.py", "pyproject.toml"):
            assert block.text == (PACKAGE / block.title).read_text()


def test_a_run_drops_rows_by_it_with_its_reason_and_what_it_measured(installed, mine):
    record = screened(mine)
    verdicts = pl.read_parquet(mine.parent / "run/manifests/screen/facts-00000.verdicts.parquet")
    found = verdicts.select("verdict", "filter", "reason", "questions.marks").rows()
    assert found == [("kept", None, None, 1), ("dropped", "questions", "too_many_questions", 4)]
    assert record.versions["sayso-questions"] == "1.0"
    step = explain(Ledger(str(mine.parent / "run")), "facts.jsonl:2").steps[-1]
    assert (step.values, step.thresholds["filters"][1]) == (
        {"written_length.characters": 80, "written_length.first_words": 12, "questions.marks": 4},
        {"filter": "questions", "max_questions": 3},
    )


def test_other_code_of_the_package_does_the_screening_again_and_nothing_before_it(put_in_place, mine):
    folder = put_in_place()
    before = screened(mine)
    (folder / "sayso_questions.py").write_text(MODULE.replace('r"\\?+"', 'r"[?]+"'))
    forget_plugins()
    after = screened(mine)
    assert (before.key.input, before.key.recipe) == (after.key.input, after.key.recipe)
    assert before.key.code != after.key.code


def test_it_goes_to_workers_as_it_is(installed):
    questions = filter_class("questions")(max_questions=3)
    assert pickle.loads(pickle.dumps(questions)) == questions


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "max_questions: 3",
            "max_question: 3",
            r"screen\.filters\[1\]\.max_question: there is no such key; did you mean 'max_questions'\?",
        ),
        ("max_questions: 3", "max_questions: 0", r"screen\.filters\[1\]\.max_questions: .* equal to 1 \(it is 0\)"),
        (
            "filter: questions",
            "filter: question",
            r"screen\.filters\[1\]: there is no filter 'question'; did you mean 'questions'\?",
        ),
        (
            "filter: questions",
            "filter: [questions]",
            r"screen\.filters\[1\]: there is no filter \['questions'\]; did you mean",
        ),
        (
            "filter: questions, ",
            "",
            r"screen\.filters\[1\]: it needs the key filter, the name of one of written_length",
        ),
    ],
)
def test_what_is_wrong_with_its_keys_is_said_as_of_any_filter(installed, mine, old, new, told):
    mine.write_text(RECIPE.replace(old, new))
    with pytest.raises(RecipeError, match=told):
        load_recipe(mine)


def test_the_schema_of_the_recipe_has_it(installed):
    schema = Recipe.model_json_schema()
    assert (
        schema["$defs"]["Questions"]["properties"]["max_questions"]["description"] == "most question marks in a prompt"
    )
    assert len(schema["$defs"]["Screen"]["properties"]["filters"]["items"]["oneOf"]) == 1 + len(FILTERS)


def test_doctor_names_it(installed):
    found = next(finding for finding in examine_installation() if "questions" in finding.subject)
    assert found.good
    assert "sayso-questions 1.0" in f"{found.subject} {found.found}"


def test_without_it_a_recipe_says_that_there_is_no_such_filter(mine):
    with pytest.raises(RecipeError, match=r"there is no filter 'questions'"):
        load_recipe(mine)


def test_one_that_cannot_be_loaded_is_no_matter_of_recipes_that_do_not_name_it(put_in_place, mine):
    put_in_place("import no_such_thing\n")
    mine.write_text(RECIPE.replace("{filter: questions, max_questions: 3}", "{filter: quality}"))
    assert [one.filter for one in load_recipe(mine).screen.filters] == ["written_length", "quality"]
    mine.write_text(RECIPE)
    with pytest.raises(
        PluginError, match=r"^sayso-questions 1\.0: its filter 'questions' cannot be loaded \(ModuleNot"
    ):
        load_recipe(mine)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("class Questions(BaseModel)", "class Questions", "it is no class of a pydantic model"),
        ("frozen=True, ", "", r"it needs model_config = ConfigDict\(frozen=True, extra=\"forbid\"\)"),
        ('Literal["questions"] = "questions"', 'str = "questions"', "it needs its name, in lower case, as a field"),
        (
            'Literal["questions"] = "questions"',
            'Literal["a b"] = "a b"',
            "it needs its name, in lower case, as a field",
        ),
        ("def reason", "def reasons", "it has no `reason`"),
        ("Field(2, ", "Field(", "its `max_questions` has no default"),
        ("from sayso.filters.example import Example", OTHER_EXAMPLES, "its `examples` are no tuple of sayso.filters."),
        ('reason="too_many_questions"', "", "its `examples` need a row that stays and one that goes"),
        (
            'alias("questions.marks")',
            'alias("marks")',
            r"its feature 'marks' needs a name that begins with 'questions\.'",
        ),
        ("str.count_matches", "str.count", r"its examples cannot be judged \(AttributeError: "),
        ("(2, ge", "(1, ge", None),
        ("(2, ge", "(3, ge", r"its example 'Who was she\?.*' gets the reason None instead of 'too_many_questions'"),
        ('"questions.marks"', '"questions"', "its verdicts have no value: a feature needs a name that begins with"),
        (
            "marks.cast(pl.Int32)",
            "marks.cast(pl.Decimal(9, 2))",
            r"'questions\.marks' is of the type Decimal.*; it needs a tr",
        ),
        ("marks.cast(pl.Int32)", "marks.map_batches(lambda m: m + 0 * m[0])", r"cannot be judged \(IndexError: "),
        ("marks.cast(pl.Int32)", "marks.sort()", "its example 'What is rain.*' is judged otherwise alone"),
        (
            "marks.cast(pl.Int32)",
            "(marks + marks.mean() / 9)",
            "its example 'What is rain.*' is judged otherwise alone",
        ),
        (
            'pl.col("questions.marks") >',
            'pl.col("prompt") >',
            r"its examples cannot be judged \(ColumnNotFoundError: ",
        ),
    ],
)
def test_what_is_no_filter_or_does_not_judge_its_examples_as_they_say_is_refused(put_in_place, mine, old, new, told):
    assert MODULE.count(old)
    put_in_place(MODULE.replace(old, new))
    if told is None:
        assert load_recipe(mine).screen.filters[1].max_questions == 3
        return
    with pytest.raises(PluginError, match=rf"its filter 'questions' cannot be used: .*{told}.*; mend or uninstall"):
        load_recipe(mine)


@pytest.mark.parametrize("value", ["sayso_questions:", ":Questions", "sys", "__main__", "no_such.thing:Any"])
def test_an_entry_point_that_names_nothing_is_no_matter_of_recipes_that_do_not_name_it(put_in_place, mine, value):
    put_in_place(points=f"[sayso.filters]\nodd = {value}\nquestions = sayso_questions:Questions\n")
    assert load_recipe(mine).screen.filters[1].max_questions == 3
    assert "Questions" in Recipe.model_json_schema()["$defs"]
    mine.write_text(RECIPE.replace("filter: questions, max_questions: 3", "filter: odd"))
    with pytest.raises(PluginError, match=r"^sayso-questions 1\.0: its filter 'odd' cannot be "):
        load_recipe(mine)


def test_one_that_ends_the_process_where_it_is_imported_ends_none(put_in_place, mine):
    put_in_place("raise SystemExit(3)")
    with pytest.raises(PluginError, match=r"its filter 'questions' cannot be loaded \(SystemExit: 3\)"):
        load_recipe(mine)


def test_the_name_of_one_of_ours_is_taken(put_in_place, mine):
    put_in_place(MODULE.replace("questions", "quality"), "[sayso.filters]\nquality = sayso_questions:Questions\n")
    mine.write_text(RECIPE.replace("questions, max_questions: 3", "quality"))
    assert load_recipe(mine).screen.filters[1].max_prompt_repeats == 3
    found = next(finding for finding in examine_installation() if "quality" in finding.subject)
    assert not found.good
    assert "has the name of one of sayso's own; rename it" in found.found


def test_the_entry_point_has_the_name_that_the_filter_has_in_a_recipe(put_in_place, mine):
    put_in_place(points="[sayso.filters]\nasked = sayso_questions:Questions\n")
    mine.write_text(RECIPE.replace("filter: questions", "filter: asked"))
    with pytest.raises(PluginError, match="its filter 'asked' calls itself 'questions'; name the entry point so"):
        load_recipe(mine)
