"""The command line: the only place that prints."""

from sayso.pipeline.cli import hub, models, verify, voices
from sayso.pipeline.cli.app import app

__all__ = ["app", "hub", "models", "verify", "voices"]
