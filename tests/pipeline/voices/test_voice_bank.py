"""Voices in a file of their own, and which of them a recipe may speak with."""

import pytest

from sayso.pipeline.old_names import OldName
from sayso.pipeline.recipe import RecipeError, load_recipe
from sayso.pipeline.voices.voice_bank import read_bank, with_voice
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.synthesize.synthesize import Synthesize

RECIPE = """
name: mine
sources: [{name: facts, paths: [facts.jsonl]}]
synthesize:
  voice_bank: bank/voices.yaml
"""
BANK = """
- name: anna
  engine: whisperspeech
  speaker: anna.npy
  license: CC0-1.0
  language: pl
  consent: Anna agreed in writing to speech made with her voice being published.
- name: kore
  speaker: kore
  weight: 3
"""


def load(tmp_path, recipe=RECIPE, bank=BANK):
    (tmp_path / "bank").mkdir(exist_ok=True)
    (tmp_path / "bank/voices.yaml").write_text(bank)
    (tmp_path / "mine.yaml").write_text(recipe)
    return load_recipe(tmp_path / "mine.yaml").synthesize


def test_all_voices_of_a_bank_speak_where_the_recipe_names_none(tmp_path):
    anna, kore = load(tmp_path).voices
    assert (anna.name, anna.license, anna.language) == ("anna", "CC0-1.0", "pl")
    assert anna.speaker == str(tmp_path / "bank/anna.npy")
    assert (kore.name, kore.weight, kore.license, kore.language) == ("kore", 3, "Apache-2.0", "en")


def test_a_recipe_chooses_from_the_bank_and_says_how_often(tmp_path):
    recipe = RECIPE + "  voices: [{bank: anna, weight: 2, speeds: [1, 0.8]}, {name: heart}]\n"
    anna, heart = load(tmp_path, recipe).voices
    assert (anna.name, anna.weight, anna.speeds) == ("anna", 2, (1, 0.8))
    assert anna.consent.startswith("Anna agreed in writing")
    assert heart.speaker == "heart"


