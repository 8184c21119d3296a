"""A conversation in one text, a mark before each of its turns: as logs have it, and as chat templates write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from sayso.stages.sources.schemas.columns.text_edges import may_begin_with
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.roles import KNOWN, Roles


@dataclass(frozen=True)
class LogFormat:
    """How one kind of log marks its turns.

    `opens`: what its texts begin with. `marks`: what stands before each turn, the group that matches being its speaker;
    of several the first that finds an assistant's turn counts. `of_words`: whether marks are words that any text may
    have, and not signs made for the purpose. `headed`: the first mark behind a header, where there may be one.
    """

    opens: str
    marks: tuple[re.Pattern[str], ...]
    of_words: bool = False
    headed: str | None = None


def _format(opens: str, *marks: str, of_words: bool = False, headed: str | None = None) -> LogFormat:
    return LogFormat(opens, tuple(re.compile(mark) for mark in marks), of_words, headed)


FORMATS = {
    "chatml": _format(r"<\|im_start\|>", r"<\|im_start\|>[ \t]*(\w{1,20})[ \t]*(?:\n|\Z)"),
    "llama_3": _format(r"<\|start_header_id\|>", r"<\|start_header_id\|>[ \t]*(\w{1,20})[ \t]*<\|end_header_id\|>"),
    "gemma": _format("<start_of_turn>", r"<start_of_turn>[ \t]*(\w{1,20})[ \t]*(?:\n|\Z)"),
    "command": _format(r"<\|START_OF_TURN_TOKEN\|>", r"<\|START_OF_TURN_TOKEN\|><\|(\w{1,20})_TOKEN\|>"),
    "deepseek": _format("<｜(?:begin▁of▁sentence|User)｜>", "<｜(User|Assistant)｜>"),
    "moss": _format(r"<\|Human\|>:", r"<\|(Human|Inner Thoughts|Commands|Tool Responses|Results|MOSS)\|>:"),
    "early_moss": _format(r"\[Human\]:", r"\[(Human|MOSS)\]:"),
    "names": _format(
        r"<\|(?i:system|user|prompter|human)\|>", r"<\|((?i:system|user|prompter|human|assistant|bot|tool))\|>:?"
    ),
    "llama_2": _format(r"\[INST\]", r"\[(/?INST)\]|<<(/?SYS)>>"),
    "baize": _format(r"\[\|Human\|\]", r"\[\|(Human|AI)\|\]", headed=r"\[\|Human\|\]"),
    "headings": _format(
        r"### ?(?:System|Human|User|Instruction) ?:",
        r"(?m)(?<!#)### ?(System|Human|User|Assistant) ?:|^### ?(Instruction|Input|Response) ?:",
        headed=r"^### ?(?:Human|User|Instruction) ?:",
    ),
    "capitals": _format(
        r"(?:SYSTEM|USER):",
        r"(?m)^(SYSTEM|USER|ASSISTANT|FUNCTION RESPONSE):",
        r"(?:\A|\s|</s>)(SYSTEM|USER|ASSISTANT):",
        of_words=True,
        headed=r"\bUSER:",
    ),
    "colons": _format(
        r"(?:System|Human|User):",
        r"(?:\A|\n\n)(System|Human|User|Assistant|AI):",
        r"(?m)^(System|Human|User|Assistant|AI):",
        of_words=True,
        headed="^(?:Human|User):",
    ),
}
SPEAKERS = {
    **dict.fromkeys(("system", "sys"), "system"),
    **dict.fromkeys(("user", "human", "prompter", "instruction", "inst", "/sys"), "user"),
    **dict.fromkeys(("assistant", "ai", "bot", "model", "chatbot", "moss", "response", "/inst"), "assistant"),
    **dict.fromkeys(("tool", "function", "function response", "ipython", "observation"), "tool"),
    **dict.fromkeys(("inner thoughts", "commands", "tool responses", "results"), "tool"),
    # What an instruction is about, said on a line after it.
    "input": "input",
}
# What stands before a log, and between the end of a turn and the mark of the next.
ENDS = (
    *("</s>", "<s>", "<|im_end|>", "<|endoftext|>", "<|end_of_text|>", "<|begin_of_text|>", "<|startoftext|>"),
    *("<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>", "<bos>", "<eos>", "<BOS_TOKEN>"),
    *("<|END_OF_TURN_TOKEN|>", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"),
    *("<eoh>", "<eoa>", "<eom>", "<eot>", "<eoc>", "<eor>"),
)
# A text that opens with no mark may be a log behind one of these headers, if its first mark is not too far away.
HEADER = (
    r"A chat between |Below (?:is|are) |The following is a conversation|The conversation between |"
    r"This is a conversation |You are "
)
LONGEST_HEADER = 8_000
_BEGINS = r"\s*(?:(?:<s>|<bos>|<BOS_TOKEN>|<\|begin_of_text\|>|<\|startoftext\|>)\s*)?"
# What every log begins with, and what it has behind a header, also as Polars reads patterns.
_LOG_START = f"^{_BEGINS}(?:{'|'.join(each.opens for each in FORMATS.values())}|{HEADER})"
_HEADER_START = f"^{_BEGINS}(?:{HEADER})"
_ANY_HEADED = "(?m)" + "|".join(each.headed for each in FORMATS.values() if each.headed)
# What a reply with marks of its own may begin with, as Polars reads patterns: few other texts do.
_MARKS_BEGIN = "#<["
_REPLY_START = rf"^{_BEGINS}(?:<\||<｜|<start_of_turn>|\[/?INST\]|\[\||\[(?:Human|MOSS)\]:|### ?[A-Z][a-z]{{3,10}} ?:)"
_BEGIN = re.compile(_BEGINS)
_OPENING = re.compile(_BEGINS + "(?:" + "|".join(f"(?P<{name}>{each.opens})" for name, each in FORMATS.items()) + ")")
_HEADED = re.compile(_HEADER_START)
_FIRST_MARK = re.compile(
    "(?m)" + "|".join(f"(?P<{name}>{each.headed})" for name, each in FORMATS.items() if each.headed)
)


def log_messages(text: str, roles: Roles = KNOWN) -> list[Message] | None:
    """The messages of a text that is a log of a user and an assistant, None for any other text.

    A log opens with a mark, or with a known header before its first mark; a text in which marks stand otherwise only
    mentions them. Raises BadMessages for a log in which the user speaks twice in a row: something there is no mark.
    """
    format_name = _format_of(text)
    if format_name is None:
        return None
    messages, _ = _split(FORMATS[format_name], text, roles)
    speakers = {message.role for message in messages}
    return _in_turns(messages) if {"user", "assistant"} <= speakers else None


def opens_as_log(text: str) -> bool:
    """Whether a text begins with the mark of a turn."""
    return _OPENING.match(text) is not None


def is_log(value: object) -> bool:
    """Whether a value is a log in which an assistant says something."""
    if not isinstance(value, str):
        return False
    try:
        return any(message.role == "assistant" and message.content for message in log_messages(value) or ())
    except BadMessages:
        return True


def log_with_reply(text: str, reply: str, roles: Roles = KNOWN) -> list[Message] | None:
    """The messages of a log and the reply that it asks for; None where the text is no log, or asks for none.

    It asks for one by ending with an assistant's mark, unless the reply begins with that. Where marks are no words, a
    user's turn at the end is enough.
    """
    format_name = _format_of(text)
    if format_name is None:
        return None
    found = FORMATS[format_name]
    messages, mark = _split(found, text, roles)
    if not any(message.role == "user" for message in messages):
        return None
    marked = mark.match(reply.strip())
    if marked and SPEAKERS.get(_speaker(marked)) == "assistant":
        reply = reply.strip()[marked.end() :]
    elif messages[-1] == Message("assistant", ""):
        messages = messages[:-1]
    elif found.of_words or messages[-1].role != "user":
        return None
    return _in_turns([*messages, Message("assistant", _bare(reply))])


def marked_messages(text: str, roles: Roles = KNOWN) -> list[Message] | None:
    """The messages of a text that opens with the mark of a turn, whoever's it is, None for any other text.

    Marks that are words do not count. Raises BadMessages as `log_messages` does.
    """
    begin = _BEGIN.match(text)
    text = text[begin.end() :] if begin else text
    for found in FORMATS.values():
        for mark in () if found.of_words else found.marks:
            opening = mark.match(text)
            if opening and (SPEAKERS.get(_speaker(opening)) or roles.find(_speaker(opening))):
                return _in_turns(_turns(mark, text, roles))
    return None


def may_be_log(texts: pl.Series) -> pl.Series:
    """Which texts `log_messages` and `log_with_reply` may take apart: many a prompt begins as a header does, "You are",
    and has no mark behind it."""
    begun = texts.str.contains(_LOG_START).fill_null(False)
    places = begun.arg_true()
    if places.is_empty():
        return begun
    start = texts[places]
    return begun.scatter(places, ~start.str.contains(_HEADER_START) | start.str.contains(_ANY_HEADED))


def may_be_marked(texts: pl.Series) -> pl.Series:
    """Which texts `marked_messages` may take apart, by how they begin."""
    places = may_begin_with(texts, _MARKS_BEGIN).arg_true()
    none = pl.repeat(False, texts.len(), dtype=pl.Boolean, eager=True)
    return none if places.is_empty() else none.scatter(places, texts[places].str.contains(_REPLY_START))


def _format_of(text: str) -> str | None:
    opening = _OPENING.match(text)
    if opening is None and _HEADED.match(text):
        opening = _FIRST_MARK.search(text, 0, LONGEST_HEADER)
    return opening.lastgroup if opening else None


def _split(found: LogFormat, text: str, roles: Roles) -> tuple[list[Message], re.Pattern[str]]:
    """The turns of a log, none where it has no mark, and the pattern of their marks."""
    for mark in found.marks:
        messages = _turns(mark, text, roles)
        if any(message.role == "assistant" for message in messages):
            break
    return messages, mark


def _turns(mark: re.Pattern[str], text: str, roles: Roles) -> list[Message]:
    """The turns of a log as its marks part them, what stands before the first being the system prompt."""
    marks = list(mark.finditer(text))
    ends = [following.start() for following in [*marks, None][1:] if following] + [len(text)]
    header = _bare(text[: marks[0].start()]) if marks else ""
    messages = [Message("system", header)] if header else []
    for this, end in zip(marks, ends, strict=False):
        speaker, content = _speaker(this), _bare(text[this.end() : end])
        role = SPEAKERS.get(speaker) or roles.find(speaker)
        if role is None:
            raise BadMessages(f"the role {speaker} of a log is not known")
        if role == "input" and content and messages and messages[-1].role == "user":
            messages[-1] = Message("user", f"{messages[-1].content}\n{content}")
        elif content or role == "assistant":
            messages.append(Message("user" if role == "input" else role, content))
    return messages


def _speaker(mark: re.Match[str]) -> str:
    return mark[mark.lastindex or 0].lower()


def _in_turns(messages: list[Message]) -> list[Message]:
    for number, (before, after) in enumerate(pairwise(messages), start=2):
        if before.role == after.role == "user":
            raise BadMessages(
                f"message {number} of the log is the user's, as the one before it is, so a mark is missing or only "
                "mentioned"
            )
    return messages


def _bare(text: str) -> str:
    """A turn without blanks and special tokens around it."""
    start, end = 0, len(text)
    while end > start:
        if text[end - 1].isspace():
            end -= 1
        elif text.endswith(ENDS, start, end):
            end -= next(len(token) for token in ENDS if text.endswith(token, start, end))
        else:
            break
    while start < end:
        if text[start].isspace():
            start += 1
        elif text.startswith(ENDS, start, end):
            start += next(len(token) for token in ENDS if text.startswith(token, start, end))
        else:
            break
    return text[start:end]
