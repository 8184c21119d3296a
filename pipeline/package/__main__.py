"""`python -m pipeline` is `sayso`."""

from pipeline.cli import app

app(prog_name="sayso")
