"""Folders of recorded speech as people fetch them: each text with the recording that says it, or why there is none."""

import json
import re

import fsspec
import polars as pl
import pyarrow
import pyarrow.parquet
import pytest
import xxhash

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.listing import list_files
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError
from tests.stages.sources.recordings import write


def read(folder, *paths):
    """Rows by position, with their text and recording; and the reason and detail of each that fell out."""
    outcomes = [ingest(shard) for shard in plan_shards(Source(name="speech", paths=paths), folder)]
    rows = pl.concat(each.rows for each in outcomes).select("position", "prompt", "recording").rows()
    verdicts = pl.concat(each.verdicts for each in outcomes)
    lost = verdicts.filter(pl.col("reason").is_not_null()).select("position", "reason", "detail").rows()
    return {position: (text, recording) for position, text, recording in rows}, {lost[0]: lost[1:] for lost in lost}


def recording(folder, path, speaker):
    return {"path": path, "content": xxhash.xxh3_128_hexdigest((folder / path).read_bytes()), "speaker": speaker}


def test_librispeech(tmp_path):
    chapter = tmp_path / "dev-clean/84/1"
    write(chapter / "84-1-0000.flac")
    (chapter / "84-1.trans.txt").write_text("84-1-0000 THE OLD MILL\n\n84-1-0001 NOBODY CAME\nTHAT\n")
    (tmp_path / "README.TXT").write_text("not a transcript\n")
    rows, lost = read(tmp_path, "dev-clean")
    assert rows == {"84/1/84-1.trans.txt:1": ("THE OLD MILL", recording(chapter, "84-1-0000.flac", "84"))}
    assert lost == {
        "84/1/84-1.trans.txt:2": ("no_recording", "'84-1-0001.flac' is not there, beside 84/1/84-1.trans.txt"),
        "84/1/84-1.trans.txt:3": ("invalid_transcript", "the line is no name of a recording with its text"),
    }


def test_mls_whose_recordings_are_flac_or_opus(tmp_path):
    write(tmp_path / "audio/10/20/10_20_000000.opus", rate=48_000)
    write(tmp_path / "audio/10/21/10_21_000001.flac")
    (tmp_path / "transcripts.txt").write_text("10_20_000000\ta boat lay\n10_21_000001\tat the pier\n")
    rows, lost = read(tmp_path, "transcripts.txt")
    assert rows == {
        "transcripts.txt:1": ("a boat lay", recording(tmp_path, "audio/10/20/10_20_000000.opus", "10")),
        "transcripts.txt:2": ("at the pier", recording(tmp_path, "audio/10/21/10_21_000001.flac", "10")),
    }
    assert not lost


def test_common_voice(tmp_path):
    write(tmp_path / "en/clips/common_voice_1.mp3", rate=32_000)
    rows = ["client_id\tpath\tsentence", 'f00d\tcommon_voice_1.mp3\tShe said "no', "beef\t../../secret.mp3\tNo."]
    (tmp_path / "en/validated.tsv").write_text("\n".join(rows))
    for other in ("train", "invalidated"):
        (tmp_path / f"en/{other}.tsv").write_text("\n".join(rows))
    rows, lost = read(tmp_path, "en")
    assert rows == {"validated.tsv:1": ('She said "no', recording(tmp_path / "en", "clips/common_voice_1.mp3", "f00d"))}
    assert lost == {
        "validated.tsv:2": (
            "no_recording",
            "'../../secret.mp3' leads out of the folder of validated.tsv; name it as seen from there",
        )
    }


def test_a_folder_of_lists_without_the_validated_one_is_told_to_name_one(tmp_path):
    for name in ("train", "dev"):
        (tmp_path / f"{name}.tsv").write_text("client_id\tpath\tsentence\n")
    with pytest.raises(SourceError, match=r"only the list validated\.tsv is read.* out of dev\.tsv, train\.tsv"):
        list_files(["."], tmp_path)


def test_a_table_that_lies_beside_other_files_is_not_taken(tmp_path):
    (tmp_path / "notes.tsv").write_text("a\tb\n1\t2\n")
    (tmp_path / "facts.jsonl").write_text('{"question": "Who wrote Hamlet?", "answer": "Shakespeare."}\n')
    assert [file.name for file in list_files(["."], tmp_path)] == ["facts.jsonl"]
    assert [file.name for file in list_files(["*.tsv"], tmp_path)] == ["notes.tsv"]