@pytest.mark.parametrize(
    ("recipe", "bank", "match"),
    [
        (
            RECIPE + "  voices: [{bank: ana}]\n",
            BANK,
            r"mine\.yaml: synthesize\.voices\[0\]\.bank: there is no voice 'ana'; the bank has anna, kore",
        ),
        (
            RECIPE + "  voices: [{bank: anna, license: MIT}]\n",
            BANK,
            r"voices\[0\]\.license: of a voice of the bank, only weight and speeds are the recipe's to say",
        ),
        (
            RECIPE.replace("voice_bank: bank/voices.yaml", "voices: [{bank: anna}]"),
            BANK,
            r"voices\[0\]\.bank: the recipe names no bank; set synthesize\.voice_bank",
        ),
        (RECIPE.replace("bank/", "banks/"), BANK, r"banks/voices\.yaml cannot be read: No such file"),
        (RECIPE, "name: anna\n", r"voices\.yaml: a bank is a list of voices"),
        (RECIPE, BANK + "- name: anna\n", r"voices\.yaml: two voices are called 'anna'"),
        (
            RECIPE,
            BANK + "- name: jan\n  licence: MIT\n",
            r"voices\.yaml: \[2\]\.licence: there is no such key; did you mean 'license'\?",
        ),
        (RECIPE, BANK.replace("pl", "Polish"), r"voices\.yaml: \[0\]\.language: .*\(it is 'Polish'\)"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_key(tmp_path, recipe, bank, match):
    with pytest.raises(RecipeError, match=match):
        load(tmp_path, recipe, bank)


def test_a_voice_of_a_recording_needs_a_licence_or_a_word_that_it_has_none(tmp_path):
    bank = BANK.replace("  license: CC0-1.0\n", "")
    with pytest.raises(RecipeError, match=r"mine\.yaml: synthesize: the voice 'anna' has no `license`; state it"):
        load(tmp_path, RECIPE, bank)
    assert load(tmp_path, RECIPE + "  unlicensed_voices: true\n", bank).voices[0].license is None


def test_the_engines_own_voices_have_the_licences_of_their_packages():
    assert Hibari(name="heart").license == "Apache-2.0"
    assert WhisperSpeech(name="default").license == "MIT"
    assert WhisperSpeech(name="anna", speaker="anna.npy").license is None


def test_what_is_told_of_a_voice_and_where_its_file_lies_decide_nothing_that_is_heard():
    def heard(folder, **told):
        models = {"t2s": f"{folder}/t2s.model", "vocoder": f"{folder}/vocos"}
        anna = WhisperSpeech(name="anna", speaker=f"{folder}/anna.npy", whisperspeech=models, **told)
        tokenizer = {"model": f"{folder}/vq.model", "whisper": f"{folder}/medium.pt"}
        return Synthesize(
            voices=(anna,), tokenizer=tokenizer, unlicensed_voices=True, voice_bank=folder
        ).fingerprint_parameters()

    assert heard("/one") == heard("/one", weight=2)
    assert heard("/one") == heard("/two", license="MIT", language="pl", accent="any", consent="She agreed.")


JAN = {"name": "jan", "engine": "whisperspeech", "speaker": "jan.npy", "license": "CC0-1.0", "consent": "Jan: »yes«"}


@pytest.mark.parametrize(
    "bank",
    [
        BANK,
        "# Mine.\n\n" + BANK.replace("weight: 3", "weight: 3  # of all") + "# the end",
        BANK.replace("\n", "\n   "),
        BANK.replace("\n", "\r\n"),
        BANK + "  accent: |+\n    none\n\n\n",
        "- {name: heart}",
    ],
)
def test_a_voice_is_added_below_the_others_and_no_byte_of_theirs_changes(tmp_path, bank):
    path = tmp_path / "voices.yaml"
    path.write_bytes(bank.encode())
    before = read_bank(path)
    added = with_voice(bank, path, JAN, ["of her recording"])
    path.write_bytes(added.encode())
    assert added.startswith(bank)
    assert added.count("  # of her recording") == 1
    assert ("\r\n" in bank) == (added.count("\n") == added.count("\r\n"))
    assert read_bank(path) == {**before, "jan": {**JAN, "speaker": str(tmp_path / "jan.npy")}}


def test_the_first_voice_of_a_bank_that_has_only_comments_or_nothing(tmp_path):
    assert with_voice("", tmp_path, {"name": "no", "speaker": "no"}, []) == "- name: 'no'\n  speaker: 'no'\n"
    assert with_voice("# mine", tmp_path, {"name": "a"}, ["so"]) == "# mine\n- name: a\n  # so\n"


@pytest.mark.parametrize(
    ("bank", "changes", "match"),
    [
        (BANK, {"name": "anna"}, "there is a voice 'anna' already; choose another name, or take it out"),
        (BANK, {"language": "Polish"}, r"\[2\]\.language: .*\(it is 'Polish'\)"),
        (BANK, {"license": ""}, r"\[2\]\.license: String should have at least 1 character"),
        (BANK + "- name: kore\n", {}, "two voices are called 'kore'"),
        ("[{name: kore}]\n", {}, "no voice can be added below its last line; write it as a list"),
        (BANK + "...\n", {}, "no voice can be added below its last line"),
        ("name: kore\n", {}, "a bank is a list of voices"),
    ],
)
def test_a_voice_that_would_spoil_the_bank_is_refused(tmp_path, bank, changes, match):
    with pytest.raises(RecipeError, match=rf"voices\.yaml: {match}"):
        with_voice(bank, tmp_path / "voices.yaml", JAN | changes, [])


def test_the_old_name_of_the_batch_size_is_read_in_a_recipe_and_in_a_bank(tmp_path):
    bank = BANK.replace("anna.npy\n", "anna.npy\n  whisperspeech: {rows_together: 4}\n")
    with pytest.warns(OldName, match="'rows_together' is called 'max_batch_size' now") as told:
        synthesize = load(tmp_path, RECIPE + "  tokenizer: {rows_together: 2}\n", bank)
    assert (synthesize.tokenizer.max_batch_size, synthesize.voices[0].whisperspeech.max_batch_size) == (2, 4)
    assert len(told) == 2, "one line for each name"
