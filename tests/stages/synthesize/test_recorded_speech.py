"""Recorded speech becomes tokens as what voices say does, by the same gates; what cannot is told with its reason.

A recording here has a letter every 50 ms, which the tokenizer of these tests hears as one token.
"""

import io
import threading

import numpy as np
import polars as pl
import pyarrow
import pyarrow.parquet
import pytest
import soundfile

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.rows.recordings import RECORDING
from sayso.stages.sources.checked_bytes import ChangedFile
from sayso.stages.sources.files import with_checks
from sayso.stages.sources.listing import list_files
from sayso.stages.sources.source import Source
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.recorded_files import RecordedFile
from sayso.stages.synthesize.recorded_speech import TooLong, decode, encode_recordings, read_ahead
from sayso.stages.synthesize.synthesize import Synthesize
from tests.stages.sources.recordings import encoded, tone
from tests.stages.synthesize.letters import SAMPLES, LetterTokenizer, letters, reasons

COLUMNS = ("audio", "file_name", "path")


def spelled(text):
    """The bytes of a recording in which a text is heard."""
    file = io.BytesIO()
    soundfile.write(file, letters(text), 16_000, format="WAV", subtype="FLOAT")
    return file.getvalue()


def folder_of(tmp_path, said):
    """A folder of recordings (name → bytes and text) with their list, as rows ready to be encoded and their files."""
    for name, (content, _) in said.items():
        (tmp_path / name).write_bytes(content)
    lines = [f'{{"file_name": "{name}", "text": "{text}", "speaker": "ann"}}' for name, (_, text) in said.items()]
    (tmp_path / "metadata.jsonl").write_text("\n".join(lines))
    return ingested(tmp_path, "metadata.jsonl")


def ingested(tmp_path, name):
    (shard,) = plan_shards(Source(name="speech", paths=(name,)), tmp_path)
    rows = ingest(shard).rows.with_columns(spoken="prompt", kind=pl.lit("transcription"))
    files = [with_checks(file) for file in list_files([name], tmp_path)]
    return rows.sort("id"), tuple(RecordedFile("speech", file, COLUMNS) for file in files)


def encode(rows, files, gates=None, batch=16, **keys):
    config = Synthesize(gates=gates or Gates(), **keys)
    return encode_recordings(rows, files, LetterTokenizer(), config, batch)


def test_a_recording_whose_tokens_decode_to_its_text_is_kept(tmp_path):
    rows, files = folder_of(tmp_path, {"one.wav": (spelled("name a fruit"), "name a fruit")})
    outcome = encode(rows, files, audio=True)
    row, verdict = outcome.rows.row(0, named=True), outcome.verdicts.row(0, named=True)
    assert bytes(row["sound_tokens"]).decode() == "name a fruit" == row["transcript"]
    assert (row["duration"], row["voice"], row["wer"], row["tokens_per_turn"]) == (0.6, "recorded:ann", 0.0, [12])
    assert soundfile.info(io.BytesIO(row["audio"])).frames == 12 * SAMPLES
    assert (verdict["speech.route"], verdict["speech.attempts"], verdict["speech.seed"]) == ("recorded", 1, None)


def test_each_failure_has_its_reason_and_leaves_its_neighbours_alone(tmp_path):
    said = {
        "good.wav": (spelled("name a fruit"), "name a fruit"),
        "other.wav": (spelled("zzzz z zzzzz"), "name a fruit"),
        "long.wav": (spelled("on and on " * 61), "on and on"),
        "broken.flac": (b"no sound at all", "name a fruit"),
        "empty.wav": (spelled(""), "name a fruit"),
        "nothing.wav": (b"", "name a fruit"),
    }
    outcome = encode(*folder_of(tmp_path, said), batch=2)
    assert reasons(outcome) == {
        "metadata.jsonl:1": None,
        "metadata.jsonl:2": "wrong_words",
        "metadata.jsonl:3": "too_long",
        "metadata.jsonl:4": "unreadable_recording",
        "metadata.jsonl:5": "no_sound",
        "metadata.jsonl:6": "unreadable_recording",
    }
    told = {row["position"]: row for row in outcome.verdicts.to_dicts()}
    assert told["metadata.jsonl:3"]["speech.seconds"] == 30.5
    assert told["metadata.jsonl:4"]["detail"] == "Format not recognised; FLAC, WAV, OGG and MP3 can be read"
    assert told["metadata.jsonl:5"]["speech.seconds"] == 0


def test_one_that_is_as_long_as_the_tokenizer_takes_is_not_cut_and_stays(tmp_path):
    text = ("name a fruit or a " * 40)[:600]
    said = {"whole.wav": (spelled(text), text.strip())}
    assert reasons(encode(*folder_of(tmp_path, said))) == {"metadata.jsonl:1": None}
    assert reasons(encode(*folder_of(tmp_path, said), Gates(max_seconds=20))) == {"metadata.jsonl:1": "too_long"}


def test_batches_change_nothing(tmp_path):
    said = {f"{n}.wav": (spelled(f"question {'x' * n}"), f"question {'x' * n}") for n in range(5)}
    rows, files = folder_of(tmp_path, said)
    whole = encode(rows, files)
    assert whole.rows.height == 5
    for batch in (1, 2):
        again = encode(rows, files, batch=batch)
        assert again.rows.equals(whole.rows)
        assert again.verdicts.equals(whole.verdicts)


