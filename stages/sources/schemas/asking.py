"""Whether the rows of a file ask for something, where the names of its columns do not say so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sayso.stages.sources.schemas.columns.column_names import plain_name
from sayso.stages.sources.schemas.fields import is_empty
from sayso.stages.sources.schemas.schema import Schema

# Of the prompts of ten instruction sets in English and Chinese between 54% and 96% ask by these signs, of sentences and
# paragraphs out of their answers between 1% and 18%.
SHARE = 0.25
# Where answers are a few names over and over, as those of a classifier, most texts must ask.
SHARE_OF_CLASSES = 0.5
FEWEST_ROWS, ROWS_A_CLASS = 20, 10
YES_OR_NO = frozenset(("yes", "no", "true", "false"))
_QUESTION = re.compile(r"[?？؟]")
_ENDS_ASKING = re.compile(r"[?？؟][\"'”’»)\]\s]*\Z")
# What requests begin with.
_REQUEST = re.compile(
    r"\W{0,20}(?:please\b|can you\b|could you\b|would you\b|i (?:want|need|would like)\b|help me\b|let'?s\b"
    r"|(?:add|act|analy[sz]e|answer|arrange|ask|assign|assume|brainstorm|build|calculate|change|choose|cite|classify"
    r"|come up|compare|complete|compose|compute|conduct|consider|construct|continue|convert|correct|count|craft|create"
    r"|debug|decide|define|delete|demonstrate|derive|describe|design|detect|determine|develop|discuss|divide|do|draft|draw"
    r"|edit|elaborate|estimate|evaluate|examine|expand|explain|express|extract|fill|find|fix|follow|format|formulate"
    r"|generate|give|given|guess|identify|illustrate|implement|imagine|improve|in this task|insert|interpret|invent"
    r"|join|judge|label|list|look|make|match|modify|multiply|name|order|organi[sz]e|outline|output|paraphrase|parse|perform"
    r"|pick|plan|predict|prepare|present|pretend|produce|proofread|propose|prove|provide|put|rank|rate|read|rearrange"
    r"|recommend|reconstruct|reformulate|remove|rephrase|replace|report|respond|restate|return|reverse|revise|rewrite"
    r"|say|search|select|sentence|show|simplify|simulate|solve|sort|spell|split|state|structure|suggest|sum|summari[sz]e"
    r"|synthesi[sz]e|take|tell|think|transform|translate|turn|update|use|using|verify|visuali[sz]e|what|when|where|which"
    r"|who|whom|whose|why|how|write)\b"
    r"|(?:bitte|schreibe?|erkläre?|nenne?|beschreibe?|gib|übersetze?|was|wie|warum|wer|wo|welche[rs]?)\b"
    r"|(?:écri[svt]|explique[rz]?|donne[rz]?|décri[svt]|tradui[st]|quel|comment|pourquoi|qui)\b"
    r"|(?:escrib[ea]|explica|describe|traduce|dame|enumera|escreva|explique|liste|qué|cómo|cuál)\b"
    r"|(?:scrivi|spiega|descrivi|traduci|elenca|напиши|объясни|опиши|переведи|назови)\b"
    r"|请|写|给|解释|描述|翻译|列出|如何|什么|为什么|根据|将|生成|创建|设计|提供|帮|编写|计算|比较|分析|总结|判断)",
    re.IGNORECASE,
)


def asks(prompt: str, answer: str) -> bool:
    """Whether a text asks for something, and another one may be what was asked for; no question answers a question."""
    if _ENDS_ASKING.search(prompt):
        return _ENDS_ASKING.search(answer) is None
    return _QUESTION.search(prompt) is not None or _REQUEST.match(prompt) is not None


def why_unasked(
    schema: Schema, columns: Mapping[str, Sequence[str]], rows: Sequence[Mapping[str, object]]
) -> str | None:
    """Why rows that this schema fits may be none that ask and answer, and what to do; None where they may well be.

    `columns`: those that each field is read from. Only rows count that have what is asked in a column whose name says
    little of it.
    """
    field, *answered = list(schema.required)[:2]
    there = [name for name in columns[field] if any(not is_empty(row.get(name)) for row in rows)]
    names = [name for name in there if plain_name(name) in schema.vague]
    told = [name for name in there if name not in names]
    pairs = [
        _pair(_first(row, names), _first(row, [name for other in answered for name in columns[other]]))
        for row in rows
        if not is_empty(_first(row, names)) and is_empty(_first(row, told))
    ]
    asked = sum(asks(*pair) for pair in pairs)
    enough = SHARE_OF_CLASSES if _are_classes([answer for _, answer in pairs]) else SHARE
    if asked >= enough * len(pairs):
        return None
    return (
        f"{len(pairs) - asked} of the {len(pairs)} texts that were looked at in {' or '.join(names)} ask for nothing: "
        "they may be translations, paragraphs, or texts with their classes; write what is asked into a column "
        f"`instruction`, or set `schema: {schema.name}` where they are prompts as they are"
    )


def _first(row: Mapping[str, object], names: Sequence[str]) -> object:
    return next((row[name] for name in names if not is_empty(row.get(name))), None)


def _pair(asked: object, answer: object) -> tuple[str, str]:
    """What is asked and the answer as texts; a list of turns has both of them first."""
    if isinstance(asked, list):
        return str(asked[0]), str(asked[1]) if len(asked) > 1 else ""
    return str(asked), str(answer)


def _are_classes(answers: Sequence[str]) -> bool:
    few = {answer.strip().lower().rstrip(".") for answer in answers}
    return len(answers) >= FEWEST_ROWS and len(few) * ROWS_A_CLASS <= len(answers) and not few <= YES_OR_NO
