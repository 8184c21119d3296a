"""Old names in a recipe are read as the new ones, with one line of warning for each."""

import warnings

import pytest

from sayso.pipeline import old_names
from sayso.pipeline.old_names import Key, OldName, Value
from sayso.pipeline.recipe import RecipeError, load_recipe
from sayso.pipeline.voices.voice_bank import read_bank
from tests.runs import sayso_here

RECIPE = """
name: mine
sources:
  - {name: facts, paths: [facts.jsonl]}
screen:
  filters:
    - {filter: prose, max_lines: 3}
    - {filter: language, wanted: [en]}
    - {filter: prose}
"""
BANK = "- {name: anna, colour: dark}\n- {name: bert, colour: bright}\n"


@pytest.fixture(autouse=True)
def renamed(monkeypatch):
    renamed = (
        Value("screen.filters.*", "filter", "prose", "speakable"),
        Key("screen.filters.*", "wanted", "keep"),
        Key("", "title", "name"),
        Key("synthesize.voices.*", "colour", "weight"),
    )
    monkeypatch.setattr(old_names, "RENAMED", renamed)


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(RECIPE)
    return path


def warned(call, *arguments):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call(*arguments)
    assert all(one.category is OldName for one in caught)
    return result, [str(one.message) for one in caught]


def test_old_names_are_read_as_the_new_ones_with_one_warning_for_each(mine):
    recipe, messages = warned(load_recipe, mine)
    assert [one.filter for one in recipe.screen.filters] == ["speakable", "language", "speakable"]
    assert (recipe.screen.filters[0].max_lines, recipe.screen.filters[1].keep) == (3, ("en",))
    assert messages == [
        f"{mine}: screen.filters[0].filter: 'prose' is called 'speakable' now, and is read as that",
        f"{mine}: screen.filters[1].wanted: 'wanted' is called 'keep' now, and is read as that",
    ]


def test_the_names_of_the_first_version_are_read(mine, monkeypatch):
    monkeypatch.undo()
    mine.write_text(
        RECIPE.partition("screen:")[0] + "screen:\n  filters: [{filter: length, max_words: 9}, {filter: sayable}]"
    )
    recipe, messages = warned(load_recipe, mine)
    assert [one.filter for one in recipe.screen.filters] == ["spoken_length", "pronounceable"]
    assert recipe.screen.filters[0].max_words == 9
    assert messages == [
        f"{mine}: screen.filters[0].filter: 'length' is called 'spoken_length' now, and is read as that",
        f"{mine}: screen.filters[1].filter: 'sayable' is called 'pronounceable' now, and is read as that",
    ]


POOLS = "name: mine\nsources:\n  - {name: facts, paths: [facts.jsonl]}\nresources: "


def test_one_number_of_workers_is_read_as_that_of_both_pools(mine, monkeypatch):
    monkeypatch.undo()
    mine.write_text(f"{POOLS}{{workers: 3, gpus_per_worker: 0.5, speech: {{cpus: 2}}, batch: 8}}")
    recipe, messages = warned(load_recipe, mine)
    text, speech = recipe.resources.text, recipe.resources.speech
    assert (text.workers, speech.workers, speech.gpus, speech.cpus, recipe.resources.batch) == (3, 3, 0.5, 2, 8)
    assert messages == [
        f"{mine}: resources.workers: 'workers' is called 'text.workers' and 'speech.workers' now, and is read as that",
        f"{mine}: resources.gpus_per_worker: 'gpus_per_worker' is called 'speech.gpus' now, and is read as that",
    ]
    mine.write_text(f"{POOLS}{{workers: 3, text: {{workers: 2}}}}")
    with pytest.raises(RecipeError, match=r"resources\.workers: this is the old name of 'text\.workers', which is"):
        warned(load_recipe, mine)
    mine.write_text(f"{POOLS}{{workers: 3, text: 5}}")
    with pytest.raises(RecipeError, match=r"resources\.text: keys and their values are needed \(it is 5\)"):
        warned(load_recipe, mine)


def test_new_names_give_no_warning(mine):
    mine.write_text(RECIPE.replace("prose", "speakable").replace("wanted", "keep"))
    assert warned(load_recipe, mine)[1] == []


def test_a_key_of_the_recipe_itself_has_no_place_before_it(mine):
    mine.write_text("title: mine\nsources:\n  - {name: facts, paths: [facts.jsonl]}\n")
    assert warned(load_recipe, mine)[1] == [f"{mine}: title: 'title' is called 'name' now, and is read as that"]


def test_an_old_name_beside_the_new_one_is_refused(mine):
    mine.write_text(RECIPE.replace("wanted: [en]", "wanted: [en], keep: [de]"))
    with pytest.raises(RecipeError, match=r"screen\.filters\[1\]\.wanted: this is the old name of 'keep', which is"):
        warned(load_recipe, mine)


def test_what_is_wrong_beside_an_old_name_is_still_named(mine):
    mine.write_text(RECIPE.replace("max_lines: 3", "max_line: 3"))
    with pytest.raises(RecipeError, match=r"screen\.filters\[0\]\.max_line: there is no such key"):
        warned(load_recipe, mine)


def test_a_recipe_that_holds_a_circle_is_refused_and_not_walked_for_ever(mine):
    mine.write_text(RECIPE.replace("- {filter: prose}", "- &circle {filter: prose, of: [*circle]}"))
    with pytest.raises(RecipeError, match=r"screen\.filters\[2\]\.of: there is no such key"):
        warned(load_recipe, mine)


def test_a_bank_of_voices_is_read_likewise(tmp_path):
    bank = tmp_path / "voices.yaml"
    bank.write_text(BANK.replace("dark", "2").replace("bright", "3"))
    voices, messages = warned(read_bank, bank)
    assert [voice["weight"] for voice in voices.values()] == [2, 3]
    assert messages == [f"{bank}: [0].colour: 'colour' is called 'weight' now, and is read as that"]


def test_the_command_line_prints_each_once(mine, tmp_path):
    shown = sayso_here("models", "fetch", mine, "--to", tmp_path / "models").stderr
    assert shown.count("'prose' is called 'speakable' now") == 1
    assert shown.count("'wanted' is called 'keep' now") == 1
    assert shown.splitlines()[0].startswith(f"warning: {mine}: screen.filters[0].filter: 'prose'")