@pytest.mark.parametrize("change", ["another", "gone"])
def test_a_recording_that_was_changed_since_it_was_read_is_named(tmp_path, change):
    rows, files = folder_of(tmp_path, {"one.wav": (spelled("name a fruit"), "name a fruit")})
    if change == "another":
        (tmp_path / "one.wav").write_bytes(spelled("name a stone"))
    else:
        (tmp_path / "one.wav").unlink()
    with pytest.raises(ChangedFile, match=r"one\.wav: the file was changed or removed"):
        encode(rows, files)


def test_recordings_in_parquet_are_found_by_row_in_any_row_group(tmp_path):
    texts = [f"text number {'x' * n}" for n in range(7)]
    audio = [{"bytes": spelled(text), "path": None} for text in texts]
    audio[3] = {"bytes": None, "path": "elsewhere.wav"}
    path = tmp_path / "speech.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"audio": audio, "text": texts}), path, row_group_size=3)
    rows, files = ingested(tmp_path, "speech.parquet")
    some = rows.filter(~pl.col("position").str.ends_with(":2"))
    outcome = encode(some, files, batch=4)
    assert outcome.rows.select("transcript").to_series().equals(outcome.rows["prompt"].alias("transcript"))
    assert set(outcome.rows["voice"]) == {"recorded"}
    assert outcome.verdicts.drop_nulls("reason").select("position", "reason", "detail").rows() == [
        ("speech.parquet:4", "unreadable_recording", "the row has the name of a recording, and not its bytes")
    ]
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(content)
    with pytest.raises(ChangedFile, match=r"speech\.parquet"):
        encode(some, files)


def test_each_row_group_is_read_once_a_shard_however_its_rows_lie(tmp_path, monkeypatch):
    for name, (first, last) in {"one": (0, 8), "two": (8, 13)}.items():
        audio = [{"bytes": spelled(f"text {'x' * n}"), "path": None} for n in range(first, last)]
        audio[2] = {"bytes": None, "path": "beside.wav"}
        texts = [f"text {'x' * n}" for n in range(first, last)]
        pyarrow.parquet.write_table(
            pyarrow.table({"audio": audio, "text": texts}), tmp_path / f"{name}.parquet", row_group_size=4
        )
    read = []
    batches = pyarrow.parquet.ParquetFile.iter_batches

    def counted(file, *, row_groups, **options):
        read.extend((file.metadata.num_rows, group) for group in row_groups)
        return batches(file, row_groups=row_groups, **options)

    rows, files = ingested(tmp_path, "*.parquet")
    shuffled = rows.sample(fraction=1, shuffle=True, seed=1)
    monkeypatch.setattr(pyarrow.parquet.ParquetFile, "iter_batches", counted)
    outcome = encode(shuffled, files, batch=2)
    assert read == [(8, 0), (8, 1), (5, 0), (5, 1)]
    assert outcome.rows.height == 11
    assert outcome.rows["transcript"].equals(outcome.rows["prompt"].alias("transcript"))
    assert outcome.rows.equals(encode(rows, files).rows)


@pytest.mark.parametrize(("suffix", "rate"), [(".flac", 16_000), (".wav", 22_050), (".mp3", 44_100), (".opus", 48_000)])
def test_any_format_rate_and_number_of_channels_becomes_16_khz_mono(suffix, rate):
    file = io.BytesIO(encoded(tone(0.5, rate, channels=2), rate, suffix))
    clip = decode(file, 30).numpy()
    assert clip.dtype == np.float32
    assert abs(len(clip) - 8_000) < 1_000
    spectrum = np.abs(np.fft.rfft(clip))
    assert np.argmax(spectrum) * 16_000 / len(clip) == pytest.approx(220, abs=4)
    file.seek(0)
    too_long = decode(file, 0.2)
    assert isinstance(too_long, TooLong)
    assert too_long.seconds == pytest.approx(0.5, abs=0.06)


def test_channels_are_mixed_in_equal_parts():
    left, right = tone(0.1, hertz=200), tone(0.1, hertz=400)
    clip = decode(io.BytesIO(encoded(np.hstack([left, right]), suffix=".wav")), 30).numpy()
    assert np.allclose(clip, ((left + right) / 2)[:, 0], atol=1e-4)


def test_the_next_is_read_while_one_is_worked_with():
    is_read = {item: threading.Event() for item in (1, 2, 3)}

    def read(item):
        is_read[item].set()
        return item * 10

    for item, found in enumerate(read_ahead(map(read, [1, 2, 3])), 1):
        assert found == item * 10
        assert is_read[min(item + 1, 3)].wait(60)
    assert [*read_ahead([])] == []


def test_nobody_is_called_what_the_source_has_for_nobody(tmp_path):
    (tmp_path / "one.wav").write_bytes(spelled("name a fruit"))
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "one.wav", "text": "name a fruit", "speaker": "N/A"}')
    rows, files = ingested(tmp_path, "metadata.jsonl")
    assert rows.schema["recording"] == RECORDING
    assert encode(rows, files).rows["voice"].to_list() == ["recorded"]


def test_what_is_heard_in_a_recording_stands_beside_what_its_tokens_say(tmp_path):
    rows, files = folder_of(tmp_path, {"one.wav": (spelled("name a fruit"), "name a fruit")})
    row = encode(rows, files, listen=True).rows.row(0, named=True)
    assert (row["audio_transcript"], row["audio_wer"]) == ("name a fruit", 0.0)
