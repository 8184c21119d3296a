"""The command line: the only place that prints."""

from pipeline.cli import hub, models, verify, voices
from pipeline.cli.app import app

__all__ = ["app", "hub", "models", "verify", "voices"]
