"""Who says a message: the names that published sets have for the four roles, and those that a source maps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

Role = Literal["system", "user", "assistant", "tool"]

# The names found in published sets, in small letters and digits alone. Calls to tools count as `tool`, because nobody
# says or hears them.
_NAMES: dict[str, Role] = {
    **dict.fromkeys(("system", "developer", "sys", "systemprompt", "systemmessage"), "system"),
    **dict.fromkeys(
        ("user", "human", "prompter", "usr", "customer", "questioner", "usermessage", "humanmessage"), "user"
    ),
    **dict.fromkeys(
        (
            *("assistant", "gpt", "model", "bot", "chatgpt", "bing", "bard", "ai", "chatbot", "agent", "llm"),
            *("aiassistant", "aimessage", "assistantmessage", "languagemodel", "claude", "gemini", "copilot", "grok"),
        ),
        "assistant",
    ),
    **dict.fromkeys(
        (
            *("tool", "tools", "toolcall", "toolcalls", "toolresponse", "toolresponses", "toolresult", "toolresults"),
            *("tooloutput", "tooluse", "toolmessage", "function", "functioncall", "functioncalls", "functionresponse"),
            *("functionresult", "functionoutput", "functioncalloutput", "functionmessage", "observation", "ipython"),
            "environment",
        ),
        "tool",
    ),
}
# Names of models with what tells their versions, as in `gpt-4`, `claude-2` or `meta-llama/Llama-2-70b-chat-hf`.
_MODEL = re.compile(
    r"(?:[\w.-]+/)?"
    r"(?:gpt|chatgpt|claude|gemini|gemma|palm|llama|codellama|vicuna|alpaca|mistral|mixtral|qwen|qwq|deepseek|command|phi"
    r"|falcon|yi|wizardlm|openchat|openhermes|koala|dolly|mpt|stablelm|chatglm|glm|baichuan|internlm|grok|kimi|nemotron"
    r"|olmo|tulu|granite|(?:text-)?davinci|o[134])"
    r"(?:[-_.: ]?v?\d|[-_:]\w).*"
)
# How many names are remembered, of files in which every message may have another one.
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 1_000, 100


def _key(role: str) -> str:
    """What of a role's name tells it from others: neither capitals nor blanks, dashes or marks around it."""
    return re.sub(r"[\W_]+", "", role).lower() or role


def check_distinct(names: Iterable[str]) -> None:
    """Raise ValueError where two of the names are told apart by nothing that tells roles apart."""
    found: dict[str, str] = {}
    for name in names:
        if (other := found.setdefault(_key(name), name)) != name:
            raise ValueError(f"{other!r} and {name!r} are one role: capitals, blanks and marks tell none apart")


class Roles:
    """The roles of messages by their names in the files; what `mapped` says of a name comes first."""

    def __init__(self, mapped: Mapping[str, Role]) -> None:
        self._keys = {**_NAMES, **{_key(name): role for name, role in mapped.items()}}
        # Most messages have one of few names, so each is looked at once.
        self._found: dict[str, Role] = {}

    def find(self, name: str) -> Role | None:
        """The role that a name means, None where nobody knows."""
        found = self._found.get(name)
        return self._look_up(name) if found is None else found

    def _look_up(self, name: str) -> Role | None:
        role = self._keys.get(_key(name))
        if role is None and _MODEL.fullmatch(name.strip().lower()):
            role = "assistant"
        if role and len(self._found) < _MOST_REMEMBERED and len(name) < _LONGEST_REMEMBERED:
            self._found[name] = role
        return role


KNOWN = Roles({})
