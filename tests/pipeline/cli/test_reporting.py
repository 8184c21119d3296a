"""What a command tells on its way: as much as is asked for on the terminal, all of it in a log file."""

import re

import pytest
import typer
from typer.testing import CliRunner

from sayso.manifests.filesystems import StorageError
from sayso.manifests.ledger import Ledger
from sayso.manifests.run_plan import RunPlan
from sayso.pipeline.cli import app
from sayso.pipeline.cli.errors import clear_errors
from sayso.pipeline.cli.progress import RunBars, bytes_read
from sayso.pipeline.cli.reporting import LOG, Reporting
from sayso.pipeline.cost import Cost, ShardsToDo
from sayso.pipeline.progress import CostKnown, ShardDone, StageFinished, StagePlanned, Warned
from tests.manifests.conftest import IDS, key, outcome, rows
from tests.pipeline.cli.test_console import ESCAPES, steers

EVENTS = (
    StagePlanned("screen", shards=3, done=1, rows=10),
    ShardDone("screen", "facts-00001", rows_in=10, rows_out=7, seconds=1.25),
    Warned("damaged", "work/screen/a.parquet is missing; it is made anew"),
    ShardDone("screen", "facts-00002", rows_in=5, rows_out=5, seconds=0.5),
    StageFinished("screen"),
)
STAGE = re.compile(r"screen: 25 rows in 3 shards, 10 of them done before [\d,.]+ rows/s")
DAMAGED = "damaged: work/screen/a.parquet is missing; it is made anew"
SHARDS = ["screen/facts-00001: 7 of 10 rows in 1.2 s", "screen/facts-00002: 5 of 5 rows in 0.5 s"]
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug|info|warning|damaged|waiting|error|stopped) .*")


def told(reporting, capsys):
    with reporting, RunBars(reporting) as bars:
        for event in EVENTS:
            bars(event)
    return capsys.readouterr().err.splitlines()


def test_by_default_a_finished_stage_and_a_warning_are_a_line_each(capsys):
    warning, stage = told(Reporting(), capsys)
    assert warning == DAMAGED
    assert STAGE.fullmatch(stage)


def test_what_is_done_again_is_told_with_its_reason_and_what_may_follow_in_one_line(capsys):
    screen = ShardsToDo(stage="screen", shards=2, why=("recipe",), follows_from=None, rows=90, seconds=1.5)
    behind = [
        ShardsToDo(stage=stage, shards=shards, why=(), follows_from="screen", rows=80, seconds=20)
        for stage, shards in (("sample", 1), ("synthesize", 40))
    ]
    cost = Cost(finished=3, kept_speech=0, to_do=(screen, *behind), not_planned=())
    with Reporting(quiet=True) as reporting, RunBars(reporting) as bars:
        bars(CostKnown(cost))
    assert capsys.readouterr().err.splitlines() == [
        "again: screen: 2 shards of 90 rows, 1.5 s (recipe: other parameters or models)",
        "again: if screen makes other rows: shards of sample 1, synthesize 40 (other texts only); 40.0 s",
    ]


def test_a_quiet_command_tells_warnings_only(capsys):
    assert told(Reporting(quiet=True), capsys) == [DAMAGED]


def test_a_verbose_command_tells_each_shard_with_its_seconds(capsys):
    assert told(Reporting(verbose=True), capsys)[:3] == [SHARDS[0], DAMAGED, SHARDS[1]]


def test_a_log_file_has_all_of_it_with_the_time_and_is_added_to(tmp_path, capsys):
    log = tmp_path / "sayso.log"
    for _ in range(2):
        told(Reporting(quiet=True, log_file=log), capsys)
    lines = log.read_text().splitlines()
    assert len(lines) == 8
    assert all(LINE.fullmatch(line) for line in lines)
    facts = [line.split(" ", 1)[1] for line in lines[:4]]
    assert facts[:3] == [f"debug {SHARDS[0]}", DAMAGED.replace(":", "", 1), f"debug {SHARDS[1]}"]
    assert STAGE.fullmatch(facts[3].removeprefix("info "))


def test_nothing_in_a_log_file_or_on_a_terminal_steers_either(tmp_path, capsys):
    log = tmp_path / "sayso.log"
    with Reporting(log_file=log):
        LOG.warning(f"[bold]{ESCAPES}\nerror all is lost", extra={"kind": "waiting"})
    written = log.read_text()
    assert steers(written) == []
    assert [line.split(" ")[1] for line in written.splitlines()] == ["waiting", "waiting"], "no line but with its head"
    printed = capsys.readouterr().err
    assert steers(printed) == []
    assert "waiting:[bold]\\x1b[2J" in "".join(printed.split())


@pytest.mark.parametrize(("error", "traced"), [(StorageError("the disk is full"), False), (KeyError("prompt"), True)])
def test_a_log_file_has_the_error_and_of_an_unexpected_one_where_it_came_from(error, traced, tmp_path, capsys):
    log = tmp_path / "sayso.log"
    with pytest.raises(typer.Exit), clear_errors(False, Reporting(log_file=log)):
        raise error
    first, *trace = log.read_text().splitlines()
    assert first.endswith(f"Z error {error}")
    assert bool(trace) == traced
    if traced:
        assert trace[0] == "  Traceback (most recent call last):"
        assert trace[-1] == "  KeyError: 'prompt'"


def test_what_was_read_is_told_when_it_is_done(capsys):
    with Reporting(verbose=True) as reporting, bytes_read("verify", reporting) as bar:
        bar.advance(1_000)
        bar.advance(234)
    assert re.fullmatch(r"verify: 1,234 bytes read in \d\.\d s\n", capsys.readouterr().err)


def call(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def run_folder(tmp_path):
    ledger = Ledger(str(tmp_path / "run"))
    ledger.commit(key("screen", "a"), outcome(rows([IDS[0]]), [(IDS[0], None)]), 1, {}, 0, {})
    ledger.write_plan(RunPlan(name="mine").with_stage("screen", ["a"]))
    return tmp_path / "run"


def test_a_command_takes_the_options_and_gives_its_answer(run_folder, tmp_path):
    log = tmp_path / "sayso.log"
    asked = call("verify", run_folder, "--quiet", "--log-file", log)
    assert (asked.exit_code, asked.stderr) == (0, "")
    assert "all as recorded" in asked.stdout
    assert " debug verify: " in log.read_text()
    assert "bytes read" in call("verify", run_folder, "-v").stderr


def test_quiet_and_verbose_go_against_each_other(run_folder):
    asked = call("verify", run_folder, "-q", "-v")
    assert asked.exit_code == 2
    assert "go against each other" in " ".join(asked.output.split())


def test_a_log_file_that_cannot_be_is_one_sentence(run_folder, tmp_path):
    asked = call("verify", run_folder, "--log-file", tmp_path / "nowhere" / "sayso.log")
    assert asked.exit_code == 1
    assert "sayso.log cannot be used: No such file or directory" in asked.stderr


def test_a_log_file_on_a_full_disk_stops_no_command(run_folder):
    asked = call("verify", run_folder, "--log-file", "/dev/full")
    assert asked.exit_code == 0
    assert asked.stderr == "warning: /dev/full cannot be written any more; what is told from here on is not in it\n"
