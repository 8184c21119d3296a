"""The head of a dataset card, which the Hub reads: licences, languages, tags, and which files each config has."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from sayso.manifests.dataset.file_list import PublishedFile
from sayso.stages.publish.card_content import CardContent, SourceLine

# What the Hub's `license` field knows by itself, of what instruction sets are published under; others are `other`.
HUB_LICENSES = frozenset(
    (
        *("apache-2.0", "mit", "bsd-3-clause", "gpl-3.0", "lgpl-3.0", "agpl-3.0", "unlicense", "openrail"),
        *("cc", "cc0-1.0", "cc-by-2.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nd-4.0"),
        *("cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "odc-by", "odbl", "pddl"),
        *("llama2", "llama3", "llama3.1", "gemma"),
    )
)


def front_matter(content: CardContent) -> str:
    """The card's metadata in YAML, between its two lines of dashes."""
    default_rows = sum(file.rows for file in content.files if file.config == "default")
    metadata = {
        "pretty_name": content.title,
        "license": _licenses(content.sources),
        "language": list(content.card.language or content.summary.languages),
        "task_categories": ["automatic-speech-recognition", "text-generation"],
        "tags": ["speech", "instruction", "sound-tokens", _tag(content.sound.name)],
        "size_categories": [_size_category(default_rows)],
        "configs": configs_of(content.files),
    }
    return f"---\n{yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True)}---\n"


def _licenses(sources: Sequence[SourceLine]) -> list[str]:
    """The licences of all sources as the Hub calls them; `other` for what it has no name for."""
    given = {(source.license or "other").lower() for source in sources if source.published}
    return sorted({name if name in HUB_LICENSES else "other" for name in given}) or ["other"]


def configs_of(files: Sequence[PublishedFile]) -> list[dict[str, object]]:
    """Which files each config has in each split, as the Hub reads it."""
    paths: dict[str, dict[str, str]] = {}
    for file in files:
        folder, _, _ = file.name.partition("/")
        paths.setdefault(file.config, {})[file.split] = f"{folder}/{file.split}-*.parquet"
    return [
        {"config_name": config, "data_files": [{"split": split, "path": path} for split, path in of_config.items()]}
        for config, of_config in paths.items()
    ]


def _size_category(rows: int) -> str:
    bounds = [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")]
    return next((name for bound, name in bounds if rows < bound), "1M<n<10M")


def _tag(name: str) -> str:
    """A name as the Hub's tags are written: lower case, words parted by hyphens."""
    known = (letter if letter.isascii() and letter.isalnum() else " " for letter in name.lower())
    return "-".join("".join(known).split()) or "sound"
