"""sayso from Python: what a run tells on its way, and what it answers afterwards, as frames and objects."""

import ast
import json
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

import sayso
from sayso.manifests.ledger import Ledger
from sayso.manifests.reading import DamagedShard
from sayso.manifests.run_plan import NotARun
from sayso.manifests.verdicts import VERDICT_SCHEMA
from sayso.pipeline.api import NoSuchStage
from sayso.pipeline.progress import Events
from sayso.pipeline.run import Run
from tests.faults.small_runs import WRITTEN, InThisProcess, recipe
from tests.runs import sayso_here

ROWS = 12


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A finished run of two sources, and the events that it told."""
    folder = tmp_path_factory.mktemp("made")
    loaded, events = sayso.load_recipe(recipe(folder, WRITTEN, ROWS)), []
    ledger = Ledger(str(folder / "run"))
    Run(loaded, loaded.folder, ledger, InThisProcess(), Events(events.append)).carry_out("publish")
    return folder / "run", events


@pytest.fixture
def run(made):
    return sayso.open(made[0])


def test_a_run_tells_each_stage_and_each_shard(made):
    _, events = made
    planned, *shards, finished = [event for event in events if getattr(event, "stage", "") == "ingest"]
    assert planned == sayso.StagePlanned("ingest", shards=2, done=0, rows=0)
    assert [(shard.shard, shard.rows_in) for shard in shards] == [("everyday-00000", ROWS), ("facts-00000", ROWS)]
    assert finished == sayso.StageFinished("ingest")
    assert events[-1] == sayso.StageFinished("publish")


def test_verdicts_are_a_lazy_frame_that_agrees_with_the_funnel(run):
    verdicts = run.verdicts("screen")
    assert isinstance(verdicts, pl.LazyFrame)
    assert verdicts.collect_schema().names()[: len(VERDICT_SCHEMA)] == list(VERDICT_SCHEMA)
    found = verdicts.collect()
    flow = next(flow for flow in run.funnel() if flow.stage == "screen")
    assert found.height == flow.rows_in
    assert found.filter(pl.col("verdict") == "kept").height == flow.rows_out
    assert found["id"].n_unique() == found.height


def test_a_query_gives_what_it_would_give_of_all_rows_together(run):
    every = run.rows("ingest").collect()
    assert every["source"].unique_counts().len() == 2
    asked = pl.col("source") == "facts"
    some = run.rows("ingest").filter(asked).select("prompt", "id")
    assert some.collect().equals(every.filter(asked).select("prompt", "id"))
    assert run.rows("ingest").head(ROWS + 3).collect().equals(every.head(ROWS + 3))
    assert run.rows("ingest").select(pl.len()).collect().item() == every.height


def test_a_row_is_explained_by_its_position(run):
    found = run.explain("facts.jsonl:1")
    assert [step.stage for step in found.steps][:2] == ["ingest", "screen"]
    assert found == run.explain(found.id)


def test_a_run_and_its_dataset_are_verified(run):
    assert run.status().published
    assert run.verify().problems == ()
    dataset = sayso.open(run.storage.path("dataset"))
    assert dataset.is_dataset
    assert (dataset.verify().rows_published, dataset.verify().problems) == (run.verify().rows_published, ())


def test_a_dataset_with_its_manifests_explains_rows_without_their_texts(run, tmp_path):
    made = Path(run.storage.root)
    shutil.copytree(made / "dataset", tmp_path / "pulled")
    shutil.copytree(made / "manifests", tmp_path / "pulled/manifests")
    shutil.copy(made / "plan.json", tmp_path / "pulled")
    there, here = run.explain("facts.jsonl:1"), sayso.open(tmp_path / "pulled").explain("facts.jsonl:1")
    assert (here.steps, here.texts) == (there.steps, {})
    assert sayso.open(tmp_path / "pulled").status().published
    with pytest.raises(NoSuchStage, match="the rows of stages are kept by the run that made it"):
        sayso.open(tmp_path / "pulled").rows("screen")
    published = sayso.open(tmp_path / "pulled").verdicts("compose").select("position").head(1).collect().item()
    assert run.explain(published).published.startswith(
        f"dataset/{sayso.open(tmp_path / 'pulled').explain(published).published}, row "
    )
    assert "its texts are kept by the run" in sayso_here("explain", tmp_path / "pulled", published).stdout


def test_the_command_line_gives_the_same_answers(run, made):
    said = json.loads(sayso_here("funnel", made[0], "--json").stdout)
    assert said == [flow.model_dump(mode="json") for flow in run.funnel()]
    said = json.loads(sayso_here("status", made[0], "--json").stdout)
    assert said == run.status().model_dump(mode="json")


def test_a_stage_that_is_not_in_the_run_is_named_beside_those_that_are(run):
    with pytest.raises(NoSuchStage, match=r"reading: the run has no such stage; it has ingest, screen, "):
        run.verdicts("reading")
    with pytest.raises(NoSuchStage, match=r"survey: no .* was recorded; ask for the stage's rows"):
        run.verdicts("survey")
    assert run.rows("survey").collect().height == 2
    with pytest.raises(NoSuchStage, match="there is no stage 'reading'; the stages are evaluations, survey"):
        sayso.run(sayso.load_recipe("demo"), to="nowhere", until="reading")
    assert not Path("nowhere").exists()


def test_a_folder_without_a_run_is_one_sentence(tmp_path):
    with pytest.raises(NotARun, match="holds no run; make one with") as error:
        sayso.open(tmp_path)
    assert isinstance(error.value, sayso.SaysoError)
    assert error.value.exit_code == sayso.ExitCode.NOT_FOUND


def test_a_flipped_byte_is_named_by_the_query_that_meets_it(tmp_path):
    loaded = sayso.load_recipe(recipe(tmp_path, WRITTEN, ROWS))
    Run(loaded, loaded.folder, Ledger(str(tmp_path / "run")), InThisProcess(), Events(lambda _: None)).carry_out(
        "ingest"
    )
    file = tmp_path / "run/work/ingest/facts-00000.parquet"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    rows = sayso.open(tmp_path / "run").rows("ingest")
    assert rows.head(3).collect().height == 3, "it lies in another shard"
    with pytest.raises(DamagedShard, match=r"facts-00000\.parquet of ingest/facts-00000 is not as its record says"):
        rows.collect()


def test_speech_has_a_gpu_where_a_model_is_on_one_and_the_recipe_does_not_say(tmp_path):
    assert sayso.load_recipe("demo").resources_of_run.speech.gpus == 0
    on_gpu = sayso.load_recipe("ichigo")
    assert on_gpu.resources.speech.gpus is None
    assert on_gpu.resources_of_run.speech.gpus == 1
    assert on_gpu.with_resources(speech={"gpus": 0.25}).resources_of_run.speech.gpus == 0.25


def test_a_recipe_knows_its_folder_and_can_be_changed(tmp_path):
    loaded = sayso.load_recipe(str(recipe(tmp_path, WRITTEN, ROWS)))
    assert loaded.folder == tmp_path.resolve()
    changed = loaded.with_limit(3).with_resources(workers=2, batch=None)
    assert [source.limit for source in changed.sources] == [3, 3]
    assert [changed.resources.text.workers, changed.resources.speech.workers] == [2, 2]
    assert changed.resources.batch == loaded.resources.batch
    assert changed.folder == loaded.folder
    speech = changed.with_resources(speech={"gpus": 0.5}).resources.speech
    assert (speech.gpus, speech.workers) == (0.5, 2)
    told = r"^resources: text\.workers: Input should be greater than 0 \(it is 0\)"
    with pytest.raises(sayso.SaysoError, match=told):
        loaded.with_resources(workers=0)
    with pytest.raises(sayso.SaysoError, match="did you mean 'batch'"):
        loaded.with_resources(batches=2)
    with pytest.raises(sayso.SaysoError, match="at least 1 row of each source"):
        loaded.with_limit(0)
    assert sayso.load_recipe("demo").name == "sayso-demo"


def test_type_checkers_see_what_the_package_offers():
    for_them = next(node for node in ast.parse(Path(sayso.__file__).read_text()).body if isinstance(node, ast.If)).body
    seen = {
        alias.asname: getattr(import_module(node.module), alias.name)
        for node in for_them
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {name: getattr(sayso, name) for name in sayso.__all__ if name != "__version__"}


def test_the_package_offers_what_it_lists_and_importing_it_imports_nothing():
    assert all(hasattr(sayso, name) for name in sayso.__all__)
    assert dir(sayso) == sorted(sayso.__all__)
    code = (
        "import sys, sayso; print([name for name in sys.modules if name.startswith('sayso')], 'polars' in sys.modules)"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout == "['sayso'] False\n"
