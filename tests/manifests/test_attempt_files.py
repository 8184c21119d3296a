"""A file of attempts tells by its name whose it is, when it was written, and what its bytes were."""

import random

import pytest

from sayso.manifests.attempt_files import AttemptFile, AttemptFiles, DamagedAttempts, FilesByIds, beside_run
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import ATTEMPT_FILES, RUN_FILES, temporary_name, temporary_of
from sayso.manifests.run_folder import clear_for_run
from sayso.manifests.storage import Storage

ID = "0123456789abcdef" * 2


def named(first, last, written="20261127T134455123456Z"):
    """A file of rows between ids that begin so."""
    return AttemptFile(f"{first:08x}-{last:08x}.{written}.{'0' * 32}.parquet")


@pytest.fixture(params=["disk", "store"])
def files(request, tmp_path):
    kept = AttemptFiles(Storage(str(tmp_path) if request.param == "disk" else f"memory://{tmp_path}"), "")
    yield kept
    kept.remove_oldest(0)


def test_what_was_written_is_read_until_a_byte_of_it_is_another(files):
    file = files.write(ID, "f" * 32, b"PAR1")
    assert (file.first, file.last) == ("01234567", "ffffffff")
    assert ATTEMPT_FILES.has(file.name)
    assert RUN_FILES.has(f"attempts/{file.name}")
    assert files.listed() == [file]
    assert files.read(file) == b"PAR1"
    assert list(files.damaged()) == []
    other = AttemptFile(file.name.replace(file.xxh3, "0" * 32))
    with pytest.raises(FileNotFoundError):
        files.read(other)
    files._storage.write(other.name, b"PAR1")
    with pytest.raises(DamagedAttempts, match=other.name):
        files.read(other)
    assert [found for found, _ in files.damaged()] == [other]
    files.remove(other)
    files.remove(other)
    assert files.listed() == [file]


def test_the_oldest_go_first_until_the_rest_is_no_more_than_it_may_be(files):
    first, second, third = (files.write(ID, ID, b"x" * 100 + bytes([number])) for number in range(3))
    assert files.listed() == [first, second, third]
    assert files.size().model_dump() == {"files": 3, "bytes": 303}
    files.remove_oldest(303)
    assert files.listed() == [first, second, third]
    files.remove_oldest(302)
    assert files.listed() == [second, third]
    files.remove_oldest(101)
    assert files.listed() == [third]


def test_what_a_killed_writer_left_goes_after_a_day_or_with_the_next_run_and_what_is_not_ours_stays(tmp_path):
    folder = tmp_path / "attempts"
    folder.mkdir()
    old, new = (temporary_name(named(0, 1, f"{year}1127T134455123456Z").name, "a" * 32) for year in (2020, 2999))
    for name in (old, new, "mine.parquet"):
        (folder / name).write_text("mine")
    beside_run(Storage(str(tmp_path))).remove_oldest(0)
    assert sorted(path.name for path in folder.iterdir()) == sorted([new, "mine.parquet"])
    assert temporary_of("attempts", new) == f"attempts/{named(0, 1, '29991127T134455123456Z').name}"
    run = tmp_path / "run"
    (run / "attempts").mkdir(parents=True)
    (run / "attempts" / new).write_text("half")
    (run / "lease-000001.json").write_text("{}")
    with pytest.raises(Exception, match="is not empty and holds no run: attempts"):
        clear_for_run(Ledger(str(run)))


def test_a_job_is_told_of_the_files_that_its_ids_may_be_in_and_of_no_other():
    numbers = random.Random(4)
    ends = [sorted(numbers.sample(range(1000), 2)) for _ in range(300)]
    files = [named(*pair, f"2026112{n % 7}T13445512{n:04d}Z") for n, pair in enumerate(ends)]
    wanted = [sorted(numbers.choices(range(1000), k=2)) for _ in range(200)]
    by_ids = FilesByIds(files)
    found = [by_ids.near(f"{low:08x}{'0' * 24}", f"{high:08x}{'f' * 24}") for low, high in wanted]
    for (low, high), names in zip(wanted, found, strict=True):
        near = [file for file, (first, last) in zip(files, ends, strict=True) if first <= high and last >= low]
        assert list(names) == [file.name for file in sorted(near, key=lambda file: file.written)]
    assert FilesByIds([]).near(ID, ID) == ()


def test_the_files_of_a_run_are_told_to_few_of_its_jobs_however_many_there_are():
    shards, width = 5_000, 2**32 // 5_000
    cut = [(number * width, (number + 1) * width - 1) for number in range(shards)]
    moved = [(max(0, first - width // 3), last - width // 3) for first, last in cut]
    by_ids = FilesByIds(named(*pair) for pair in (*cut, *moved, (0, 2**32 - 1)))
    found = [by_ids.near(f"{low:08x}{'0' * 24}", f"{high:08x}{'f' * 24}") for low, high in cut]
    assert sum(map(len, found)) < 5 * shards
