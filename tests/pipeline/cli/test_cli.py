"""The command line as people and programs meet it: clear sentences, exit codes, JSON."""

import json
import subprocess

import pytest
from typer.testing import CliRunner

from sayso.pipeline.cli import app
from tests.faults.small_runs import jobs_done_here

RUN = CliRunner()


@pytest.fixture
def mine(tmp_path):
    """Writes a recipe over files with the given content; returns its path."""

    def write(recipe="", **files):
        for name, content in files.items():
            (tmp_path / name.replace("_", ".")).write_bytes(content)
        path = tmp_path / "mine.yaml"
        path.write_text("name: mine\nsources:\n  - {name: facts, paths: ['facts.*']}\n" + recipe)
        return str(path)

    return write


def call(*arguments):
    result = RUN.invoke(app, list(arguments))
    assert "Traceback" not in result.output
    return result


def test_a_wrong_recipe_is_one_sentence_and_exit_code_3(mine, tmp_path):
    result = call("run", mine("sampel: {}\n"), "--to", str(tmp_path / "run"))
    assert result.exit_code == 3
    assert "sampel: there is no such key; did you mean 'sample'?" in result.output


def test_a_source_without_files_is_exit_code_4(mine, tmp_path):
    result = call("run", mine(), "--to", str(tmp_path / "run"), "--until", "ingest")
    assert result.exit_code == 4
    assert "facts.*" in result.output


def test_a_truncated_parquet_file_is_named_before_any_work(mine, tmp_path, shared_ray):
    result = call("run", mine(facts_parquet=b"PAR1 cut short"), "--to", str(tmp_path / "run"), "--until", "ingest")
    assert result.exit_code == 4
    assert "facts.parquet" in result.output


def test_a_model_that_is_not_there_is_named_by_doctor_and_by_run(mine, tmp_path):
    row = b'{"question": "What is the capital of France?", "answer": "It is Paris."}\n'
    path = mine("synthesize:\n  tokenizer: {model: nowhere/at-all.model}\n", facts_jsonl=row)
    result = call("doctor", path)
    assert result.exit_code == 4
    assert "nowhere/at-all.model" in result.output
    result = call("run", path, "--to", str(tmp_path / "run"))
    assert result.exit_code == 4
    assert "nowhere/at-all.model" in result.output
    assert not (tmp_path / "run" / "work").exists(), "hours of work would be done before the error"


def test_broken_lines_are_counted_verdicts_and_the_others_go_on(mine, tmp_path):
    lines = [
        b'{"question": "What is the capital of France?", "answer": "It is Paris."}',
        b'{"question": "What is broken',
        b'{"question": "What is caf\xe9?", "answer": "A place."}',
        b'{"question": "Who does not answer?"}',
        b'{"question": "What is the capital of Spain?", "answer": "It is Madrid."}',
    ]
    path, folder = mine(facts_jsonl=b"\n".join(lines)), str(tmp_path / "run")
    with jobs_done_here():
        result = call("run", path, "--to", folder, "--until", "screen", "--json")
    assert result.exit_code == 0, result.output
    ingest, screen = json.loads(call("funnel", folder, "--json").stdout)
    assert (ingest["rows_in"], ingest["rows_out"], screen["rows_out"]) == (5, 2, 2)
    assert {loss["reason"]: loss["rows"] for loss in ingest["losses"]} == {
        "invalid_json": 1,
        "invalid_utf8": 1,
        "no_answer": 1,
    }
    explained = json.loads(call("explain", folder, "facts.jsonl:2", "--json").stdout)
    assert explained["steps"][0]["reason"] == "invalid_json"
    assert call("verify", folder).exit_code == 0
    assert json.loads(call("status", folder, "--json").stdout)["published"] is False


def test_a_cluster_that_is_not_there_is_named_with_the_variable_that_names_it(mine, tmp_path, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "nowhere")
    row = b'{"question": "What is the capital of France?", "answer": "It is Paris."}\n'
    result = call("run", mine(facts_jsonl=row), "--to", str(tmp_path / "run"))
    assert result.exit_code == 1
    assert "Ray cannot work at 'nowhere'" in result.output
    assert "RAY_ADDRESS" in result.output


def test_a_folder_that_holds_another_run_is_left_alone(mine, tmp_path):
    row = b'{"question": "What is the capital of France?", "answer": "It is Paris."}\n'
    path, folder = mine(facts_jsonl=row), str(tmp_path / "run")
    with jobs_done_here():
        assert call("run", path, "--to", folder, "--until", "screen").exit_code == 0
    before = (tmp_path / "run" / "plan.json").read_bytes()
    # Going back to an earlier stage finds it done, and forgets nothing that came after.
    assert call("run", path, "--to", folder, "--until", "ingest").exit_code == 0
    assert (tmp_path / "run" / "plan.json").read_bytes() == before
    result = call("run", "demo", "--to", folder, "--until", "screen")
    assert result.exit_code == 1
    assert "holds the run of 'mine', and this recipe is called 'sayso-demo'" in " ".join(result.output.split())
    assert (tmp_path / "run" / "plan.json").read_bytes() == before


def test_a_folder_without_a_run_and_a_row_that_is_not_there_are_exit_code_5(tmp_path):
    for command in ("status", "funnel", "verify"):
        result = call(command, str(tmp_path))
        assert result.exit_code == 5
        assert "holds no run" in result.output
    assert call("explain", str(tmp_path), "a" * 32).exit_code == 5


def test_every_command_has_help_with_an_example():
    for command in app.registered_commands:
        text = call(command.callback.__name__, "--help").output
        assert "Example" in text
        assert command.callback.__doc__.split(":")[0].split(",")[0] in " ".join(text.split())


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 120 kB that can be made larger; mounting one needs root."""
    mount = tmp_path / "disk"
    mount.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120k", "tmpfs", mount], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here: it needs root")
    yield mount
    subprocess.run(["umount", mount], check=True)


def test_a_full_disk_is_a_clear_error_and_with_more_room_the_run_goes_on(small_disk, shared_ray):
    folder = str(small_disk / "run")
    result = call("run", "demo", "--to", folder, "--until", "sample")
    assert result.exit_code == 1
    assert "the disk is full" in result.output
    assert "free some space and run the same command again" in " ".join(result.output.split())
    subprocess.run(["mount", "-o", "remount,size=50m", small_disk], check=True)
    with jobs_done_here():
        assert call("run", "demo", "--to", folder, "--until", "sample").exit_code == 0
    assert call("verify", folder).exit_code == 0
