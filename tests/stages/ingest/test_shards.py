"""Even shards whatever the size of the files: thousands of small ones, a huge one, and what is only read whole."""

import pytest

from sayso.stages.ingest.shards import even_shards, first_rows
from sayso.stages.sources.files import File
from sayso.stages.sources.formats.row_ranges import Chunk

MIB = 1 << 20


def file(name: str, path: str = "/data/") -> File:
    format = "parquet" if name.endswith("parquet") else "jsonl" if "jsonl" in name else "csv"
    return File(path + name, name, format, "gzip" if name.endswith("gz") else "none", 1, "1")  # type: ignore[arg-type]


def chunks(*rows: int, row_bytes: int = 500) -> list[Chunk]:
    firsts = [sum(rows[:place]) + 1 for place in range(len(rows))]
    return [
        Chunk(first=first, rows=each, offset=0, bytes=each * row_bytes)
        for first, each in zip(firsts, rows, strict=True)
    ]


def heights(files: list[File], found: list[list[Chunk]], rows: int, size: int = 64 * MIB) -> list[int]:
    """Rows of each shard; every row of every file is in exactly one, in order."""
    shards = even_shards(files, found, rows, size)
    row_ranges = [each for shard in shards for each in shard]
    covered = [
        (number, row)
        for number, row_range in row_ranges
        for row in range(row_range.first + row_range.skip, row_range.first + row_range.skip + row_range.rows)
    ]
    assert covered == [
        (n, row) for n, each in enumerate(found) for b in each for row in range(b.first, b.first + b.rows)
    ]
    return [sum(row_range.rows for _, row_range in shard) for shard in shards]


def test_thousands_of_tiny_files_and_a_huge_one_make_even_shards() -> None:
    files = [*(file(f"{n:04d}.jsonl") for n in range(3000)), file("huge.parquet")]
    found = [*(chunks(10) for _ in range(3000)), chunks(262_144, 7_856)]
    sizes = heights(files, found, 20_000)
    assert len(sizes) == 15
    assert set(sizes) == {20_000}


@pytest.mark.parametrize("rows", [1, 7, 99, 100, 101, 1000])
def test_no_shard_has_more_rows_than_asked_for_and_none_is_much_smaller(rows: int) -> None:
    sizes = heights([file("a.jsonl"), file("b.parquet")], [chunks(100, 100, 53), chunks(200)], rows)
    assert max(sizes) <= rows
    assert max(sizes) - min(sizes) <= 1


def test_long_rows_make_smaller_shards() -> None:
    sizes = heights([file("a.jsonl")], [chunks(1000, row_bytes=MIB)], 20_000)
    assert max(sizes) <= 64
    assert len(sizes) == 16


def test_a_row_group_far_away_is_cut_only_where_it_is_large() -> None:
    small = even_shards([file("a.parquet", "hf://datasets/org/set@c/")], [chunks(*[1000] * 50)], 20_500, 64 * MIB)
    assert [sum(row_range.rows for _, row_range in shard) for shard in small] == [16_000, 17_000, 17_000]
    large = heights([file("a.parquet", "hf://datasets/org/set@c/")], [chunks(400_000)], 20_000)
    assert large == [50_000] * 8


def test_a_packed_file_is_read_from_its_start_a_few_times_only() -> None:
    assert heights([file("a.jsonl.gz")], [chunks(400_000)], 1_000) == [50_000] * 8
    # 4 GiB in parts of 128 MiB.
    assert heights([file("a.csv")], [chunks(32 << 10, row_bytes=128 << 10)], 1_000) == [1_024] * 32


def test_a_limit_takes_the_first_rows() -> None:
    found = first_rows([chunks(10, 10), chunks(10), chunks(10)], 25)
    assert [[chunk.rows for chunk in each] for each in found] == [[10, 10], [5], []]
    assert first_rows([chunks(3)], None) == [chunks(3)]
