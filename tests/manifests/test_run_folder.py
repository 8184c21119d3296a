"""A run works in an empty folder or in its own, and takes away only what it has made."""

from pathlib import Path

import pytest

from sayso.manifests.ledger import Ledger
from sayso.manifests.names import temporary_name
from sayso.manifests.run_folder import ForeignFolder, clear_for_run, remove_unpublished
from sayso.manifests.run_plan import RunPlan, StagePlan
from sayso.manifests.storage import Storage
from sayso.pipeline.recipe import find_recipe, load_recipe
from sayso.pipeline.run import Run
from tests.manifests.conftest import IDS, key, outcome, rows
from tests.published_run import published_run

TOKEN = "0123456789abcdef" * 2


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def written(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")
    return files(folder)


@pytest.mark.parametrize(
    "names",
    [
        ("notes.txt",),
        (".git/.x.tmp", "README.md"),
        ("work/ingest/mine.csv",),
        ("manifests/ingest/a.record.json", "work/ingest/a.parquet"),
        ("plan.json",),
        ("dataset/README.md",),
    ],
)
def test_a_folder_that_holds_something_and_no_run_is_refused_in_a_sentence(tmp_path, names):
    before = written(tmp_path, *names)
    with pytest.raises(
        ForeignFolder, match=r"is not empty and holds no run: .* is there.*; choose an empty folder"
    ) as error:
        clear_for_run(Ledger(str(tmp_path)))
    assert names[0].partition("/")[0] in str(error.value)
    assert "\n" not in str(error.value)
    assert "run the recipe" not in str(error.value)
    assert files(tmp_path) == before


def test_a_dataset_by_itself_is_no_place_for_a_run(tmp_path):
    root = published_run(tmp_path / "run").storage.path("dataset")
    with pytest.raises(ForeignFolder, match="holds a dataset by itself; choose another folder"):
        clear_for_run(Ledger(root))


def test_a_place_in_an_object_store_that_holds_something_else_is_refused(monkeypatch):
    storage = Storage("memory://bucket/mine")
    storage.write("letters/a.txt", b"mine")
    with pytest.raises(ForeignFolder, match="memory://bucket/mine is not empty and holds no run: letters is there"):
        clear_for_run(Ledger("memory://bucket/mine"))
    clear_for_run(Ledger("memory://bucket/other"))
    storage.remove("letters/a.txt")


def test_an_empty_folder_or_one_that_was_left_before_the_first_plan_is_taken(tmp_path):
    clear_for_run(Ledger(str(tmp_path / "new")))
    written(tmp_path, temporary_name("plan.json", TOKEN))
    clear_for_run(Ledger(str(tmp_path)))
    assert files(tmp_path) == {}


def test_only_what_a_killed_run_left_half_done_is_removed(ledger):
    folder = Path(ledger.storage.root)
    ledger.write_plan(ledger.plan().with_stage("screen", ["facts-00000", "facts-00001"]))
    whole = set(files(folder))
    mine = (
        ".x.tmp",
        ".git/.x.tmp",
        f".git/{temporary_name('plan.json', TOKEN)}",
        "work/.x.tmp",
        "work/screen/.facts-00000.parquet.12345678.tmp",
        "work/screen/mine.csv",
        "work/screen/facts-00009.parquet",
        "manifests/screen/facts-00009.record.json",
        "notes/plan.json",
        f"work/screen/{temporary_name('mine.csv', TOKEN)}",
    )
    half = (
        "work/screen/facts-00001.parquet",
        "manifests/screen/facts-00001.verdicts.parquet",
        temporary_name("plan.json", TOKEN),
        f"work/screen/{temporary_name('facts-00001.parquet', TOKEN)}",
        f"manifests/ingest/{temporary_name('facts-00000.record.json', TOKEN)}",
        f"dataset/data/{temporary_name('train-00000-of-00001.parquet', TOKEN)}",
    )
    written(folder, *mine, *half)
    clear_for_run(ledger)
    assert set(files(folder)) == {*whole, *mine}
    ledger.keep_only(StagePlan(stage="screen", shards=()))
    assert set(files(folder)) == {*mine, *(name for name in whole if "/screen/" not in name)}


def test_a_link_where_a_leftover_would_be_is_let_be(ledger, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    link = Path(ledger.storage.path(f"work/screen/{temporary_name('facts-00000.parquet', TOKEN)}"))
    link.symlink_to(precious)
    clear_for_run(ledger)
    assert link.is_symlink()
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("damage", ["", "{", "[[[["])
def test_a_run_whose_plan_is_damaged_or_gone_goes_on(ledger, damage):
    ledger.storage.remove("plan.json")
    if damage:
        ledger.storage.write("plan.json", damage.encode())
    clear_for_run(ledger)
    assert ledger.find_record("screen", "facts-00000") is not None


def test_a_file_in_the_way_of_the_dataset_is_named_and_stays(ledger, tmp_path):
    for name in ("dataset/README.md", "dataset/data/train-00000-of-00001.parquet", "dataset/files.json"):
        ledger.storage.write(name, b"mine")
        with pytest.raises(ForeignFolder, match=rf"{name} is no file that this run has recorded, .* move it away"):
            clear_for_run(ledger)
        assert ledger.storage.read(name) == b"mine"
        ledger.storage.remove(name)
    ledger.storage.write("dataset/notes.txt", b"mine")
    clear_for_run(ledger)


def test_the_dataset_that_the_run_has_made_is_no_hindrance(tmp_path):
    ledger = published_run(tmp_path / "run")
    before = files(tmp_path)
    clear_for_run(ledger)
    assert files(tmp_path) == before
    ledger.storage.remove("plan.json")
    clear_for_run(ledger)
    ledger.storage.write("dataset/data/train-00007-of-00008.parquet", b"mine")
    with pytest.raises(ForeignFolder, match="train-00007-of-00008"):
        clear_for_run(ledger)


def test_shards_of_an_earlier_cut_go_with_what_they_published(tmp_path):
    ledger = published_run(tmp_path / "run")
    ledger.keep_only(StagePlan(stage="compose", shards=("train-00000-of-00003",)))
    assert ledger.storage.names("dataset/data") == ["train-00000-of-00003.parquet"]
    assert ledger.storage.names("dataset/ichigo") == ["train-00000-of-00003.parquet"]


def test_files_that_another_choice_of_configs_has_left_go_before_the_list_is_written(tmp_path):
    ledger = published_run(tmp_path / "run")
    ledger.storage.write("dataset/ichigo/notes.txt", b"mine")
    kept = [f"dataset/data/{name}" for name in ledger.storage.names("dataset/data")]
    remove_unpublished(ledger, ledger.plan(), kept)
    assert ledger.storage.names("dataset/ichigo") == ["notes.txt"]
    assert len(ledger.storage.names("dataset/data")) == 4


def test_a_run_into_a_folder_of_somebody_elses_touches_nothing(tmp_path):
    before = written(tmp_path, "work/ingest/mine.csv", ".git/.x.tmp")
    run = Run(load_recipe(find_recipe("demo")), tmp_path, Ledger(str(tmp_path)), engine=None, progress=None)
    with pytest.raises(ForeignFolder, match="is not empty and holds no run"):
        run.carry_out("publish")
    assert files(tmp_path) == before


def test_a_plan_without_stages_takes_nothing_away(ledger):
    ledger.write_plan(RunPlan(name="tiny"))
    moved = outcome(rows([IDS[0]]), [(IDS[0], None)])
    ledger.commit(key("mix", "00000"), moved, 1, {}, 0, {})
    clear_for_run(ledger)
    assert ledger.find_record("mix", "00000") is not None
