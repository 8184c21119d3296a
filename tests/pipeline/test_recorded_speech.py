"""Recorded speech beside instructions, from a folder as people fetch it to a dataset that verifies."""

import polars as pl
import pytest
import soundfile

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from sayso.pipeline.recipe import load_recipe
from sayso.stages.sources.checked_bytes import ChangedFile
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.synthesize import job
from sayso.stages.synthesize.synthesize import Synthesize
from tests.faults.small_runs import run_here
from tests.stages.synthesize.letters import LetterTokenizer, letters

TEXTS = ("The train leaves at seven.", "She bought bread and milk.")
RECIPE = """
name: mine
sources:
  - {{name: books, paths: [books], license: CC-BY-4.0}}
{more}
mixture: {{counts: {{{counts}}}}}
compose: {{configs: [default, ichigo]}}
resources: {{speech_shard_rows: 4}}
"""
FACTS = "  - {name: facts, paths: [facts.jsonl], license: CC0-1.0}"


@pytest.fixture(scope="module")
def said():
    """Texts, each said by the voice that is in the package."""
    clips = Hibari(name="heart").load().synthesize(TEXTS, [1] * len(TEXTS), [1.0] * len(TEXTS))
    return [clip.numpy() for clip in clips]


@pytest.fixture
def folder(tmp_path):
    """A folder with the texts of a chapter as LibriSpeech has them, and a file of instructions."""
    chapter = tmp_path / "books/84/1"
    chapter.mkdir(parents=True)
    lines = [f"84-1-{number:04d} {text.upper().rstrip('.')}" for number, text in enumerate(TEXTS)]
    (chapter / "84-1.trans.txt").write_text("\n".join(lines))
    (tmp_path / "facts.jsonl").write_text(
        '{"question": "Who wrote the play Hamlet?", "answer": "It was Shakespeare."}\n'
    )
    return tmp_path


class QuickLetters(LetterTokenizer):
    """Hears letters of 40 ms, and says that its tokens are those of the tokenizer that the recipe has."""

    sound_format = Synthesize().tokenizer.sound_format()

    def encode(self, clips):
        return [clip[::640].numpy().astype("uint16") for clip in clips]


def record(folder, number, samples, format="FLAC", subtype=None):
    soundfile.write(folder / f"books/84/1/84-1-{number:04d}.flac", samples, 16_000, format=format, subtype=subtype)


def spell(folder, number, text):
    """A recording in which the letters are heard; libsndfile goes by what a file holds, not by its name."""
    record(folder, number, letters(text, 640), "WAV", "FLOAT")


def run(folder, more, counts):
    (folder / "mine.yaml").write_text(RECIPE.format(more=more, counts=counts))
    run_here(folder / "mine.yaml", folder / "run")
    assert verify(Ledger(str(folder / "run"))).problems == ()
    return pl.read_parquet(folder / "run/dataset/data/*.parquet").sort("source", "kind", "spoken")


def test_recordings_are_published_beside_instructions_with_their_licence_and_whoever_speaks(folder, said):
    for number, samples in enumerate(said):
        record(folder, number, samples)
    rows = run(folder, FACTS, "instruction: 1, transcription: 1, pretraining: 1")
    assert rows.select("source", "license", "kind", "voice").rows() == [
        ("books", "CC-BY-4.0", "pretraining", "recorded:84"),
        ("books", "CC-BY-4.0", "transcription", "recorded:84"),
        ("facts", "CC0-1.0", "instruction", "heart"),
    ]
    assert set(rows["spoken"].head(2)) == {text.upper().rstrip(".") for text in TEXTS}
    alone, asked, _ = (row["conversations"] for row in rows.to_dicts())
    assert [message["role"] for message in alone] == ["user"]
    assert alone[0]["content"].startswith("<|sound_start|><|sound_")
    assert [message["role"] for message in asked] == ["user", "assistant"]
    assert asked[1]["content"] == rows["spoken"][1] == rows["answer"][1]
    assert rows["answer"][0] is None
    card = (folder / "run/dataset/README.md").read_text()
    assert "2 rows are recordings of people, of 1 speakers that the sources tell apart" in card
    assert "| books | CC-BY-4.0 | 2 |" in card
    ichigo = pl.read_parquet(folder / "run/dataset/ichigo/*.parquet")
    assert sorted(ichigo["text_prompt"]) == sorted(rows["spoken"].tail(2))


def test_one_that_is_changed_before_it_is_encoded_is_named_and_read_anew_and_no_voice_is_loaded(folder, monkeypatch):
    def nobody(voice):
        raise AssertionError(f"{voice.name} was loaded")

    monkeypatch.setattr(job, "load_voice", nobody)
    monkeypatch.setattr(job, "sound_tokenizer", lambda config: QuickLetters())
    spell(folder, 0, TEXTS[0].upper())
    spell(folder, 1, "NOBODY CAME")
    (folder / "mine.yaml").write_text(RECIPE.format(more="", counts="transcription: 9"))
    run_here(folder / "mine.yaml", folder / "run", until="sample")
    spell(folder, 1, TEXTS[1].upper())
    with pytest.raises(ChangedFile, match=r"84-1-0001\.flac: the file was changed or removed"):
        run_here(folder / "mine.yaml", folder / "run")
    rows = run(folder, "", "transcription: 9")
    assert rows["voice"].to_list() == ["recorded:84"] * 2
    assert set(rows["transcript"]) == {text.upper() for text in TEXTS}


def test_a_recipe_that_names_no_voice_has_nothing_to_be_said(folder):
    (folder / "mine.yaml").write_text(
        RECIPE.format(more=f"{FACTS}\nsynthesize: {{voices: []}}", counts="transcription: 2, instruction: 1")
    )
    spell(folder, 0, TEXTS[0])
    with pytest.raises(
        SpeechModelError, match=r"voices is empty, and facts\.jsonl:1 of the source facts is to be said"
    ):
        run_here(folder / "mine.yaml", folder / "run")


def test_the_example_recipe_is_read():
    recipe = load_recipe("recorded")
    assert recipe.synthesize.voices == ()
    assert all(source.license for source in recipe.sources)
