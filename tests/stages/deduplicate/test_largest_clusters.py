"""The largest clusters of duplicates are told with the row that stays, what it came before the others for, and some."""

import io
import json
import shutil

import polars as pl
import pytest

import sayso
from sayso.pipeline.api import NoSuchStage
from tests.faults.small_runs import run_here
from tests.runs import sayso_here

BIRDS = "How do birds find their way home in the long winter of the far north when it is dark"
LAKES = "What is the difference between a lake and a pond?"
ALONE = "Who painted the ceiling of the chapel in Rome?"
GOOD = "By the sun and by the stars, as far as anybody knows today."
CUT = f"{GOOD} {'And there is more to be said about this, as will be seen. ' * 5} It is"
LONG = "This is said in one sentence, and then in the next one again. " * 20
RECIPE = """
name: mine
sources:
- {name: first, paths: [first.jsonl], license: MIT}
- {name: second, paths: [second.jsonl], license: MIT}
screen: {filters: []}
deduplicate: {max_answer_seconds: 60}
"""
FIRST = [(BIRDS, GOOD), (BIRDS, GOOD), (BIRDS, CUT), (BIRDS, LONG), (f"{BIRDS} outside", GOOD), (ALONE, GOOD)]
SECOND = [(f"{BIRDS.lower()}!", GOOD), (f"{BIRDS} now", GOOD), (f"{BIRDS} now", GOOD), (LAKES, GOOD), (LAKES, GOOD)]


def write(path, rows):
    path.write_text("".join(json.dumps({"instruction": ask, "output": answer}) + "\n" for ask, answer in rows))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    write(folder / "first.jsonl", FIRST)
    write(folder / "second.jsonl", SECOND)
    (folder / "mine.yaml").write_text(RECIPE)
    run_here(folder / "mine.yaml", folder / "run", until="deduplicate")
    return folder / "run"


@pytest.fixture
def run(made):
    return sayso.open(made)


def test_the_largest_cluster_comes_first_with_all_that_is_in_it(run):
    gone = run.verdicts("deduplicate").filter(pl.col("reason").is_not_null()).collect()
    found = run.clusters()
    assert (found.of, found.rows_lost) == (2, gone.height)
    birds, lakes = found.clusters
    of_birds = gone.filter(pl.col("duplicates.of") == birds.stays.id)
    assert birds.rows == of_birds.height + 1
    assert (birds.exact, birds.near) == tuple(
        of_birds.filter(reason=f"{kind}_duplicate").height for kind in ("exact", "near")
    )
    assert sum(birds.sources.values()) == birds.rows
    assert birds.sources == {"first": 5, "second": 3}
    assert (lakes.rows, lakes.exact, lakes.near, lakes.sources) == (2, 1, 0, {"second": 2})


def test_the_row_that_stays_is_told_with_what_it_came_before_the_others_for(run):
    birds, lakes = run.clusters().clusters
    # Of three rows of the first source with a good answer one is drawn; the others of it are cut, or too long.
    assert birds.before == {"source": 3, "clean_answer": 1, "answer_length": 1, "draw": 2}
    assert birds.stays.source == "first"
    assert lakes.before == {"draw": 1}
    assert lakes.stays.prompt == LAKES


def test_of_those_that_fell_out_the_least_similar_are_shown_with_different_words(run):
    birds, lakes = run.clusters().clusters
    verdicts = {row["id"]: row for row in run.verdicts("deduplicate").collect().iter_rows(named=True)}
    for member in birds.fell_out:
        assert verdicts[member.id]["duplicates.of"] == birds.stays.id
        assert member.similarity == pytest.approx(verdicts[member.id]["duplicates.similarity"], abs=1e-4)
        assert member.prompt == run.explain(member.id).texts["prompt"]
    shown = [member.similarity for member in birds.fell_out]
    assert shown == sorted(shown)
    assert len({member.prompt.lower().strip("!") for member in birds.fell_out}) == len(shown)
    assert [(member.similarity, member.prompt) for member in lakes.fell_out] == [(1.0, LAKES)]


def test_so_many_are_given_as_are_asked_for(run):
    assert run.clusters(1).clusters == run.clusters().clusters[:1]
    assert run.clusters(1).of == 2


def test_the_command_gives_clusters_in_every_form(run, made, tmp_path):
    found = run.clusters()
    assert json.loads(sayso_here("clusters", made, "--json").stdout) == found.model_dump(mode="json")
    table = pl.read_csv(io.StringIO(sayso_here("clusters", made, "--csv").stdout))
    assert table["rows"].to_list() == [cluster.rows for cluster in found.clusters]
    assert json.loads(table["fell_out"][0]) == [member.model_dump() for member in found.clusters[0].fell_out]
    sayso_here("clusters", made, "-n", "1", "--parquet", tmp_path / "clusters.parquet")
    assert pl.read_parquet(tmp_path / "clusters.parquet")["before_by_source"].to_list() == [3]
    told = sayso_here("clusters", made).stdout
    largest = found.clusters[0]
    assert f"8 rows: {largest.exact} exact and {largest.near} near duplicates of one" in told
    for cluster in found.clusters:
        assert all(member.id in told for member in (cluster.stays, *cluster.fell_out))
    assert "3 by its source, which the recipe names first" in " ".join(told.split())
    assert told.rstrip().endswith(f"2 of 2 clusters; {found.rows_lost} rows fell out of them all")


def test_a_run_without_duplicates_and_one_that_is_not_so_far(tmp_path):
    write(tmp_path / "first.jsonl", [(ALONE, GOOD)])
    write(tmp_path / "second.jsonl", [(LAKES, GOOD)])
    (tmp_path / "mine.yaml").write_text(RECIPE)
    run_here(tmp_path / "mine.yaml", tmp_path / "run", until="screen")
    with pytest.raises(NoSuchStage):
        sayso.open(tmp_path / "run").clusters()
    run_here(tmp_path / "mine.yaml", tmp_path / "run", until="deduplicate")
    assert sayso.open(tmp_path / "run").clusters().model_dump() == {"of": 0, "rows_lost": 0, "clusters": ()}
    assert sayso_here("clusters", tmp_path / "run").stdout.strip() == "no row fell out as a duplicate"
    assert json.loads(sayso_here("clusters", tmp_path / "run", "--json").stdout)["clusters"] == []
    assert sayso_here("clusters", tmp_path / "run", "--csv").stdout.startswith("rows,exact,near,sources,id,")


def test_a_dataset_by_itself_has_the_same_clusters_without_prompts_and_without_the_ranks(run, made, tmp_path):
    shutil.copytree(made / "manifests", tmp_path / "pulled/manifests", ignore=lambda _, names: {"clusters"} & {*names})
    shutil.copy(made / "plan.json", tmp_path / "pulled")
    (tmp_path / "pulled/files.json").write_text("{}")
    for there, here in zip(run.clusters().clusters, sayso.open(tmp_path / "pulled").clusters().clusters, strict=True):
        assert (here.rows, here.exact, here.near, here.sources) == (there.rows, there.exact, there.near, there.sources)
        assert (here.before, here.stays) == ({}, there.stays.model_copy(update={"prompt": None}))
    assert "before" not in sayso_here("clusters", tmp_path / "pulled").stdout
