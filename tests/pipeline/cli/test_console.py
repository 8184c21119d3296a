"""Nothing that is printed steers the terminal, wherever its text comes from."""

import ast
import io
import json
from pathlib import Path

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

import sayso.pipeline.cli
from sayso.manifests.filesystems import StorageError
from sayso.manifests.ledger import Ledger
from sayso.manifests.run_plan import RunPlan
from sayso.manifests.verify.dataset import Problem
from sayso.manifests.verify.run import Verification
from sayso.pipeline.cli import app
from sayso.pipeline.cli.console import Console, to_csv, to_json, visible
from sayso.pipeline.cli.errors import clear_errors
from sayso.pipeline.cli.tables import three_rows
from sayso.pipeline.cli.verify import show_verification
from sayso.pipeline.doctor import Finding
from tests.manifests.conftest import IDS, key, outcome, rows

# Clears the screen, sets the title, moves up, links; a control of the second set; writing turned around; a line's end.
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x1b[A\x1b]8;;http://x\x1b\\\x9b31m\x85\x7f\u202eabc\u2066\u2028\u200f\ufeff"
STEERING = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u202a\u202e\u2066\u2069\u200e\u200f\u2028\ufeff"} - {
    "\n"
}


def steers(text):
    return [character for character in text if character in STEERING]


def printed(show):
    """What is sent to a terminal, without the sequences by which rich gives colours."""
    file = io.StringIO()
    console = Console(file=file, width=200, color_system=None, force_terminal=False)
    show(console)
    return file.getvalue()


def test_what_would_steer_a_terminal_is_written_out():
    assert visible("a\x1b[31m\u202eb\x9b\n") == "a\\x1b[31m\\u202eb\\x9b\n"
    assert visible("Zażółć 👩‍👩‍👧 שלום 漢字") == "Zażółć 👩‍👩‍👧 שלום 漢字"
    assert visible("half \ud800") == "half \\ud800"


@pytest.mark.parametrize("text", [ESCAPES, ESCAPES * 20, f"[bold]{ESCAPES}[/bold]", "".join(sorted(STEERING))])
def test_every_way_to_print_shows_it(text):
    row = {"spoken": text, "sound_tokens": [1], "duration": 1.0, "transcript": text, "wer": 0.0, "answer": text}
    found = Verification(
        shards=1, files=1, rows_accounted=1, rows_published=1, problems=(Problem(where=text, what=text),)
    )
    for show in (
        lambda console: console.print(text, markup=False),
        lambda console: console.print(text, markup=False, soft_wrap=True),
        lambda console: three_rows([row], console),
        lambda console: show_verification(found, console),
    ):
        shown = printed(show)
        assert steers(shown) == []
        assert "\\x1b" in "".join(shown.split())


def test_json_says_the_same_and_steers_nothing():
    shown = to_json({"text": ESCAPES + "é👩‍👩‍👧", "more": [ESCAPES]})
    assert steers(shown) == []
    assert json.loads(shown) == {"text": ESCAPES + "é👩‍👩‍👧", "more": [ESCAPES]}
    assert "é" in shown


@pytest.mark.parametrize("kind", [StorageError, KeyError], ids=["known", "a fault of ours"])
@pytest.mark.parametrize("debug", [False, True])
def test_an_error_shows_what_it_names(capsys, kind, debug):
    with pytest.raises(typer.Exit) as ended, clear_errors(debug):
        raise kind(f"{ESCAPES}.jsonl cannot be read")
    assert ended.value.exit_code == 1
    told = capsys.readouterr().err
    assert ("Traceback" in told) == (debug or kind is KeyError)
    assert "\\x1b[2J" in told
    assert steers(told) == []


def test_a_run_of_somebody_else_is_shown_as_text(tmp_path):
    """Names and texts of a plan, its records and its rows, as a repository may have made them up."""
    ledger = Ledger(str(tmp_path))
    made = rows([IDS[0]], prompt=[ESCAPES], answer=[ESCAPES]).with_columns(source=pl.lit(ESCAPES))
    judged = outcome(made, [(IDS[0], None), (IDS[1], f"[link=x]{ESCAPES}")], **{f"length.{ESCAPES}": [1, 2]})
    verdicts = judged.verdicts.with_columns(source=pl.lit(ESCAPES), detail=pl.lit(ESCAPES), filter=pl.lit(ESCAPES))
    ledger.commit(key("screen", "a"), type(judged)(made, verdicts), 2, {"filters": []}, 0, {})
    ledger.write_plan(RunPlan(name=f"[red]{ESCAPES}").with_stage("screen", ["a"]))
    for command in (["status"], ["funnel"], ["explain", IDS[0]], ["explain", IDS[1]]):
        for option in ([], ["--json"]):
            shown = CliRunner().invoke(app, [command[0], str(tmp_path), *command[1:], *option])
            assert shown.exit_code == 0, shown.output
            assert steers(shown.output) == []
            assert "x1b" in shown.output or "u001b" in shown.output
    shown = CliRunner().invoke(app, ["explain", str(tmp_path), f"x{ESCAPES}"])
    assert steers(shown.output) == []


@pytest.mark.parametrize("parameters", [{}, {"filters": 5}, {"filters": [5]}, {"gates": [1]}, {"gates": 5}])
def test_a_row_of_somebody_else_is_explained_whatever_its_parameters_are(parameters, tmp_path):
    ledger = Ledger(str(tmp_path))
    judged = outcome(rows([IDS[0]]), [(IDS[0], None), (IDS[1], "length.too_long")])
    for stage in ("screen", "synthesize"):
        ledger.commit(key(stage, "a"), judged, 2, parameters, 0, {})
        ledger.write_plan(RunPlan(name="x").with_stage(stage, ["a"]))
        shown = CliRunner().invoke(app, ["explain", str(tmp_path), IDS[1]])
        assert shown.exit_code == 0, shown.output


def test_a_file_whose_name_holds_the_end_of_a_line_is_one_line(capsys):
    problems = (Problem(where="work/x\n0 problems", what="is no part of this run"),)
    found = Verification(shards=0, files=0, rows_accounted=0, rows_published=0, problems=problems)
    show_verification(found, Console(width=200))
    assert capsys.readouterr().out.splitlines()[0] == "work/x\\n0 problems: is no part of this run"


def test_a_finding_of_the_doctor_is_text(monkeypatch):
    finding = Finding(subject="disk at /data[/old][link=x]", good=True, found="[red]")
    monkeypatch.setattr("sayso.pipeline.doctor.examine", lambda *_: [])
    monkeypatch.setattr("sayso.pipeline.doctor.free_space", lambda _: finding)
    assert "disk at /data[/old][link=x]: [red]" in CliRunner().invoke(app, ["doctor"]).output


def test_there_is_one_console_and_nothing_prints_beside_it():
    folder = Path(sayso.pipeline.cli.__file__).parent
    for path in (path for path in folder.glob("*.py") if path.name != "console.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "rich.console":
                assert [name.name for name in node.names if name.name == "Console"] == [], path
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in ("print", "sys.stdout.write", "sys.stderr.write"), path
                if ast.unparse(node.func) in ("typer.echo", "echo"):
                    assert ast.unparse(node.args[0]) in ("to_json(answer)", "to_csv(answer)"), path


def test_csv_steers_no_terminal_and_gives_files_what_is_there(monkeypatch):
    answer = pl.DataFrame({"prompt": [ESCAPES], "turns": [[{"role": ESCAPES}]]})
    assert pl.read_csv(to_csv(answer).encode())["prompt"].item() == ESCAPES
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert steers(to_csv(answer)) == []
