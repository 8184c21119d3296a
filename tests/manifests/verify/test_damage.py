"""Whatever happens to a file of a run or of a dataset: the file is named, whichever it is."""

import io
import shutil

import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from xxhash import xxh3_64_hexdigest

from sayso.manifests.ledger import Ledger
from sayso.manifests.pieces import piece_hashes
from sayso.manifests.reading import DamagedShard
from sayso.manifests.reports.explanation import explain
from sayso.manifests.sealing import seal
from sayso.manifests.storage import Storage
from sayso.manifests.verdicts import VERDICT_SCHEMA, Outcome
from sayso.manifests.verify.run import verify, verify_published
from tests.manifests.conftest import key
from tests.published_dataset import published
from tests.published_run import published_run
from tests.sealed_json import changed

FAULTS = {
    "first byte": lambda content: flipped(content, 0),
    "a third in": lambda content: flipped(content, len(content) // 3),
    "last byte": lambda content: flipped(content, len(content) - 1),
    "cut in half": lambda content: content[: len(content) // 2],
    "shorter by one": lambda content: content[:-1],
    "emptied": lambda content: b"",
    "longer by one": lambda content: content + b"\n",
}


def flipped(content, place):
    return content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]


def files_below(folder):
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def named(problems):
    return {problem.where for problem in problems}


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """A finished run: a table, a stage, what was composed of it in both configs, and the dataset."""
    ledger = published_run(tmp_path_factory.mktemp("whole") / "run", train=(2,), test=())
    plan = ledger.plan()
    shards = plan.shards_of("compose")
    judged = ledger.verdicts("compose", shards)
    kept = judged.select("id", "source", "position")
    ledger.commit_table(key("survey", "web-00000"), kept, {}, 0.5)
    ledger.commit(key("ingest", "web-00000"), Outcome(kept, judged), judged.height, {}, 0.5, {})
    plan = plan.without_stage("compose").with_table("survey", ["web-00000"])
    ledger.write_plan(plan.with_stage("ingest", ["web-00000"]).with_stage("compose", shards))
    return ledger


@pytest.fixture
def run(whole_run, tmp_path):
    shutil.copytree(whole_run.storage.root, tmp_path / "run")
    return tmp_path / "run"


def test_a_whole_run_has_no_problems_and_files_of_every_kind(run):
    assert verify(Ledger(str(run))).problems == ()
    assert files_below(run) == [
        "dataset/README.md",
        "dataset/data/train-00000-of-00001.parquet",
        "dataset/files.json",
        "dataset/funnel.svg",
        "dataset/ichigo/train-00000-of-00001.parquet",
        "manifests/compose/train-00000-of-00001.record.json",
        "manifests/compose/train-00000-of-00001.verdicts.parquet",
        "manifests/ingest/web-00000.record.json",
        "manifests/ingest/web-00000.verdicts.parquet",
        "manifests/survey/web-00000.record.json",
        "plan.json",
        "work/compose/train-00000-of-00001.parquet",
        "work/ingest/web-00000.parquet",
        "work/survey/web-00000.parquet",
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_file_of_a_run_is_named_whichever_it_is(run, fault):
    for name in files_below(run):
        whole = (run / name).read_bytes()
        (run / name).write_bytes(FAULTS[fault](whole))
        assert name in named(verify(Ledger(str(run))).problems), name
        (run / name).write_bytes(whole)


def test_a_file_of_a_run_that_is_gone_is_named_whichever_it_is(run):
    for name in files_below(run):
        (run / name).rename(run / "away")
        assert name in named(verify(Ledger(str(run))).problems), name
        (run / "away").rename(run / name)


@pytest.mark.parametrize(
    "name",
    [
        "work/notes.txt",
        "work/ingest/web-00001.parquet",
        "work/mine/a.parquet",
        "manifests/ingest/web-00001.record.json",
        "manifests/survey/web-00000.verdicts.parquet",
        "dataset/notes.txt",
        "dataset/data/train-00001-of-00002.parquet",
        "dataset/ichigo/.hidden",
    ],
)
def test_a_file_that_is_no_part_of_a_run_is_named(run, name):
    (run / name).parent.mkdir(exist_ok=True)
    (run / name).write_bytes(b"mine")
    (problem,) = verify(Ledger(str(run))).problems
    assert problem.where == name
    assert "is no part of this" in problem.what


def test_what_a_run_keeps_for_going_further_is_a_part_of_it(run):
    ledger = Ledger(str(run))
    ledger.write_plan(ledger.plan().up_to(["ingest"]))
    assert verify(ledger).problems == ()
    (run / "manifests/compose/train-00000-of-00001.record.json").unlink()
    assert named(verify(ledger).problems) == {
        "work/compose/train-00000-of-00001.parquet",
        "manifests/compose/train-00000-of-00001.verdicts.parquet",
    }


def test_notes_beside_the_folders_of_a_run_are_let_be(run):
    (run / "notes.txt").write_text("mine")
    assert verify(Ledger(str(run))).problems == ()


def test_a_link_in_the_place_of_a_file_is_named_and_not_followed(run, tmp_path):
    for name in ("work/ingest/web-00000.parquet", "dataset/README.md", "manifests/ingest/web-00000.record.json"):
        (run / name).rename(tmp_path / "away")
        (run / name).symlink_to(tmp_path / "away")
        assert name in named(verify(Ledger(str(run))).problems), name
        (run / name).unlink()
        (tmp_path / "away").rename(run / name)


@pytest.fixture
def dataset(tmp_path):
    published(tmp_path / "dataset")
    return tmp_path / "dataset"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_file_of_a_dataset_is_named_whichever_it_is(dataset, fault):
    for name in files_below(dataset):
        whole = (dataset / name).read_bytes()
        (dataset / name).write_bytes(FAULTS[fault](whole))
        assert name in named(verify_published(Storage(str(dataset))).problems), name
        (dataset / name).write_bytes(whole)


def test_a_file_of_a_dataset_that_is_gone_or_too_much_is_named(dataset):
    for name in files_below(dataset):
        (dataset / name).rename(dataset.parent / "away")
        assert name in named(verify_published(Storage(str(dataset))).problems), name
        (dataset.parent / "away").rename(dataset / name)
    for name in ("notes.txt", "data/train-00002-of-00003.parquet", "manifests/screen/a.record.json"):
        (dataset / name).parent.mkdir(parents=True, exist_ok=True)
        (dataset / name).write_bytes(b"mine")
        assert {name, "plan.json"} & named(verify_published(Storage(str(dataset))).problems), name
        (dataset / name).unlink()


def test_what_git_and_the_hub_put_beside_a_dataset_is_let_be(dataset):
    for name in (".gitattributes", ".git/config", ".cache/huggingface/download/README.md.metadata"):
        (dataset / name).parent.mkdir(parents=True, exist_ok=True)
        (dataset / name).write_bytes(b"theirs")
    assert verify_published(Storage(str(dataset))).problems == ()


def test_a_link_in_the_place_of_the_dataset_is_named_and_not_followed(run, tmp_path):
    (run / "dataset").rename(tmp_path / "elsewhere")
    (run / "dataset").symlink_to(tmp_path / "elsewhere")
    (problem,) = verify(Ledger(str(run))).problems
    assert problem.where == "dataset/files.json"
    assert f"{run / 'dataset'} is no folder of ours" in problem.what


def test_a_damaged_file_that_is_kept_for_going_further_is_named(run):
    ledger = Ledger(str(run))
    ledger.write_plan(ledger.plan().up_to(["ingest"]))
    for folder in ("work/compose", "manifests/compose", "dataset/data"):
        path = next((run / folder).glob("*.parquet"))
        whole = path.read_bytes()
        path.write_bytes(flipped(whole, 99))
        assert named(verify(ledger).problems) == {str(path.relative_to(run))}
        path.write_bytes(whole)


FOREIGN_VERDICTS = {
    "no columns of ours": lambda verdicts: pl.DataFrame({"a": [1]}),
    "other types": lambda verdicts: verdicts.with_columns(reason=pl.lit([1])),
    "nothing decided": lambda verdicts: verdicts.with_columns(verdict=pl.lit(None, dtype=pl.String)),
}


@pytest.mark.parametrize("kind", FOREIGN_VERDICTS)
def test_a_table_that_was_made_wrong_is_named_though_its_record_is_right(run, kind):
    ledger = Ledger(str(run))
    row = ledger.verdicts("ingest", ["web-00000"])["id"][0]
    record = ledger.read_record("ingest", "web-00000")
    name = record.files[1].name
    written = ledger.storage.write_table(name, FOREIGN_VERDICTS[kind](ledger.verdicts("ingest", ["web-00000"])), 9)
    of_it = changed(
        (run / record.key.record_name).read_bytes(), lambda fields: fields["files"].__setitem__(1, written.model_dump())
    )
    (run / record.key.record_name).write_bytes(of_it)
    assert named(verify(ledger).problems) == {name}
    with pytest.raises(DamagedShard, match=rf"{name} of ingest/web-00000"):
        explain(ledger, row)


@pytest.mark.parametrize("bad", ["footer", "very many rows"])
def test_verdicts_that_were_made_wrong_from_the_start_are_named_and_take_no_memory(run, bad, monkeypatch):
    """As somebody could publish them: the record is right about the bytes."""
    monkeypatch.setattr("sayso.manifests.row_groups.MOST_GROUP_BYTES", 10_000_000)
    footer = b"PAR1" + b"\xff" * 64 + (64).to_bytes(4, "little") + b"PAR1"
    content = footer if bad == "footer" else many_verdicts(100_000)
    ledger = Ledger(str(run))
    (shard,) = ledger.plan().shards_of("ingest")
    record = ledger.find_record("ingest", shard)
    name = record.key.verdicts_name
    file = ledger.storage.write(name, content)
    pieces = piece_hashes(content) if bad != "footer" else xxh3_64_hexdigest(content[4:]) + xxh3_64_hexdigest(b"PAR1")
    files = [record.rows_file, file.model_copy(update={"pieces": pieces})]
    remade = record.model_copy(update={"files": tuple(files)})
    ledger.storage.write(record.key.record_name, seal(remade.model_dump_json(indent=1).encode()))
    found = {problem.where: problem.what for problem in verify(ledger).problems}
    assert found[name].startswith("cannot be read as such a table")
    with pytest.raises(DamagedShard, match="cannot be read as such a table"):
        explain(ledger, "0" * 32)


def many_verdicts(rows):
    """So many rows without a value in any column of verdicts, in a few kilobytes."""
    buffer = io.BytesIO()
    nulls = pa.table({name: pa.nulls(rows, pa.string()) for name in VERDICT_SCHEMA})
    pyarrow.parquet.write_table(nulls, buffer, compression="zstd")
    return buffer.getvalue()
