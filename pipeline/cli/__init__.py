"""The command line: the only place that prints."""

from sayso.pipeline.cli import export, hub, models, questions, recipes, verify, voices
from sayso.pipeline.cli.app import app

__all__ = ["app", "export", "hub", "models", "questions", "recipes", "verify", "voices"]
