"""Lettered choices, and transcripts of chats and of programs that call tools: what only a reader can tell apart."""

from __future__ import annotations

from sayso.filters.text.patterns import any_of


# Two alternatives that are told apart by a letter in front: nobody hears where "B" begins.
def _choice(letter: str, before: str) -> str:
    return any_of(
        rf"(?:^|\s)[(\[]?{letter}[)\]]\.?\s*\w|(?m:^[ \t]*(?:[-*•][ \t]+)?{letter}[.:]\s)",
        rf"{before}\s+{letter}[.:]\s|\b(?:is|or|and) {letter}:\s",
    )


CHOICE_A, CHOICE_B = _choice("[Aa]", "[.?!:;,]"), _choice("[Bb]", "[.?!:;,a-z]")
# What a program that calls tools writes down, and talk with its speakers' names.
TRANSCRIPT = any_of(
    r"(?i:</?(?:functioncall|function_call|tool_call|tool_response|tool_code)>|\b(?:function|tool) (?:response"
    r"|result|call|output)s?\s*:)",
    r"(?m:^[ \t]*(?:Observation|Action Input|OBSERVATION)\s*:)|(?i:\bthought\s*:[^\n]*\baction\s*:|\b(?:calling"
    r"|invoking) (?:the )?tool\b)",
    r"(?mi:^[ \t]*(?:assistant|tool)\s*:)|[.?!]\s+(?:Assistant|Tool|ASSISTANT|TOOL)\s*:",
)
TRANSCRIBED = ["function", "tool", "observation", "action", "assistant"]
