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
from tests.faults.small_runs import run_here

TEXTS = ("The train leaves at seven in the morning.", "She bought bread and milk at the corner.")
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
def folder(tmp_path, said):
    """A folder with a chapter as LibriSpeech has it, and a file of instructions."""
    chapter = tmp_path / "books/84/1"
    chapter.mkdir(parents=True)
    for number, samples in enumerate(said):
        soundfile.write(chapter / f"84-1-{number:04d}.flac", samples, 16_000)
    lines = [f"84-1-{number:04d} {text.upper().rstrip('.')}" for number, text in enumerate(TEXTS)]
    (chapter / "84-1.trans.txt").write_text("\n".join(lines))
    (tmp_path / "facts.jsonl").write_text(
        '{"question": "Who wrote the play Hamlet?", "answer": "It was Shakespeare."}\n'
    )
    return tmp_path


def run(folder, more, counts):
    (folder / "mine.yaml").write_text(RECIPE.format(more=more, counts=counts))
    run_here(folder / "mine.yaml", folder / "run")
    assert verify(Ledger(str(folder / "run"))).problems == ()
    return pl.read_parquet(folder / "run/dataset/data/*.parquet").sort("source", "kind", "spoken")


def test_recordings_are_published_beside_instructions_with_their_licence_and_whoever_speaks(folder):
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


def test_one_that_is_changed_before_it_is_encoded_is_named_and_read_anew_and_no_voice_is_loaded(
    folder, said, monkeypatch
):
    def nobody(voice):
        raise AssertionError(f"{voice.name} was loaded")

    monkeypatch.setattr(job, "load_voice", nobody)
    (folder / "mine.yaml").write_text(RECIPE.format(more="", counts="transcription: 9"))
    run_here(folder / "mine.yaml", folder / "run", until="sample")
    soundfile.write(folder / "books/84/1/84-1-0001.flac", said[1] * 0.5, 16_000)
    with pytest.raises(ChangedFile, match=r"84-1-0001\.flac: the file was changed or removed"):
        run_here(folder / "mine.yaml", folder / "run")
    assert run(folder, "", "transcription: 9")["voice"].to_list() == ["recorded:84"] * 2


def test_a_recipe_that_names_no_voice_has_nothing_to_be_said(folder):
    (folder / "mine.yaml").write_text(
        RECIPE.format(more=f"{FACTS}\nsynthesize: {{voices: []}}", counts="transcription: 2, instruction: 1")
    )
    with pytest.raises(
        SpeechModelError, match=r"voices is empty, and facts\.jsonl:1 of the source facts is to be said"
    ):
        run_here(folder / "mine.yaml", folder / "run")


def test_the_example_recipe_is_read():
    recipe = load_recipe("recorded")
    assert recipe.synthesize.voices == ()
    assert all(source.license for source in recipe.sources)
