"""Folders of recorded speech as people fetch them: each text with the recording that says it, or why there is none."""

import polars as pl
import xxhash

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
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
