"""The schemas that rows may have: sayso's own, and those that other packages add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from sayso.manifests.plugins import Plugin, PluginGroup, installed_plugins
from sayso.manifests.suggestions import suggestion
from sayso.stages.sources.schemas.layouts.chat_texts import CHAT_LOG
from sayso.stages.sources.schemas.layouts.chats import CHAT_MESSAGES, SHAREGPT
from sayso.stages.sources.schemas.layouts.choice_columns import CHOICE_COLUMNS
from sayso.stages.sources.schemas.layouts.completions import COMPLETION_MESSAGES, MESSAGES_ANSWER
from sayso.stages.sources.schemas.layouts.exported_chats import CHATGPT_EXPORT, CLAUDE_EXPORT
from sayso.stages.sources.schemas.layouts.instructions import ALPACA, NATURAL_INSTRUCTIONS, SELF_INSTRUCT
from sayso.stages.sources.schemas.layouts.message_trees import MESSAGE_TREE
from sayso.stages.sources.schemas.layouts.moss import MOSS
from sayso.stages.sources.schemas.layouts.multiple_choice import MULTIPLE_CHOICE, NESTED_CHOICE
from sayso.stages.sources.schemas.layouts.preference import PREFERENCE
from sayso.stages.sources.schemas.layouts.provider_chats import COHERE, GEMINI, LANGCHAIN
from sayso.stages.sources.schemas.layouts.questions import FORUM, QUESTION_ANSWER
from sayso.stages.sources.schemas.layouts.ranked_replies import RANKED_REPLIES
from sayso.stages.sources.schemas.layouts.recorded_speech import RECORDED_SPEECH
from sayso.stages.sources.schemas.layouts.text_pairs import (
    CONTEXT_RESPONSE,
    INPUT_TARGET,
    PROBLEM_SOLUTION,
    PROMPT_COMPLETION,
)
from sayso.stages.sources.schemas.layouts.turn_lists import TURN_LIST, TURN_PAIRS
from sayso.stages.sources.schemas.schema import Schema

OWN = (
    *(
        MESSAGE_TREE,
        PREFERENCE,
        CHATGPT_EXPORT,
        CLAUDE_EXPORT,
        MESSAGES_ANSWER,
        SHAREGPT,
        GEMINI,
        COHERE,
        LANGCHAIN,
        CHAT_MESSAGES,
    ),
    *(
        MOSS,
        TURN_PAIRS,
        TURN_LIST,
        RANKED_REPLIES,
        SELF_INSTRUCT,
        ALPACA,
        NATURAL_INSTRUCTIONS,
        MULTIPLE_CHOICE,
        NESTED_CHOICE,
    ),
    *CHOICE_COLUMNS,
    *(
        QUESTION_ANSWER,
        FORUM,
        PROBLEM_SOLUTION,
        PROMPT_COMPLETION,
        COMPLETION_MESSAGES,
        CHAT_LOG,
        INPUT_TARGET,
        CONTEXT_RESPONSE,
    ),
    RECORDED_SPEECH,
)
# Each file is read by the schema that most of its rows have.
AUTO = "auto"


def _fault(value: Any) -> str | None:
    """Why a plugin's value is no schema, None where it is one."""
    if not isinstance(value, Schema):
        return f"it is a {type(value).__name__}, not a Schema of sayso.stages.sources.schemas.schema"
    if missing := [field for field in value.required if field not in value.fields]:
        return f"it needs {', '.join(missing)}, which is none of its fields"
    if not value.required:
        return "it needs no field, so every row would have it"
    return None


PLUGINS = PluginGroup("sayso.schemas", (*(schema.name for schema in OWN), AUTO), _fault)


def known_schemas() -> dict[str, Schema]:
    """All schemas by name, in the order of their precedence. Raises PluginError for one that cannot be used."""
    return _known(installed_plugins())


@cache
def _known(installed: tuple[Plugin, ...]) -> dict[str, Schema]:
    return _by_precedence(PLUGINS.load())


def _by_precedence(plugins: Mapping[str, Plugin]) -> dict[str, Schema]:
    added = [replace(plugin.value, name=name) for name, plugin in plugins.items()]
    every = sorted((*OWN, *added), key=lambda schema: (-schema.precedence, schema.name))
    return {schema.name: schema for schema in every}


def find_schema(name: str) -> Schema | None:
    """The schema of this name, None where there is none; no other one is loaded. Raises PluginError."""
    return _find(name, installed_plugins())


@cache
def _find(name: str, installed: tuple[Plugin, ...]) -> Schema | None:
    own = next((schema for schema in OWN if schema.name == name), None)
    if own or name not in PLUGINS.installed():
        return own
    return replace(PLUGINS.find(name), name=name)


def schemas_for(choice: str) -> dict[str, Schema]:
    """The schemas that rows of a source with this `schema` may have. Raises PluginError for one that cannot be used."""
    if choice == AUTO:
        return known_schemas()
    found = find_schema(choice)
    return {choice: found} if found else {}


def schema_plugins(choice: str) -> tuple[Plugin, ...]:
    """The plugins that may read rows of a source with this `schema`."""
    return tuple(plugin for name, plugin in PLUGINS.installed().items() if choice in (AUTO, name))


def _check_known(name: str) -> str:
    # With `auto` any of them may read the rows, so that one that cannot be used is told now.
    if not schemas_for(name):
        known = (AUTO, *(schema.name for schema in OWN), *PLUGINS.installed())
        raise ValueError(f"there is no schema {name!r}{suggestion(name, known)}")
    return name


class _Names:
    """Lists the names in the JSON schema of a recipe, those of plugins that can be used included."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(core), "enum": [AUTO, *_by_precedence(PLUGINS.load_usable())]}


SchemaChoice = Annotated[str, AfterValidator(_check_known), _Names()]
