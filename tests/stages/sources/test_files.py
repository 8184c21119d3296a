"""Which files a source names, and what stops a source before it starts."""

import gzip
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest
import zstandard

from sayso.stages.sources.actual_format import with_actual_format
from sayso.stages.sources.files import content_of, open_bytes, with_checks
from sayso.stages.sources.listing import list_files, names_matching
from sayso.stages.sources.stores import SourceError


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b'{"a": 1}\n')


def names(patterns: list[str], base: Path) -> list[str]:
    return [file.name for file in list_files(patterns, base)]


def test_a_folder_gives_its_known_files_sorted_to_the_bottom_and_no_hidden_ones(tmp_path: Path) -> None:
    touch(tmp_path, "d/b.jsonl", "d/a/x.csv", "d/c.jsonl.gz", "d/README.md", "d/.cache/y.jsonl", "d/.z.jsonl")
    assert names(["d"], tmp_path) == ["a/x.csv", "b.jsonl", "c.jsonl.gz"]


def test_globs_and_files_keep_the_order_of_the_recipe_and_come_once(tmp_path: Path) -> None:
    touch(tmp_path, "data/one/2.jsonl", "data/one/1.jsonl", "data/two/3.jsonl")
    assert names(["data/two/3.jsonl", "data/*/*.jsonl"], tmp_path) == ["two/3.jsonl", "one/1.jsonl", "one/2.jsonl"]
    assert names(["data/**/*.jsonl"], tmp_path) == ["one/1.jsonl", "one/2.jsonl", "two/3.jsonl"]


def test_names_are_relative_whatever_way_a_path_is_written(tmp_path: Path) -> None:
    touch(tmp_path, "data/one/1.jsonl")
    (tmp_path / "recipes").mkdir()
    for pattern in ("../data/one/1.jsonl", str(tmp_path / "data/one/1.jsonl"), "../data/one"):
        assert names([pattern], tmp_path / "recipes") == ["1.jsonl"]


def test_format_and_compression_come_from_the_name(tmp_path: Path) -> None:
    touch(tmp_path, "a.ndjson", "b.pq", "c.csv.zst", "d.v2.JSONL.GZ")
    found = [(file.format, file.compression) for file in list_files(["."], tmp_path)]
    assert found == [("jsonl", "none"), ("parquet", "none"), ("csv", "zstd"), ("jsonl", "gzip")]


def test_a_json_file_that_holds_json_lines_is_read_as_such(tmp_path: Path) -> None:
    (tmp_path / "lines.json").write_bytes(b'{"a": 1}\n{"a": 2}\n')
    (tmp_path / "rows.json").write_bytes(b'[{"a": 1},\n{"a": 2}]\n')
    (tmp_path / "broken-first.json").write_bytes(b'{"a": \n\n{broken}\n' + b'{"a": 1}\n' * 3)
    (tmp_path / "one-object.json").write_bytes(b'{"a": [\n{"b": 1},\n{"b": 2}\n],\n"c": [\n{"b": 3}\n]\n}\n')
    (tmp_path / "one-line.json").write_bytes(b'{"a": [{"b": 1}]}\n')
    formats = {file.name: with_actual_format(file).format for file in list_files(["."], tmp_path)}
    assert [name for name, format in formats.items() if format == "jsonl"] == ["broken-first.json", "lines.json"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path) -> None:
    touch(tmp_path, "rows[1].jsonl", "rows1.jsonl")
    assert names(["rows[1].jsonl"], tmp_path) == ["rows[1].jsonl"]


@pytest.mark.parametrize("pattern", ["missing.jsonl", "no/such/folder", "*.csv", "empty"])
def test_nothing_found_names_the_pattern(tmp_path: Path, pattern: str) -> None:
    touch(tmp_path, "here.jsonl")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="no file matches") as error:
        list_files(["here.jsonl", pattern], tmp_path)
    assert str(error.value).startswith(f"{pattern}: ")


