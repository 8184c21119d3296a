"""What goes wrong outside of sayso is one sentence with an exit code: odd files, addresses, answers of the Hub."""

import pytest
from huggingface_hub import constants
from typer.testing import CliRunner

from sayso.pipeline.cli import app
from sayso.stages.sources import stores
from tests.hub_server import STRANGE, Fault

NAME = "org/facts"
ONE_SOURCE = "name: x\nsources: [{name: a, paths: [a]}]\n"


def sentence(*arguments, code):
    """What a command says on its way to an error."""
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    said = [line for line in (result.stderr or result.output).splitlines() if line]
    assert len(said) == 1, said
    return said[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name: " + "[" * 5_000 + "]" * 5_000, "it is nested deeper than any recipe or bank"),
        ("sources: " + "{a: " * 5_000 + "1" + "}" * 5_000, "it is nested deeper than any recipe or bank"),
        ("name: 2001-99-99", "a value cannot be read (month must be in 1..12)"),
        ("seed: " + "9" * 5_000, "a value cannot be read (Exceeds the limit"),
        ("seed: !!int abc", "a value cannot be read (invalid literal"),
        (f"{ONE_SOURCE}seed: 0x" + "f" * 5_000, "(it is a number of hundreds of digits)"),
        (f"{ONE_SOURCE}seed: " + "x" * 5_000, "x…)"),
        ("? [a, b]\n: 1", "line 1, column 3: a key must be a text"),
    ],
)
def test_a_recipe_that_no_parser_likes(content, said, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(content)
    told = sentence("run", path, "--to", tmp_path / "run", code=3)
    assert f"{path}: " in told
    assert said in told
    assert len(told) < 1_000


def test_a_recipe_with_a_name_that_no_system_takes():
    assert "cannot be read: File name too long" in sentence("run", "a" * 5_000, "--to", "run", code=3)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("a::b", "a::b: a folder, or the URL of a store, is needed, and not a chain of several"),
        ("simplecache::s3://bucket/x", "is needed, and not a chain of several"),
        ("nosuch://x/y", "nosuch://x/y: no store is known for nosuch:// (Protocol not known: nosuch)"),
        ("://", "no store is known for ://"),
        ("reference://x", "reference://x cannot be reached (TypeError)"),
        ("", "'' is no name of a folder"),
        ("a\0b", "'a\\x00b' is no name of a folder"),
        ("a" * 5_000, "cannot be used: File name too long"),
        ("/dev/null/x", "/dev/null/x cannot be used: Not a directory"),
    ],
)
def test_a_place_where_no_run_can_be(place, said):
    assert said in sentence("run", "demo", "--until", "ingest", "--to", place, code=1)
    assert "cannot" in sentence("status", place, code=1) or said in sentence("status", place, code=1)


@pytest.fixture
def hub(hub_here, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(stores, "FIRST_WAIT", 0.0)
    assert hub_here.address == constants.ENDPOINT
    hub_here.commit(NAME, {"facts.jsonl": b'{"question": "What is it?", "answer": "It is that."}\n'})
    return hub_here


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("where", ["/revision/main", "/tree/"])
def test_an_answer_that_no_hub_would_give(hub, kind, where, tmp_path):
    recipe = tmp_path / "mine.yaml"
    recipe.write_text(f"name: mine\nsources: [{{name: facts, hub: {{repository: {NAME}, files: [facts.jsonl]}}}}]\n")
    hub.faults.append(Fault(where, kind, times=100))
    said = sentence("run", recipe, "--until", "ingest", "--to", tmp_path / "run", code=4)
    assert f"hf://datasets/{NAME}@" in said
    assert "run the same command again" in said


def test_a_redirect_that_goes_round_and_round(hub, tmp_path):
    hub.faults.append(Fault("/revision/main", "round", times=100))
    assert "(TooManyRedirects)" in sentence("pull", NAME, "--to", tmp_path / "pulled", code=4)


def test_an_answer_without_a_commit(hub, tmp_path):
    hub.repositories[NAME].branches["main"] = None
    hub.repositories[NAME].commits[None] = {}
    said = sentence("pull", NAME, "--to", tmp_path / "pulled", code=4)
    assert "the Hub's answer names no commit; run the same command again later" in said
