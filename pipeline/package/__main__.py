"""`python -m sayso` is `sayso`."""

from sayso.pipeline.cli import app

app(prog_name="sayso")