def test_a_file_of_unknown_format_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "rows.xlsx")
    with pytest.raises(SourceError, match=r"rows\.xlsx: the format is not known"):
        list_files(["rows.xlsx"], tmp_path)


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("zst", zstandard.compress)])
def test_packed_files_may_be_joined_but_not_cut_off(tmp_path: Path, suffix: str, pack: object) -> None:
    assert callable(pack)
    whole = pack(b"one\n" * 5000) + pack(b"two\n")
    (tmp_path / f"rows.jsonl.{suffix}").write_bytes(whole)
    (file,) = list_files(["."], tmp_path)
    with open_bytes(file) as stream:
        assert stream.read() == b"one\n" * 5000 + b"two\n"
    for broken in (whole[: len(pack(b"one\n" * 5000)) - 4], b"not packed at all"):
        Path(file.path).write_bytes(broken)
        with pytest.raises(SourceError, match="cannot be unpacked"), open_bytes(file) as stream:
            stream.read()


def test_a_packed_file_with_a_long_window_is_told_to_be_one(tmp_path: Path) -> None:
    long = zstandard.ZstdCompressionParameters.from_level(1, window_log=30)
    packer = zstandard.ZstdCompressor(compression_params=long).compressobj()
    (tmp_path / "rows.jsonl.zst").write_bytes(packer.compress(b'{"a": 1}\n' * 9) + packer.flush())
    (file,) = list_files(["."], tmp_path)
    told = "packed with a window too long .*Frame requires too much memory.*; unpack it with `zstd -d --long=31`"
    with pytest.raises(SourceError, match=told), open_bytes(file) as stream:
        stream.read()


def test_the_content_hash_sees_one_changed_byte(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 3_000_000)
    (tmp_path / "b.csv").write_bytes(b"x" * 2_999_999 + b"y")
    one, other = (content_of(with_checks(file)) for file in list_files(["."], tmp_path))
    assert one != other
    assert len(one) == 32


def test_a_file_counts_once_however_many_links_lead_to_it(tmp_path: Path) -> None:
    touch(tmp_path, "d/x.jsonl", "d/sub/y.jsonl", "elsewhere/z.jsonl", "elsewhere/deep/w.jsonl")
    links = {"a.jsonl": "x.jsonl", "sub/b.jsonl": "../x.jsonl", "up": "..", "sub/here": ".", "a-sub": "sub"}
    for name, target in {**links, "far": "../elsewhere", "far-again": "far"}.items():
        (tmp_path / "d" / name).symlink_to(target)
    assert names(["d"], tmp_path) == ["far/deep/w.jsonl", "far/z.jsonl", "sub/y.jsonl", "x.jsonl"]
    assert names(["d/**/*.jsonl"], tmp_path) == names(["d"], tmp_path)
    assert names(["d/*/*.jsonl"], tmp_path) == ["a-sub/b.jsonl", "far/z.jsonl", "sub/y.jsonl"]
    assert names(["d/a.jsonl", "d"], tmp_path)[0] == "a.jsonl"
    assert len(names(["d/a.jsonl", "d"], tmp_path)) == 4


def test_files_with_links_alone_are_found_by_them(tmp_path: Path) -> None:
    touch(tmp_path, "store/blob1.jsonl", "store/blob2.jsonl")
    (tmp_path / "snapshot").mkdir()
    for name, blob in (("train.jsonl", "blob1.jsonl"), ("valid.jsonl", "blob2.jsonl"), ("again.jsonl", "blob1.jsonl")):
        (tmp_path / "snapshot" / name).symlink_to(tmp_path / "store" / blob)
    assert names(["snapshot"], tmp_path) == ["again.jsonl", "valid.jsonl"]


def test_two_hard_linked_names_are_two_files(tmp_path: Path) -> None:
    touch(tmp_path, "d/a.jsonl")
    (tmp_path / "d/b.jsonl").hardlink_to(tmp_path / "d/a.jsonl")
    assert names(["d"], tmp_path) == ["a.jsonl", "b.jsonl"]


