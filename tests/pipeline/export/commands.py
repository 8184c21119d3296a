"""The command `sayso export`, and what it leaves."""

import json

from typer.testing import CliRunner

from sayso.pipeline.cli import app


def call(*arguments, code=0):
    """What the command says."""
    result = CliRunner().invoke(app, ["export", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return " ".join((result.stderr if code else result.output).split())


def export(dataset, to, *options, form="conversations"):
    """What an export says that it did."""
    return json.loads(call(dataset, "--as", form, "--to", to, *options, "--json"))


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
