"""What is read inside a column of lists or structs; what lies beside it may be of any type, and broken."""

from __future__ import annotations

from sayso.stages.sources.schemas.messages.fields_beside import CALL_KEYS, REASONING_KEYS, TRAINING_KEYS
from sayso.stages.sources.schemas.messages.messages import CONTENT_KEYS, PART_KEYS, ROLE_KEYS

# Of a message and of a part of its content, of an instance, of a turn with both its sides, of one of several replies,
# of a question with choices.
_FIELDS = frozenset(
    (
        *(*ROLE_KEYS, *CONTENT_KEYS, *PART_KEYS, *TRAINING_KEYS, *CALL_KEYS, *REASONING_KEYS, "type", "parts", "data"),
        # Of parts that have no type: that they call a tool, or hold what it gave.
        *("toolUse", "toolResult", "toolUseId"),
        *("message", "input", "output", "system", "human", "Human", "user", "assistant", "Assistant", "MOSS"),
        *("prompt", "response", "question", "answer", "instruction", "completion"),
        *("overall_score", "score", "pm_score", "rank", "custom_system_prompt", "body"),
        *("stem", "choices", "text", "label", "key"),
        # Of a paragraph that a question is about.
        *("title", "sentences", "contexts", "paragraph_text", "passage_text", "is_selected"),
        # Of a recording, whose bytes are left where they lie.
        "path",
    )
)
# Of calls to tools: that there are some.
_OF_CALLS = frozenset((key, *fields) for key in CALL_KEYS for fields in (("name",), ("function", "name")))


def is_read_inside(fields: tuple[str, ...]) -> bool:
    """Whether what these fields lead to, inside a column of lists or structs, is read of it."""
    return _FIELDS.issuperset(fields) or fields in _OF_CALLS
