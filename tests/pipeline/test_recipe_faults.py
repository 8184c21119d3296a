"""A wrong key is named with its whole path, and beside it what was meant or what there is: by the schema alone."""

import pytest

from sayso.pipeline.recipe import load_recipe
from sayso.pipeline.recipe_file import RecipeError

GOOD = "name: mine\nsources: [{name: facts, paths: [facts.jsonl]}]\n"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("sampel: {}", "sampel: there is no such key; did you mean 'sample'?"),
        ("sample: {row: 5}", "sample.row: there is no such key; did you mean 'rows'?"),
        ("resources: {zzz: 1}", "resources.zzz: there is no such key; known here: workers, gpus_per_worker, batch, "),
        # A filter's name is the value of a key, and no step of the way.
        (
            "screen: {filters: [{filter: language, keeps: [en]}]}",
            "screen.filters[0].keeps: there is no such key; did you mean 'keep'?",
        ),
        (
            "screen: {filters: [{filter: language, keep: 5}]}",
            "screen.filters[0].keep: Input should be a valid tuple (it is 5)",
        ),
        # Keys are of the filter or the engine that is named, and not of others.
        (
            "screen: {filters: [{filter: written_length, max_word: 5}]}",
            "screen.filters[0].max_word: there is no such key; did you mean 'min_words'?",
        ),
        (
            "synthesize: {voices: [{name: a, engine: hibari, whisperspeech: {}}]}",
            "synthesize.voices[0].whisperspeech: there is no such key for this engine",
        ),
        (
            "synthesize: {augment: {room: {rt: 1}}}",
            "synthesize.augment.room.rt: there is no such key; did you mean 'rt60'?",
        ),
        ("sample: {shares: {facts: much}}", "sample.shares.facts: Input should be a valid number"),
    ],
)
def test_a_fault_is_told_where_it_stands(part, told, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(f"{GOOD}{part}\n")
    with pytest.raises(RecipeError) as error:
        load_recipe(path)
    assert str(error.value).splitlines()[0].startswith(f"{path}: {told}")


def test_each_fault_has_a_line_of_its_own(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(f"{GOOD}seed: much\nsampel: 1\n")
    with pytest.raises(RecipeError) as error:
        load_recipe(path)
    assert len(str(error.value).splitlines()) == 2
