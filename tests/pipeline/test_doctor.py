"""The doctor looks at several files of each source, and says of each that cannot be read why."""

import json
from pathlib import Path

import polars as pl

from sayso.pipeline.doctor import MOST_FILES, Finding, _languages, _source, _workers
from sayso.pipeline.resources import Resources, SpeechWorkers, TextWorkers
from sayso.stages.sources.source import Source
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.speechless.config import Speechless
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.synthesize.synthesize import Synthesize

ROWS = "".join(json.dumps({"question": f"Why {number}?", "answer": "So."}) + "\n" for number in range(30))


def looked_at(folder: Path, **keys: object) -> tuple[Finding, list[str]]:
    told: list[str] = []
    source = Source.model_validate({"name": "s", "paths": ["data"], **keys})
    return next(_source(source, folder, told.append)), told


def touch(folder: Path, **files: str) -> None:
    (folder / "data").mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / "data" / f"{name}.jsonl").write_text(content)


def test_each_file_is_looked_at_with_a_line_for_it(tmp_path: Path) -> None:
    touch(tmp_path, a=ROWS, b=ROWS.replace("question", "instruction").replace("answer", "output"))
    finding, told = looked_at(tmp_path)
    assert (finding.good, finding.found) == (True, "2 files, read as question_answer and alpaca")
    assert told == ["source s: file 1 of 2", "source s: file 2 of 2"]
    touch(tmp_path, c="{broken\n" * 9)
    finding, _ = looked_at(tmp_path)
    assert not finding.good
    assert finding.found.startswith(
        f"1 of 3 files that were looked at cannot be read, the first: {tmp_path}/data/c.jsonl"
    )
    finding, _ = looked_at(tmp_path, unreadable_files="drop")
    assert finding.good
    assert "1 to be dropped, the first: " in finding.found


def test_of_many_files_some_are_looked_at_and_it_is_said_how_many(tmp_path: Path) -> None:
    touch(tmp_path, **{f"part{number:03d}": ROWS for number in range(3 * MOST_FILES)})
    finding, told = looked_at(tmp_path)
    assert finding.found == f"{3 * MOST_FILES} files, read as question_answer, {MOST_FILES} of them looked at"
    assert len(told) == MOST_FILES


def test_a_file_that_would_lose_most_of_its_rows_is_told(tmp_path: Path) -> None:
    touch(tmp_path, a=ROWS.replace("So.", ""))
    finding, _ = looked_at(tmp_path)
    assert not finding.good
    assert "30 of the 30 rows that were looked at would be lost" in finding.found


def test_an_evaluation_set_is_told_where_it_belongs(tmp_path: Path) -> None:
    touch(tmp_path, a='{"question_id": 1, "turns": ["What is a bee?", "And a wasp?"]}\n' * 3)
    finding, _ = looked_at(tmp_path)
    assert not finding.good
    assert "`turns` are what an evaluation set asks, which belongs under `decontaminate: {against: …}`" in finding.found


def test_a_panic_of_polars_is_a_finding(tmp_path: Path, monkeypatch) -> None:
    def panic(*_: object) -> None:
        raise pl.exceptions.PanicException("no such type")

    touch(tmp_path, a=ROWS)
    monkeypatch.setattr("sayso.pipeline.doctor.sample_of_head", panic)
    assert looked_at(tmp_path)[0].found == "PanicException: no such type"


def test_a_voice_of_another_language_than_tokens_are_read_back_in_is_told() -> None:
    polish = WhisperSpeech(name="anna", whisperspeech=WhisperSpeechSettings(language="pl"))
    voices = (polish, Hibari(name="heart"), Speechless(name="speechless"))
    (found,) = _languages(Synthesize(voices=voices))
    assert (found.subject, found.good) == ("language of voice anna", False)
    assert found.found.startswith("it says 'pl', and tokens are read back in 'en', so hardly a row would pass")
    in_polish = Synthesize(voices=voices, tokenizer=WhisperVQConfig(language="pl"))
    assert [one.subject for one in _languages(in_polish)] == ["language of voice heart"]


def test_what_is_asked_of_machines_for_the_workers_of_each_pool_is_told() -> None:
    open_ones = Resources(speech=SpeechWorkers(gpus=1))
    asked = Resources(
        text=TextWorkers(workers=8, memory=2, label={}), speech=SpeechWorkers(gpus=0.5, label={"zone": "a"})
    )
    assert [_workers(pool, resources).found for resources in (open_ones, asked) for pool in ("text", "speech")] == [
        "as many as have room, each with 1 CPU, on machines without a GPU where there are any",
        "as many as have room, each with 1 GPU and 1 CPU",
        "at most 8, each with 1 CPU and 2 GiB",
        "as many as have room, each with 0.5 GPU and 1 CPU, on machines with zone=a",
    ]