@pytest.mark.parametrize(("link", "pattern"), [("a.jsonl", "d"), ("a.jsonl", "d/*.jsonl"), ("part-2", "d")])
@pytest.mark.parametrize("target", ["nowhere", "itself"])
def test_a_link_that_leads_nowhere_is_named_where_it_may_stand_for_rows(
    tmp_path: Path, link: str, pattern: str, target: str
) -> None:
    touch(tmp_path, "d/x.jsonl", "d/sub/y.jsonl")
    (tmp_path / "d/notes.md").symlink_to("nowhere")
    (tmp_path / "d/.lock").symlink_to("nowhere")
    assert names([pattern], tmp_path)[-1] == "x.jsonl"
    (tmp_path / "d" / link).symlink_to(link if target == "itself" else target)
    with pytest.raises(SourceError, match=rf"d/{link}: the link leads nowhere"):
        list_files([pattern], tmp_path)


@pytest.mark.parametrize("folder", ["data [v1]", "a*b", "what?", "[x]/[y]", "data {1}", "Ünï çødé", "!x", "#1"])
@pytest.mark.parametrize("pattern", ["{}", "{}/*.jsonl", "{}/**/*.jsonl", "{}/r*s.jsonl", "{}/rows.jsonl"])
def test_a_folder_whose_name_looks_like_a_glob_is_that_folder_and_names_are_the_same(
    tmp_path: Path, folder: str, pattern: str
) -> None:
    touch(tmp_path, f"{folder}/rows.jsonl", "data v/other.jsonl", "acb/other.jsonl", "x/y/other.jsonl")
    assert names([pattern.format(folder)], tmp_path) == ["rows.jsonl"]
    assert names([pattern.format(".")], tmp_path / folder) == ["rows.jsonl"]
    there = [f"top/{folder}/rows.jsonl", "top/data v/other.jsonl", "top/acb/other.jsonl"]
    assert names_matching(there, pattern.format(f"top/{folder}")) == [f"top/{folder}/rows.jsonl"]


def test_a_glob_goes_through_folders_whose_names_look_like_one(tmp_path: Path) -> None:
    touch(tmp_path, "d/[1]/a.jsonl", "d/[2]/b.jsonl", "d/3/c.jsonl")
    assert names(["d/*/*.jsonl"], tmp_path) == ["3/c.jsonl", "[1]/a.jsonl", "[2]/b.jsonl"]
    assert names(["d/[[]*/*.jsonl"], tmp_path) == ["[1]/a.jsonl", "[2]/b.jsonl"]


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    touch(tmp_path, "home/data/rows.jsonl")
    for pattern in ("~/data", "~/data/*.jsonl", "~/data/rows.jsonl"):
        assert names([pattern], tmp_path / "recipes") == ["rows.jsonl"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_match_however_they_are_written(tmp_path: Path, form: Literal["NFC", "NFD"]) -> None:
    name = normalize(form, "données/été.jsonl")
    touch(tmp_path, name)
    forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
    for written in forms:
        for pattern in ("données", "données/*.jsonl", "données/été.jsonl"):
            asked = normalize(written, pattern)
            assert names([asked], tmp_path) == [Path(name).name]
            assert names_matching([name], asked) == [name]


def test_a_hidden_folder_counts_where_it_is_named(tmp_path: Path) -> None:
    touch(tmp_path, ".data/rows.jsonl", ".data/.more/x.jsonl")
    for pattern in (".data", ".data/*.jsonl", ".data/**/*.jsonl"):
        assert names([pattern], tmp_path) == ["rows.jsonl"]
        assert names_matching([".data/rows.jsonl", ".data/.more/x.jsonl"], pattern) == [".data/rows.jsonl"]


def test_what_looks_like_a_dataset_of_the_hub_is_told_where_that_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"`hub: \{repository: openai/gsm8k, files: \[data\]\}`"):
        list_files(["openai/gsm8k"], tmp_path)


def test_what_describes_a_dataset_is_left_out_of_folders_and_globs(tmp_path: Path) -> None:
    touch(tmp_path, "d/rows.json", "d/dataset_infos.json", "d/deep/dataset_info.json", "d/deep/state.json")
    assert names(["d"], tmp_path) == names(["d/**/*.json"], tmp_path) == ["rows.json"]
    assert names(["d/deep/state.json"], tmp_path) == ["state.json"]
