"""Conversations as JSON lines, of role and content: what Axolotl, LLaMA-Factory and torchtune train from.

A user's turn that was said is the string of its sound tokens, as published: for these trainers it is text, and its
tokens are words of the model's vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl
from polars import selectors

from sayso.pipeline.export.format import Format, Index, SplitFiles
from sayso.pipeline.export.format_names import CONVERSATIONS
from sayso.pipeline.export.row_fields import fields_without

# What stands in the conversation, or is of no use beside it. A column `prompt` would be taken for another layout.
_INSIDE = (
    *("prompt", "answer", "later_turns", "conversations", "taken_out"),
    *("sound_tokens", "tokens_per_turn", "tokens", "audio"),
)

# How LLaMA-Factory is told of roles and contents.
_TAGS = {"role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant"}


def _shard_names(number: int) -> tuple[str, ...]:
    return (f"{number:06d}.jsonl",)


def _write(parts: Iterable[pl.DataFrame], number: int, files: Sequence[BinaryIO]) -> None:
    for rows in parts:
        # A text that is missing is empty: where a column begins with nothing but nulls, the library that these trainers
        # load JSON with settles on null as its type, and refuses the texts that come later.
        fields = rows.select("conversations", *fields_without(rows, _INSIDE)).with_columns(
            selectors.string().fill_null("")
        )
        files[0].write(fields.write_ndjson().encode())


def _indexes(folder: Path, splits: Sequence[SplitFiles]) -> Iterator[Index]:
    """dataset_info.json, by which LLaMA-Factory finds a split as a dataset: `train`, or `ichigo_train` of a config."""
    entries = {
        split.split if split.config == "default" else f"{split.config}_{split.split}": {
            "file_name": split.name,
            "formatting": "sharegpt",
            "columns": {"messages": "conversations"},
            "tags": _TAGS,
        }
        for split in splits
    }
    yield "dataset_info.json", [json.dumps(entries, indent=1).encode() + b"\n"]


CONVERSATION_LINES = Format(
    name=CONVERSATIONS,
    needs_audio=False,
    shard_names=_shard_names,
    write=_write,
    opened=lambda folder: (
        f"import datasets; print(datasets.load_dataset('json', data_files={folder + '/*.jsonl'!r}, split='train')[0])"
    ),
    indexes=_indexes,
)
