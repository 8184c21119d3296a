"""The command line: the only place that prints."""

from pipeline.cli import hub, verify
from pipeline.cli.app import app

__all__ = ["app", "hub", "verify"]
