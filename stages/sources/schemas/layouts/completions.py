"""A prompt and its completion in two columns, of which one at least is a list of messages."""

from __future__ import annotations

import polars as pl

from sayso.stages.sources.schemas.converted_rows import rows_of_conversations, rows_of_values
from sayso.stages.sources.schemas.fields import Fields
from sayso.stages.sources.schemas.messages.conversations import from_column
from sayso.stages.sources.schemas.messages.replies import is_side, with_reply
from sayso.stages.sources.schemas.messages.turn_choice import TurnDraws
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.schemas.schema import SYSTEM, Schema


def _completion_messages(fields: Fields, options: ReadingOptions, draws: TurnDraws) -> pl.DataFrame:
    prompts, completions = fields.values("prompt"), fields.values("completion")
    if isinstance(prompts.dtype, pl.List) and prompts.dtype == completions.dtype:
        return rows_of_conversations(
            from_column(prompts.list.concat(completions), options.known_roles), fields, options, draws
        )
    return rows_of_values(fields, ("prompt", "completion"), with_reply, options, draws)


COMPLETION_MESSAGES = Schema(
    name="completion_messages",
    fields={"prompt": ("prompt",), "completion": ("completion", "response"), "system": SYSTEM},
    required={"prompt": is_side, "completion": is_side},
    # After prompt_completion, which reads two texts, and after what has all of a conversation in one column.
    precedence=8,
    convert=_completion_messages,
)
