"""A finished run is asked about its rows: some of a reason, or anything by SQL, which can reach nothing else."""

import io
import json
import shutil

import polars as pl
import pytest

import sayso
from sayso.manifests.reports import query
from sayso.manifests.reports.examples import NoSuchRows, Wanted, WrongCondition
from sayso.manifests.reports.query import WrongQuestion
from sayso.pipeline.cli.console import Console
from sayso.pipeline.cli.tables import answer_table
from tests.faults.small_runs import WRITTEN, recipe, run_here
from tests.runs import sayso_here


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a finished run of two sources."""
    folder = tmp_path_factory.mktemp("made")
    run_here(recipe(folder, WRITTEN, 40), folder / "run")
    return folder / "run"


@pytest.fixture
def run(made):
    return sayso.open(made)


def lost(run, stage):
    return run.verdicts(stage).filter(pl.col("verdict") != "kept").collect()


def test_rows_of_a_reason_come_with_their_texts_and_values(run):
    expected = lost(run, "screen").filter(reason="lettered_choices")
    found = run.examples(Wanted(reason="lettered_choices"))
    assert (found.of, sorted(row.id for row in found.rows)) == (expected.height, sorted(expected["id"]))
    for row in found.rows:
        assert row.texts == run.explain(row.id).texts
        assert row.step == run.explain(row.id).steps[-1]
        assert row.step.values["speakable.lettered_choices"] is True


def test_where_nothing_is_said_they_are_of_all_that_fell_out(run):
    fell_out = sum(loss.rows for flow in run.funnel() for loss in flow.losses)
    found = run.examples(number=1_000)
    assert found.of == fell_out
    assert all(row.step.reason for row in found.rows)


def test_a_seed_draws_the_same_rows_and_another_seed_others(run):
    drawn = [[row.id for row in run.examples(Wanted(stage="screen"), 5, seed).rows] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("where", [None, "true"])
def test_every_row_has_its_chance(run, where):
    wanted = Wanted(filter="speakable", where=where)
    drawn = {row.id for seed in range(12) for row in run.examples(wanted, 4, seed).rows}
    assert len(drawn) > 0.8 * run.examples(wanted).of


def test_a_condition_speaks_of_what_was_measured(run):
    long = run.verdicts("screen").filter(pl.col("written_length.characters") > 80).collect()
    found = run.examples(Wanted(stage="screen", where='"written_length.characters" > 80'), 1_000)
    assert found.of == long.height
    assert {row.id for row in found.rows} <= {*long["id"]}


def test_of_duplicates_of_one_row_one_is_shown(tmp_path):
    question = {"instruction": "How do birds find their way home in winter?", "output": "By the sun, and by the stars."}
    (tmp_path / "rows.jsonl").write_text(f"{json.dumps(question)}\n" * 9)
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nsources:\n- {name: mine, paths: [rows.jsonl], license: MIT}\n")
    run_here(path, tmp_path / "run", until="deduplicate")
    found = sayso.open(tmp_path / "run").examples(Wanted(reason="exact_duplicate"))
    assert (found.of, len(found.rows)) == (8, 1)
    assert found.rows[0].texts["prompt"] == question["instruction"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(reason="refusl"), "one of reason refusl; did you mean 'refusal'?"),
        (Wanted(source="fact"), "did you mean 'facts'?"),
        (Wanted(stage="screeen"), "did you mean 'screen'?"),
        (Wanted(reason="refusal", source="nobody"), "known here: everyday, facts"),
    ],
)
def test_what_a_run_does_not_have_is_said_with_what_it_has(run, wanted, said):
    with pytest.raises(NoSuchRows) as error:
        run.examples(wanted)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ('"spoken_length.second" > 3', "did you mean 'spoken_length.seconds'?"),
        ("spoken_length.seconds > 3", 'stands in double quotes, as in "speech.wer" > 0.2'),
        ("select", "is no condition in SQL"),
        ("\"spoken_length.seconds\" > 'long'", "cannot be asked of screen"),
    ],
)
def test_a_wrong_condition_is_said_in_a_sentence(run, where, said):
    with pytest.raises(WrongCondition) as error:
        run.examples(Wanted(stage="screen", where=where))
    assert said in str(error.value)


def test_the_command_gives_rows_in_every_form(run, made, tmp_path):
    found = run.examples(Wanted(reason="lettered_choices"), 2)
    asked = ("rows", made, "--reason", "lettered_choices", "-n", "2")
    assert json.loads(sayso_here(*asked, "--json").stdout) == found.model_dump(mode="json")
    assert pl.read_csv(io.StringIO(sayso_here(*asked, "--csv").stdout))["id"].to_list() == [
        row.id for row in found.rows
    ]
    sayso_here(*asked, "--parquet", tmp_path / "rows.parquet")
    assert pl.read_parquet(tmp_path / "rows.parquet").equals(found.table())
    for_people = sayso_here(*asked).stdout
    assert all(row.id in for_people for row in found.rows)
    assert "--json, --csv and --parquet go against each other" in sayso_here(*asked, "--json", "--csv", code=2).stderr


def test_sql_asks_verdicts_rows_records_counts_and_the_dataset(run):
    counted = run.query(
        "SELECT stage, reason, count(*)::INT AS rows FROM verdicts WHERE reason IS NOT NULL GROUP BY ALL"
    )
    losses = {(flow.stage, loss.reason, loss.rows) for flow in run.funnel() for loss in flow.losses}
    assert {*counted.iter_rows()} == losses
    by_records = run.query("SELECT stage, reason, sum(rows)::INT FROM counts WHERE reason IS NOT NULL GROUP BY ALL")
    assert {*by_records.iter_rows()} == losses
    assert run.query("SELECT count(*) FROM dataset").item() == run.verify().rows_published
    assert run.query("SELECT prompt FROM rows WHERE stage = 'ingest' AND prompt IS NULL").is_empty()
    done = run.query("SELECT stage, sum(rows_out)::INT FROM records GROUP BY stage")
    assert {*done.iter_rows()} >= {(flow.stage, flow.rows_out) for flow in run.funnel()}


def test_a_dataset_by_itself_is_asked_without_the_rows_of_stages(run, tmp_path):
    shutil.copytree(run.storage.path("dataset"), tmp_path / "pulled")
    alone = sayso.open(tmp_path / "pulled")
    assert [view.view for view in alone.views()] == ["records", "counts", "dataset"]
    assert alone.query("SELECT count(*) FROM dataset").item() == run.verify().rows_published


@pytest.mark.parametrize(
    "hostile",
    [
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT content FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM parquet_metadata('/etc/passwd')",
        "SELECT * FROM read_parquet('s3://bucket/file.parquet')",
        "SELECT * FROM duckdb_secrets()",
        "SELECT getenv('HOME')",
        "SELECT * FROM query('COPY verdicts TO ''stolen.csv''')",
        "COPY verdicts TO 'stolen.csv'",
        "COPY (SELECT 1) TO 'stolen.parquet'",
        "EXPORT DATABASE 'stolen'",
        "ATTACH 'stolen.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA enable_profiling",
        "CALL pragma_version()",
        "DROP VIEW verdicts",
        "CREATE TABLE mine AS SELECT 1",
        "DELETE FROM verdicts",
        "SELECT 1; DROP VIEW verdicts",
        "SELECT * FROM a_variable_of_this_test",
        "",
    ],
)
def test_a_question_reads_and_changes_nothing_but_the_run(run, hostile, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    a_variable_of_this_test = pl.DataFrame({"secret": [1]})
    with pytest.raises(WrongQuestion):
        run.query(hostile)
    assert [*tmp_path.iterdir()] == []
    assert a_variable_of_this_test.height == 1


def test_a_question_that_takes_too_much_memory_ends_with_a_sentence(run, monkeypatch):
    monkeypatch.setitem(query.SETTINGS, "memory_limit", "'20MB'")
    with pytest.raises(WrongQuestion, match="Out of Memory"):
        run.query("SELECT x, repeat('a', 1000) FROM range(200000) t(x) ORDER BY hash(x)")


def test_what_is_asked_in_vain_names_the_way_to_the_columns(made):
    told = sayso_here("query", made, "SELECT nothing FROM verdicts", code=2).stderr
    assert told.startswith("error: ")
    assert told.rstrip().endswith("--describe lists the views and their columns")


def test_the_answer_of_a_query_comes_in_every_form(made, tmp_path):
    asked = (
        "query",
        made,
        "SELECT stage, max(rows_in) AS most, list(shard) AS shards FROM records GROUP BY ALL ORDER BY 1",
    )
    rows = json.loads(sayso_here(*asked, "--json").stdout)
    from_csv = pl.read_csv(io.StringIO(sayso_here(*asked, "--csv").stdout))
    assert from_csv.select("stage", "most").to_dicts() == [{"stage": row["stage"], "most": row["most"]} for row in rows]
    assert [json.loads(shards) for shards in from_csv["shards"]] == [row["shards"] for row in rows]
    sayso_here(*asked, "--parquet", tmp_path / "answer.parquet")
    assert pl.read_parquet(tmp_path / "answer.parquet").to_dicts() == rows
    assert "ingest" in sayso_here(*asked).stdout


def test_views_are_described(made):
    views = json.loads(sayso_here("query", made, "--describe", "--json").stdout)
    assert [view["view"] for view in views] == ["verdicts", "rows", "records", "counts", "dataset"]
    assert views[0]["columns"]["language.confidence"] == "FLOAT"
    assert "language.confidence FLOAT" in " ".join(sayso_here("query", made, "--describe").stdout.split())
    assert "give either a SELECT or --describe" in sayso_here("query", made, code=2).stderr


def test_of_a_long_answer_people_see_the_beginning_and_how_much_more_there_is():
    file = io.StringIO()
    Console(file=file, width=80).print(answer_table(pl.DataFrame({"n": range(1_000)}), 200))
    assert file.getvalue().splitlines()[-1].strip() == "800 rows more: --csv, --json and --parquet have all"