def test_a_manifest_of_nemo_whose_recordings_are_whole_files_in_its_folder(tmp_path):
    write(tmp_path / "wav/one.wav")
    places = ("wav/one.wav", str(tmp_path / "wav/one.wav"), "/elsewhere/one.wav")
    lines = [{"audio_filepath": place, "text": "the old mill", "duration": 0.5} for place in places]
    lines += [{**lines[0], "offset": offset} for offset in (0.0, 1.25)]
    (tmp_path / "train_manifest.json").write_text("\n".join(map(json.dumps, lines)))
    rows, lost = read(tmp_path, ".")
    found = ("the old mill", recording(tmp_path, "wav/one.wav", None))
    assert rows == {f"train_manifest.json:{number}": found for number in (1, 2, 4)}
    assert lost == {
        "train_manifest.json:3": (
            "no_recording",
            "'/elsewhere/one.wav' leads out of the folder of train_manifest.json; name it as seen from there",
        ),
        "train_manifest.json:5": (
            "no_recording",
            "the recording starts 1.25 s into its file; cut it into a file of its own",
        ),
    }


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_samples_in_a_row_are_no_recording(tmp_path, suffix):
    samples = {"array": [0.0, 0.5], "sampling_rate": 16_000, "path": "one.wav"}
    table = pyarrow.table({"audio": [samples, samples], "text": ["the old mill", "stood still"]})
    if suffix == ".parquet":
        pyarrow.parquet.write_table(table, tmp_path / "speech.parquet")
    else:
        (tmp_path / "speech.jsonl").write_text("\n".join(map(json.dumps, table.to_pylist())))
    why = "`audio` holds samples (`array`), which are not read; keep each recording as the bytes of a file"
    assert read(tmp_path, ".") == ({}, {f"speech{suffix}:{number}": ("no_recording", why) for number in (1, 2)})


def test_an_object_in_json_holds_no_recording(tmp_path):
    (tmp_path / "speech.jsonl").write_text('{"audio": {"path": "one.wav", "bytes": null}, "text": "the old mill"}\n')
    why = "a row of jsonl cannot hold the bytes of a recording; let it name the recording's file"
    assert read(tmp_path, ".") == ({}, {"speech.jsonl:1": ("no_recording", why)})


def test_recordings_beside_a_list_in_a_store_are_to_be_fetched(tmp_path):
    with fsspec.open("memory://recorded/metadata.jsonl", "w") as file:
        file.write('{"file_name": "one.flac", "text": "the old mill"}\n')
    why = "'one.flac' is a file of its own in a store; fetch the folder and name it here"
    assert read(tmp_path, "memory://recorded") == ({}, {"metadata.jsonl:1": ("no_recording", why)})


def test_ljspeech(tmp_path):
    write(tmp_path / "wavs/LJ1-1.wav", rate=22_050)
    write(tmp_path / "wavs/LJ1-2.wav", rate=22_050)
    (tmp_path / "metadata.csv").write_text('LJ1-1|In 1890, a "press"|In eighteen ninety, a "press"\nLJ1-2|It, too.\n')
    rows, lost = read(tmp_path, "metadata.csv")
    assert rows == {
        "metadata.csv:1": ('In eighteen ninety, a "press"', recording(tmp_path, "wavs/LJ1-1.wav", None)),
        "metadata.csv:2": ("It, too.", recording(tmp_path, "wavs/LJ1-2.wav", None)),
    }
    assert not lost


def test_a_folder_with_a_list_as_datasets_reads_it(tmp_path):
    write(tmp_path / "one.wav", rate=22_050)
    (tmp_path / "metadata.csv").write_text('file_name,transcription\none.wav,"Hello, there."\n')
    write(tmp_path / "b/two.flac")
    (tmp_path / "b/metadata.jsonl").write_text('{"file_name": "two.flac", "text": "Good night.", "speaker": 3}\n')
    rows, lost = read(tmp_path, ".")
    assert rows == {
        "b/metadata.jsonl:1": ("Good night.", recording(tmp_path / "b", "two.flac", "3")),
        "metadata.csv:1": ("Hello, there.", recording(tmp_path, "one.wav", None)),
    }
    assert not lost


def test_a_folder_of_recordings_without_a_list_is_refused_with_what_to_put_there(tmp_path):
    write(tmp_path / "loose/deep/one.wav")
    told = "it holds recordings, such as one.wav, and no list of what they say; put one beside them"
    with pytest.raises(SourceError, match=f"^loose: {told}"):
        list_files(["loose"], tmp_path)


def test_such_a_folder_in_a_store_is_to_be_fetched_first(tmp_path):
    with fsspec.open("memory://loose/deep/one.wav", "wb") as file:
        file.write(b"")
    told = (
        "it holds recordings, such as one.wav, and no list of what they say; fetch the folder, .* put one beside them"
    )
    for pattern in ("memory://loose", "memory://loose/**"):
        with pytest.raises(SourceError, match=f"^{re.escape(pattern)}: {told}"):
            list_files([pattern], tmp_path)
    with pytest.raises(SourceError, match="no file matches"):
        list_files(["memory://loose/*.csv"], tmp_path)


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
@pytest.mark.parametrize(
    "column",
    [{"audio": {"array": [0.1, 0.2], "sampling_rate": 16_000}}, {"audio": [0.1, 0.2]}, {"speech": [1, 2]}],
)
def test_recordings_that_are_samples_are_refused_with_what_to_do(suffix, column, tmp_path):
    rows = [{**column, "text": "Hi there."}]
    if suffix == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "rows.parquet")
    else:
        (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(SourceError, match=f"`{next(iter(column))}` holds samples, .* keep each recording as the bytes"):
        plan_shards(Source(name="a", paths=(f"rows.{suffix}",)), tmp_path)
