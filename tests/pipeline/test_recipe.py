"""A recipe is checked before anything is done, and each wrong key is named."""

import pytest

from sayso.pipeline.recipe import RecipeError, find_recipe, load_recipe

GOOD = """
name: mine
sources:
  - name: facts
    paths: [facts.jsonl]
    license: CC-BY-4.0
"""


def load(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_recipe(path)


def test_a_short_recipe_gets_the_defaults(tmp_path):
    recipe = load(tmp_path, GOOD)
    filters = [chosen.filter for chosen in recipe.screen.filters]
    assert filters == [
        "written_length",
        "quality",
        "answer_text",
        "self_description",
        "privacy",
        "speakable",
        "screen_request",
        "standalone",
        "language",
        "answer_language",
        "spoken_length",
        "pronounceable",
        "reading",
    ]
    assert recipe.synthesize.tokenizer.model == "whispervq-tiny-en"
    assert recipe.sample.rows is None


def test_every_threshold_can_be_named(tmp_path):
    recipe = load(tmp_path, GOOD + "screen:\n  filters:\n    - filter: spoken_length\n      max_words: 40\n")
    assert recipe.screen.filters[0].max_words == 40


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "samples:\n  rows: 5\n", r"mine\.yaml: samples: there is no such key; did you mean 'sample'\?"),
        (
            GOOD + "screen:\n  filters:\n    - filter: spoken_length\n      max_word: 40\n",
            r"screen\.filters\[0\]\.max_word: there is no such key; did you mean 'max_words'\?",
        ),
        (
            GOOD + "synthesize:\n  gates:\n    max_were: 0.1\n",
            r"synthesize\.gates\.max_were: there is no such key; did you mean 'max_wer'\?",
        ),
        ("name: mine\n", r"sources: this key is needed"),
        (GOOD + "seed: many\n", r"seed: .* \(it is 'many'\)"),
        (GOOD + "sample:\n  rows: 9\n  shares: {fact: 1}\n", r"sample\.shares names 'fact', which is no source"),
        (GOOD + "sample: {caps: {fact: 1}}\n", r"sample\.caps names 'fact', which is no source"),
        (GOOD + "  - name: facts\n    paths: [other.jsonl]\n", r"two sources are called 'facts'"),
        (GOOD.replace("name: facts", "name: inaudible"), r"no source can be called 'inaudible'"),
        (GOOD + "mixture: {shares: {text: 0.7}}\n", r"mixture: shares must add up to 1, not 0\.7"),
        (GOOD.replace("name: facts", "name: ../facts"), r"sources\[0\]\.name: .*'\.\./facts'"),
        (GOOD + "seed: 1\nseed: 2\n", r"line 8, column 1: key 'seed' is given twice"),
        ("name: [mine\n", r"line 2, column 1: "),
        ("- a list\n", r"a recipe is a mapping of keys"),
    ],
)
def test_what_is_wrong_is_named_with_its_key(tmp_path, text, message):
    with pytest.raises(RecipeError, match=message):
        load(tmp_path, text)


def test_all_wrong_keys_are_named_at_once(tmp_path):
    with pytest.raises(RecipeError) as error:
        load(tmp_path, GOOD + "samples: {}\nvoices: {}\n")
    assert str(error.value).count("there is no such key") == 2


def test_bytes_that_are_not_utf8_are_named(tmp_path):
    (tmp_path / "mine.yaml").write_bytes(b"name: caf\xe9\n")
    with pytest.raises(RecipeError, match="byte 9 is not UTF-8"):
        load_recipe(tmp_path / "mine.yaml")


def test_a_control_character_is_named_by_its_place(tmp_path):
    (tmp_path / "mine.yaml").write_text("name: mine\nseed: \x01\n")
    with pytest.raises(RecipeError, match=r"mine\.yaml: line 2: the character '\\x01' is not allowed in YAML"):
        load_recipe(tmp_path / "mine.yaml")


def test_bundled_recipes_are_found_by_name_and_are_right():
    assert load_recipe(find_recipe("demo")).name == "sayso-demo"
    assert load_recipe(find_recipe("ichigo")).mixture.asked == {"instruction": 0.7, "transcription": 0.2, "text": 0.1}
    enhancement = load_recipe(find_recipe("ichigo-enhancement"))
    assert enhancement.mixture.asked == {"two_turn": 0.89, "four_turn": 0.06, "inaudible": 0.05}
    assert set(enhancement.sample.weights) == set(enhancement.source_names)
    with pytest.raises(
        RecipeError, match=r"nowhere: there is no such file.*; known here: demo, ichigo, ichigo-enhancement"
    ):
        find_recipe("nowhere")


def test_a_limit_never_widens_a_source(tmp_path):
    recipe = load(tmp_path, GOOD + "    limit: 10\n")
    assert recipe.with_limit(5).sources[0].limit == 5
    assert recipe.with_limit(50).sources[0].limit == 10
