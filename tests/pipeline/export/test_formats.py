"""What lies on the disk after an export, format by format, and that nothing but the rows decides about its bytes."""

import gzip
import io
import json
import tarfile

import datasets
import polars as pl
import pytest
import soundfile

from sayso.manifests.progress import no_progress
from sayso.pipeline.export.export import Export
from sayso.pipeline.export.format_names import FORMAT_NAMES
from sayso.pipeline.export.formats import FORMATS
from sayso.pipeline.export.recordings import NotARecording, with_recordings
from sayso.pipeline.hub.choice import Choice
from tests.pipeline.export.commands import files_of
from tests.pipeline.export.heard_dataset import RATE, publish, recording


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("dataset"))


@pytest.fixture(scope="module")
def exported(dataset, tmp_path_factory):
    """The folder of an export in each format, by the format's name."""
    folders = {}
    for name, each in FORMATS.items():
        folders[name] = tmp_path_factory.mktemp(name)
        Export(dataset[0].root, each, folders[name], no_progress).carry_out(Choice("default"))
    return folders


def members(content):
    """The members of an archive with their content, in order; none has an owner or a time."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        assert {(one.mtime, one.uid, one.gid, one.uname, one.gname) for one in archive} <= {(0, 0, 0, "", "")}
        return [(one.name, archive.extractfile(one).read()) for one in archive]


def lines(content):
    return [json.loads(line) for line in content.decode().splitlines()]


def heard(rows):
    return rows.filter(pl.col("audio").is_not_null())


def frames_of(content):
    return soundfile.info(io.BytesIO(content)).frames


def test_the_names_that_help_shows_are_those_of_the_table():
    assert tuple(FORMATS) == FORMAT_NAMES


SHARDS = (("train", 0, slice(0, 5)), ("train", 1, slice(5, 10)), ("test", 0, slice(10, 15)))


def test_lhotse_finds_cuts_and_their_recordings_in_shards_of_the_same_number(dataset, exported):
    files = files_of(exported["lhotse"])
    names = {f"default/{split}/{name}" for split, number, _ in SHARDS for name in FORMATS["lhotse"].shard_names(number)}
    assert files.keys() == names | {".sayso-export.json"}
    assert {"default/train/cuts.000001.jsonl.gz", "default/train/recording.000001.tar"} < names
    for split, number, place in SHARDS:
        rows = heard(dataset[1][place])
        cuts = lines(gzip.decompress(files[f"default/{split}/cuts.{number:06d}.jsonl.gz"]))
        in_tar = members(files[f"default/{split}/recording.{number:06d}.tar"])
        assert [name for name, _ in in_tar] == [
            f"{row_id}.{kind}" for row_id in rows["id"] for kind in ("flac", "json")
        ]
        for cut, row, (_, audio), (_, description) in zip(
            cuts, rows.rows(named=True), in_tar[::2], in_tar[1::2], strict=True
        ):
            assert audio == row["audio"]["bytes"]
            custom = cut.pop("custom")
            assert cut == expected_cut(row)
            assert json.loads(description) == cut["recording"]
            wanted = ("source", "license", "kind", "prompt", "answer", "later_turns", "transcript", "sound_tokens")
            assert {name: custom[name] for name in wanted} == {name: row[name] for name in wanted}
            assert (custom["wer"], custom["voice"]) == (0.0, "heart")
            assert "audio" not in custom


def expected_cut(row):
    frames = frames_of(row["audio"]["bytes"])
    place = {"id": row["id"], "start": 0.0, "duration": frames / RATE, "channel": 0}
    # The words of all turns, for the recording has all of them.
    said = " ".join([row["spoken"], *(turn["spoken"] for turn in row["later_turns"] or ())])
    return {
        **place,
        "supervisions": [{**place, "recording_id": row["id"], "text": said, "language": "en", "speaker": "heart"}],
        "recording": {
            "id": row["id"],
            "sources": [{"type": "shar", "channels": [0], "source": ""}],
            "sampling_rate": RATE,
            "num_samples": frames,
            "duration": frames / RATE,
            "channel_ids": [0],
        },
        "type": "MonoCut",
    }


def test_the_files_of_a_webdataset_row_lie_together_with_all_that_is_known_of_it(dataset, exported):
    files = files_of(exported["webdataset"])
    splits = ("train/000000", "train/000001", "test/000000")
    assert files.keys() == {f"default/{name}.tar" for name in splits} | {".sayso-export.json"}
    expected = heard(dataset[1][10:])
    in_tar = members(files["default/test/000000.tar"])
    for row, (name, audio), (beside, description) in zip(
        expected.rows(named=True), in_tar[::2], in_tar[1::2], strict=True
    ):
        assert (name, beside) == (f"{row['id']}.flac", f"{row['id']}.json")
        assert audio == row.pop("audio")["bytes"]
        found = json.loads(description)
        # As it was rounded, not as a float of 32 bits is written with 64.
        assert found["duration"] == round(row["duration"], 3)
        assert {**found, "duration": row["duration"]} == row


def test_nemo_finds_each_recording_by_its_name_in_the_archive_of_its_manifest(dataset, exported):
    files = files_of(exported["nemo"])
    names = {f"default/{split}/{name}" for split, number, _ in SHARDS for name in FORMATS["nemo"].shard_names(number)}
    whole = {f"default/{split}/tarred_audio_manifest.json" for split in ("train", "test")}
    assert files.keys() == names | whole | {".sayso-export.json"}
    for split, number, place in SHARDS:
        entries = lines(files[f"default/{split}/sharded_manifests/manifest_{number}.json"])
        in_tar = members(files[f"default/{split}/audio_{number}.tar"])
        assert [(one["audio_filepath"], one["shard_id"]) for one in entries] == [(name, number) for name, _ in in_tar]
        for entry, (_, audio), row in zip(entries, in_tar, heard(dataset[1][place]).rows(named=True), strict=True):
            assert audio == row["audio"]["bytes"]
            assert entry["duration"] == frames_of(audio) / RATE
            assert entry["text"].startswith(row["spoken"])
            assert (entry["sampling_rate"], entry["lang"], entry["speaker"]) == (RATE, "en", "heart")
            of_row = ("id", "source", "license", "answer", "transcript", "wer", "sound_tokens")
            assert {name: entry[name] for name in of_row} == {name: row[name] for name in of_row}
    manifests = [files[f"default/train/sharded_manifests/manifest_{number}.json"] for number in (0, 1)]
    assert files["default/train/tarred_audio_manifest.json"] == b"".join(manifests)


def test_conversations_are_those_that_were_published_and_no_row_is_left_out(dataset, exported):
    files = files_of(exported["conversations"])
    names = [f"default/{split}/{number:06d}.jsonl" for split, number, _ in SHARDS]
    assert files.keys() == {*names, "dataset_info.json", ".sayso-export.json"}
    found, rows = [row for name in names for row in lines(files[name])], dataset[1]
    assert [row["conversations"] for row in found] == rows["conversations"].to_list()
    assert {row["kind"] for row in found} == {"instruction", "transcription", "text", "multi_turn", "inaudible"}
    for row, published in zip(found, rows.rows(named=True), strict=True):
        texts = ("id", "source", "license", "kind", "language", "spoken", "voice", "transcript")
        numbers = ("duration", "wer", "cer")
        assert row.keys() == {"conversations", *texts, *numbers}
        # A text that is missing is empty, and a number that is missing is none.
        assert {name: row[name] for name in texts} == {name: published[name] or "" for name in texts}
        assert (row["wer"], row["duration"]) == (
            published["wer"],
            published["duration"] and round(published["duration"], 3),
        )


def test_texts_that_are_missing_at_first_do_not_keep_the_trainers_library_from_those_that_come(tmp_path):
    def of_rows(rows):
        sources = rows.sort("id").with_row_index().with_columns(pl.when(pl.col("index") > 4).then("license"))
        return rows.drop("license").join(sources.select("id", "license"), on="id")

    dataset, rows = publish(tmp_path / "dataset", of_rows=of_rows)
    assert rows["license"].to_list()[:10] == [None] * 5 + ["MIT"] * 5
    Export(dataset.root, FORMATS["conversations"], tmp_path / "out", no_progress).carry_out(Choice("default"))
    files = str(tmp_path / "out/default/train/*.jsonl")
    found = datasets.load_dataset("json", data_files=files, cache_dir=str(tmp_path / "cache"), split="train")
    assert found["license"] == [""] * 5 + ["MIT"] * 5
    assert [row["conversations"] for row in found] == rows["conversations"].to_list()[:10]


def test_llama_factory_is_told_where_each_split_is_and_what_its_roles_are_called(exported):
    told = json.loads(files_of(exported["conversations"])["dataset_info.json"])
    assert [(name, one["file_name"]) for name, one in told.items()] == [
        ("train", "default/train"),
        ("test", "default/test"),
    ]
    assert told["train"]["columns"] == {"messages": "conversations"}
    assert told["train"]["tags"]["role_tag"] == "role"


def test_a_config_has_a_folder_of_its_own_and_both_stay(dataset, tmp_path):
    for config in ("default", "ichigo"):
        Export(dataset[0].root, FORMATS["conversations"], tmp_path, no_progress).carry_out(Choice(config, "test"))
    found = lines((tmp_path / "ichigo/test/000000.jsonl").read_bytes())
    # One of the five is text and has no sound, so it is none of Ichigo's rows.
    assert [row["index"] for row in found] == [
        place + 10 for place, kind in enumerate(dataset[1]["kind"][10:]) if kind != "text"
    ]
    assert {"text_prompt", "length"} <= found[0].keys()
    assert (tmp_path / "default/test/000000.jsonl").exists()
    assert json.loads((tmp_path / "dataset_info.json").read_bytes()).keys() == {"test", "ichigo_test"}


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_the_same_rows_give_the_same_bytes_elsewhere(name, dataset, exported, tmp_path):
    Export(dataset[0].root, FORMATS[name], tmp_path, no_progress).carry_out(Choice("default"))
    assert files_of(tmp_path) == files_of(exported[name])


@pytest.mark.parametrize("frames", [1, 16_000, 70_001])
def test_a_recording_is_as_long_as_its_first_bytes_say(frames):
    content = recording(frames)
    rows = with_recordings(pl.DataFrame({"id": ["a"], "audio": [{"bytes": content, "path": "a.flac"}]}))
    assert rows.select("flac", "rate", "channels", "frames", "seconds").row(0) == (
        content,
        RATE,
        1,
        frames,
        frames / RATE,
    )


@pytest.mark.parametrize("content", [b"", b"RIFF" + bytes(60), recording(8)[:20], b"fLaC" + bytes(60)])
def test_audio_that_is_no_flac_file_is_named_by_its_row(content):
    with pytest.raises(NotARecording, match="row 0a0b: its audio is no FLAC file"):
        with_recordings(pl.DataFrame({"id": ["0a0b"], "audio": [{"bytes": content, "path": "a.flac"}]}))
