"""The command line: the only place that prints."""

from pipeline.cli import hub, models, verify
from pipeline.cli.app import app

__all__ = ["app", "hub", "models", "verify"]
