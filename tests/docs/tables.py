"""Markdown tables, and the types of the code in the words of a reader."""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

PLAIN_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false", type(None): "null"}
LONGEST_EXAMPLE = 72


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the cells must hold no line ends."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(text: str) -> str:
    """Any text as inline code inside a cell: on one line, cut where it is long."""
    shown = text.replace("\n", "⏎").replace("\t", "⇥").replace("|", "\\|")
    if len(shown) > LONGEST_EXAMPLE:
        shown = shown[:LONGEST_EXAMPLE] + "…"
    fence = "``" if "`" in shown else "`"
    edge = " " if fence == "``" or not shown.strip() else ""
    return f"{fence}{edge}{shown}{edge}{fence}"


def type_name(annotation: Any) -> str:
    """A type as a reader of a file would call it: "list of text", "number or null"."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return type_name(inner[0])
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in inner)
    parts = [type_name(one) for one in inner if one is not Ellipsis]
    if origin in (Union, types.UnionType):
        return " or ".join(parts)
    if origin is tuple and Ellipsis not in inner:
        return f"list of {len(inner)}: {', '.join(parts)}"
    if origin in (list, tuple, dict):
        return f"{'mapping' if origin is dict else 'list'} of {' to '.join(parts)}"
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation.__name__ if is_model else PLAIN_TYPES.get(annotation, "anything")
