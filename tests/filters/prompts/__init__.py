"""Prompts by what is to become of them."""

from __future__ import annotations

from pathlib import Path

import yaml


def labelled(table: str) -> list[tuple[str | None, str]]:
    """The reason (None where it stays) and the prompt of each line of a table here."""
    content = yaml.safe_load((Path(__file__).parent / f"{table}.yaml").read_text(encoding="utf-8"))
    return [(None if reason == "keep" else reason, prompt) for reason, prompts in content.items() for prompt in prompts]
