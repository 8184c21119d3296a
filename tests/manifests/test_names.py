"""Only files of our own forms are ever named; whatever else stands in a list leads nowhere."""

import pytest
from pydantic import ValidationError

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.dataset.file_list import NotPublished, read_list
from sayso.manifests.names import (
    DATASET_FILES,
    DATASET_FOLDERS,
    MANIFEST_FILES,
    PARTS,
    PICTURES,
    RUN_FILES,
    ForeignName,
    check_name,
    files_of,
    temporary_name,
    temporary_of,
)
from sayso.manifests.records import Record
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.sealing import seal
from tests.manifests.conftest import key

PART = "data/train-00000-of-00001.parquet"
FOREIGN = [
    "",
    ".",
    "..",
    "/etc/passwd",
    "../../etc/passwd",
    f"../{PART}",
    f"data/../{PART}",
    f"./{PART}",
    f"/{PART}",
    f"{PART}/",
    f"{PART}\n",
    f"{PART}\0",
    f"data//{PART}",
    "data\\train-00000-of-00001.parquet",
    "C:data/train-00000-of-00001.parquet",
    "data/train-00000-of-٠٠٠٠١.parquet",
    "dаta/train-00000-of-00001.parquet",
    "data/.train-00000-of-00001.parquet",
    "data/conftest.py",
    "setup.py",
    "conftest.py",
    ".gitattributes",
    ".git/config",
    "/dev/zero",
    "manifests/screen/../../plan.json",
    "manifests/.git/a.record.json",
    "manifests/screen/.a.record.json",
    "manifests/screen/a.py",
    "README.md/x",
    "data/train-" + "0" * 5000 + "-of-00001.parquet",
    "x" * 1_000_000,
]


@pytest.mark.parametrize("forms", [PARTS, MANIFEST_FILES, DATASET_FILES, RUN_FILES], ids=lambda forms: forms.kind)
@pytest.mark.parametrize("name", FOREIGN, ids=lambda name: name[:20])
def test_a_name_that_leads_elsewhere_or_is_of_another_form_is_refused_in_a_sentence(forms, name):
    with pytest.raises(ForeignName, match=r"the list names .*, which is no") as error:
        check_name(name, forms, "the list")
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)


def test_every_file_that_is_written_has_a_form():
    for folder in CONFIG_FOLDERS.values():
        check_name(f"{folder}/test-00000-of-00012.parquet", PARTS, "it")
        assert f"dataset/{folder}" in DATASET_FOLDERS
    for name in ("files.json", "README.md", *PICTURES):
        check_name(name, DATASET_FILES, "it")
        check_name(f"dataset/{name}", RUN_FILES, "it")
    for stage, shard in (("ingest", "open.data_1-00000"), ("pairs", "band-00-000-of-001"), ("clusters", "all")):
        for name in files_of(stage, shard):
            check_name(name, RUN_FILES, "it")
    assert files_of("compose", "train-00000-of-00001")[2:4] == (f"dataset/{PART}", f"dataset/ichigo/{PART[5:]}")


def test_a_temporary_name_is_ours_only_for_a_file_and_in_a_folder_of_ours():
    token = "0123456789abcdef" * 2
    assert temporary_of("", temporary_name("plan.json", token)) == "plan.json"
    assert temporary_of("work/ingest", temporary_name("a.parquet", token)) == "work/ingest/a.parquet"
    for folder, name in (
        ("work/ingest", ".x.tmp"),
        ("work/ingest", ".a.parquet.12345678.tmp"),
        ("work/ingest", temporary_name("mine.csv", token)),
        ("work/ingest", temporary_name("a.parquet", token[:8])),
        (".git", temporary_name("plan.json", token)),
        ("", temporary_name("notes.txt", token)),
    ):
        assert temporary_of(folder, name) is None


def test_a_plan_a_record_and_a_list_that_name_other_files_are_not_taken():
    for stage in ("../..", ".git", "Ingest", "[red]x[/]", "a\x1b[2J"):
        with pytest.raises(ValidationError):
            RunPlan(name="x").with_stage(stage, ["a"])
    for shard in ("../a", "", "a/b", "a\0", ".a", "a" * 300):
        with pytest.raises(ValidationError):
            RunPlan(name="x").with_stage("ingest", [shard])
    for name in ("../../etc/passwd", "plan.json", "work/screen/b.parquet", "dataset/README.md"):
        file = {"name": name, "bytes": 1, "sha256": "0" * 64, "xxh3": "0" * 32}
        with pytest.raises(ValidationError, match="names"):
            Record(
                key=key("screen", "a"),
                rows_in=0,
                rows_out=0,
                counts=(),
                files=[file],
                parameters={},
                seconds=0,
                worker="",
                versions={},
            )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'"files"',
        b'{"files": {}}',
        b'{"files": 5}',
        b'{"files": [5]}',
        b'{"files": [null]}',
        b"[" * 100_000,
        b'{"files": ' + b"[" * 100_000,
        b'{"files": ' + b'{"a":' * 100_000,
        b"\xff\xfe",
        b'{"files": [{"name": 1e999}]}',
        b'{"files": [{"name": "data/train-00000-of-00001.parquet", "config": "default", "split": "train",'
        b' "rows": -1, "bytes": ' + b"9" * 5_000 + b', "sha256": ""}]}',
        b'{"files": [{"' + b"x" * 100_000 + b'": 1}]}',
    ],
    ids=range(14),
)
def test_a_list_that_is_none_is_told_in_one_short_sentence(content):
    # Whoever writes such a list can write its checksum, too.
    for given in (content, seal(content)):
        with pytest.raises(NotPublished, match=r"files\.json is not the list of a dataset's files: ") as error:
            read_list(given, "files.json")
        assert len(str(error.value)) < 600
        assert "\n" not in str(error.value)
