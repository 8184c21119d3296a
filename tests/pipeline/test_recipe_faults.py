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
        ("resources: {zzz: 1}", "resources.zzz: there is no such key; known here: text, speech, batch, "),
        (
            "resources: {text: {gpus: 1}}",
            "resources.text.gpus: there is no such key; did you mean 'cpus'?",
        ),
        (
            "resources: {speech: {gpus: -1}}",
            "resources.speech.gpus: Input should be greater than or equal to 0 (it is -1)",
        ),
        (
            "resources: {speech: {gpus: 1.5}}",
            "resources.speech.gpus: a worker gets a share of one GPU, such as 0.25, or whole ones, and not 1.5",
        ),
        ("resources: {text: {label: spot}}", "resources.text.label: keys and their values are needed"),
        # A filter's name is the value of a key, and no step of the way.
        (
            "screen: {filters: [{filter: language, keeps: [en]}]}",
            "screen.filters[0].keeps: there is no such key; did you mean 'keep'?",
        ),
        (
            "screen: {filters: [{filter: language, keep: 5}]}",
            "screen.filters[0].keep: a list is needed, as in [5] (it is 5)",
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
        # A name that is nearly one is told what it may have been meant to be, whatever it names.
        ("screen: {filters: [{filter: langauge}]}", "screen.filters[0]: there is no filter 'langauge'; did you mean"),
        ("screen: {filters: [language]}", "screen.filters[0]: keys are needed, as in `{filter: language}`"),
        (
            "synthesize: {voices: [{name: a, engine: whisperspech}]}",
            "synthesize.voices[0].engine: there is no such engine; did you mean 'whisperspeech'? (it is",
        ),
        ("synthesize: {tokenizer: {engine: vq}}", "synthesize.tokenizer.engine: there is no such engine; known here: "),
        ("compose: {configs: [ichigoo]}", "compose.configs[0]: Input should be 'default' or 'ichigo'; did you mean"),
        (
            "mixture: {shares: {instructions: 1}}",
            "mixture.shares.instructions: Input should be 'instruction', 'transcription', 'text', 'two_turn', "
            "'four_turn', 'inaudible' or 'pretraining'; did you mean 'instruction'?",
        ),
        ("sample: {caps: {fact: 5}}", "recipe: sample.caps names 'fact', which is no source of this recipe; did you"),
        ("decontaminate: {against: [{name: a, paths: []}]}", "decontaminate.against[0].paths: at least 1 is needed"),
        ("sample:", "sample: keys and their values are needed (it is empty)"),
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


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{name: a, paths: [a], license: [mit]}", "license: a text is needed (it is a list)"),
        ("{name: a, paths: [a], schema: alpacca}", "schema: there is no schema 'alpacca'; did you mean 'alpaca'?"),
        ("{name: a, paths: [a], turn: frist}", "turn: Input should be 'first', 'last' or 'any'; did you mean 'first'?"),
        ("{name: a, paths: a.jsonl}", "paths: a list is needed, as in [a.jsonl] (it is 'a.jsonl')"),
        ("{name: my facts, paths: [a]}", "name: 'my facts' can name no file; take letters without accents, digits, "),
        ("{name: a, hub: {repository: gsm8k, files: [a]}}", "hub.repository: 'gsm8k' is no name of a dataset of the "),
        (
            "{name: a, hub: {repository: 'https://huggingface.co/datasets/openai/gsm8k/tree/main', files: [a]}}",
            "hub.repository: https://huggingface.co/datasets/openai/gsm8k/tree/main is an address; the name of the "
            "dataset is openai/gsm8k",
        ),
        ("{name: a, hub: openai/gsm8k}", "hub: keys are needed, as in `{repository: openai/gsm8k, files: [data]}`"),
        (
            "{name: a, paths: ['https://huggingface.co/datasets/openai/gsm8k']}",
            "paths: https://huggingface.co/datasets/openai/gsm8k: name a dataset of the Hub under `hub`, which pins "
            "the commit, as in `hub: {repository: openai/gsm8k, files: [data]}`",
        ),
    ],
)
def test_what_is_wrong_in_a_source_is_one_sentence_and_the_list_of_sources_is_not_blamed(source, told, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(f"name: mine\nsources: [{source}]\n")
    with pytest.raises(RecipeError) as error:
        load_recipe(path)
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{path}: sources[0].{told}")
