"""Calls to tools that are written as text, in the forms that models are taught to write them in."""

from __future__ import annotations

import json

import polars as pl

from sayso.stages.sources.schemas.columns.text_edges import may_begin_with

# Marks that stand before a call. Where they are only talked about, no call follows.
CALL_MARK = (
    r"<tool_?calls?>\s*[\[{<]|<function_?calls?>\s*[\[{<]|<function=\w|\[TOOL_CALLS\]|<\|python_tag\|>|<\|tool_calls?\|>"
    r"|<｜tool▁calls?▁begin｜>|\nAction:[^\n]*\n\s*Action Input:|```tool_c(?:ode|alls?)\s"
)
# A mark that counts where a text begins with it.
_REQUEST = "API-Request:"
_REQUESTED = rf"\A{_REQUEST}\s*\["
# A text that begins as a JSON object, or a list of such, with the name of a function and its arguments.
_JSON = (
    r"(?s)\A\s*(?:```\w*\s*)?\[?\s*\{\s*"
    r'(?:"type"\s*:\s*"function"\s*,\s*)?'
    r'(?:"(?:name|tool|tool_name|function|function_name|api_name|action)"\s*:\s*'
    r'(?:"[^"]*"\s*,\s*"(?:arguments|parameters|args|kwargs|tool_input|action_input)"\s*:|\{\s*"name"\s*:)'
    r'|"(?:arguments|parameters)"\s*:\s*\{.*"name"\s*:\s*"[^"]*"\s*\}\s*\]?\s*(?:```)?\s*\z'
    r'|"tool_calls"\s*:\s*\[)'
)
# A text that is nothing but calls in a list, as in `[weather(city="Oslo")]`.
_PYTHON = r"""(?s)\A\s*\[\s*[A-Za-z_][\w .\-/]*\(\s*(?:\)|(?:\)|\w+\s*=|["'{\[]).*\))\s*\]\s*\z"""
_COMPREHENSION = r"\)\s+(?:for|if)\s"
# A text that is nothing but calls with named arguments, as in `weather(city="Oslo", days=3)`: code calls otherwise, on
# objects and with arguments of its own making. What Python and R have built in is code, too, and so is one word
# with a capital, as in `Person(name="Ann")`: that is a class, where tools with capitals have names such as `BookTable`.
_VALUE = (
    r'(?:"(?:[^"\\\n]|\\.)*"|' + r"'(?:[^'\\\n]|\\.)*'|-?[0-9][0-9_.eE+-]*|(?i:true|false|none|null)|\[[^\[\]\n]*\]"
    r"|\{[^{}\n]*\})"
)
_ARGUMENT = rf"[A-Za-z_]\w*\s*=\s*{_VALUE}"
_BARE = rf"\A(?:\s*(?:[a-z_]\w*|[A-Z]\w*[A-Z_]\w*)\(\s*(?:{_ARGUMENT}\s*(?:,\s*{_ARGUMENT}\s*)*,?\s*)?\)\s*[;,]?)+\s*\z"
_NAMED = r"\(\s*[A-Za-z_]\w*\s*="
_BUILT_IN = (
    r"(?m)^\s*(?:print|input|open|dict|list|tuple|set|frozenset|range|int|float|str|bool|bytes|complex|round|sorted|min|max"
    r"|sum|pow|zip|map|filter|enumerate|slice|type|super|vars|exec|eval|compile|property|c|vector|matrix|array|seq|rep|cat"
    r"|paste|plot|rnorm|runif|rbinom|sample|factor)\("
)
# The call that ends a conversation of ToolBench, with the answer in its arguments; and what stands behind each request.
FINISHES = r"(?s)\nAction:\s*Finish\s*\n\s*Action Input:\s*(\{.*\})\s*\z"
FINAL_ANSWER = "final_answer"
ASKED_TO_BEGIN = r"\s*\nBegin!\s*$"
# What a tool gave, in a message of the user.
_RESULT_STARTS = "<[F"
_RESULT = (
    r"\A\s*(?:<tool_responses?>|<tool_results?>|<function_results?>|<function_response>|<\|tool_response\|>"
    r"|\[TOOL_RESULTS\]|FUNCTION RESPONSE:)"
)


def may_be_calls(texts: pl.Series) -> pl.Series:
    """Which texts may be calls without a mark, by their first or their last character, which few texts are."""
    ends = texts.str.ends_with(")") | texts.str.ends_with(")\n") | texts.str.starts_with(_REQUEST)
    return may_begin_with(texts, "[{`") | ends.fill_null(False)


def are_calls(texts: pl.Series) -> pl.Series:
    """Which texts of an assistant call tools."""
    called = texts.str.contains(CALL_MARK).fill_null(False)
    places = may_be_calls(texts).arg_true()
    if places.is_empty():
        return called
    text = pl.col("text")
    requested = text.str.contains(_REQUESTED)
    python = text.str.contains(_PYTHON) & ~text.str.contains(_COMPREHENSION)
    bare = text.str.contains(_BARE) & text.str.contains(_NAMED) & ~text.str.contains(_BUILT_IN)
    looks = requested | text.str.contains(_JSON) | python | bare
    found = texts[places].to_frame("text").select(looks).to_series()
    return called.scatter(places.filter(found), True)


def final_answers(texts: pl.Series) -> pl.Series:
    """The answers that texts of an assistant give as an argument of a call that ends all; null where they give none."""
    return texts.str.extract(FINISHES).map_elements(_final_answer, return_dtype=pl.String)


def _final_answer(arguments: str) -> str | None:
    try:
        # Line breaks stand as they are in some.
        found = json.loads(arguments, strict=False)
    except ValueError:
        return None
    answer = found.get(FINAL_ANSWER) if isinstance(found, dict) else None
    return answer if isinstance(answer, str) and answer.strip() else None


def are_results(texts: pl.Series) -> pl.Series:
    """Which texts of a user are what a tool gave."""
    none = pl.repeat(False, texts.len(), eager=True)
    places = may_begin_with(texts, _RESULT_STARTS).arg_true()
    return none if places.is_empty() else none.scatter(places.filter(texts[places].str.contains(_RESULT)), True)
