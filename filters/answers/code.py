"""Answers that are code, with or without fences around it."""

from __future__ import annotations

import polars as pl

from sayso.filters.answers.subjects import OF_CODE
from sayso.filters.text.patterns import any_literal, any_of, contains_where, only_where

# One of these is in each answer that is looked at, in small letters.
_SIGNS = ["```", "def ", "import ", "#include", "<?php", "{\n", "};", ");", "print(", "console.", "function", "=> "]
_SIGNS += ["select ", "<!doctype", "</", "const ", "public "]
_FENCED = r"(?s)```.*?(?:```|\z)"
# Lines that only a program has: definitions, statements with an end, blocks, calls that print.
_LINE = any_of(
    r"(?m:^[ \t]*(?:def \w+\(|class \w+ ?[(:{]|import [\w.{*]|from [\w.]+ import |#include|#!/|<\?php|using [\w.]+;|"
    r"(?:async )?function ?\w*\(|(?:public|private|protected|static) (?:static |final |async )*[\w<>\[\]]+ \w+ ?[({]|"
    r"(?:const|let|var) \w+ ?=|print\w*\(|console\.\w|System\.\w|SELECT [^\n]* FROM |INSERT INTO |CREATE TABLE |"
    r"<!DOCTYPE|</?(?:html|div|body|table|ul|script|style)\b)[^\n]*$)",
    r"(?m:^[^\n]*[()=\]\[{}][^\n]*;[ \t]*$)|(?m:^[^\n]*(?:[)=>] ?\{|=>)[ \t]*$)",
)
# What stands among these: other lines that are set in, assignments, remarks, statements without an end.
_AMONG = any_of(
    r"(?m:^[ \t]*(?://|#|/\*|\*|<!--|--|[}\])])[^\n]*$)|(?m:^[ \t]*[\w$.\[\]\"']+(?:, ?[\w$.]+)* ?[-+*/|.]?=[^\n]*$)",
    r"(?m:^[ \t]*(?:return|if|elif|else|for|while|switch|case|try|except|catch|finally|FROM|WHERE|GROUP BY|ORDER BY|"
    r"[\w$.]+\()[^\n]*$)|(?m:^(?:  |\t)[ \t]*\S[^\n]*$)",
)
# A command, a query, a formula of a sheet or an expression in one line.
_COMMAND = any_of(
    r"\A\s*(?:(?:\$ |sudo |echo ['\"]|npm |pip |git [a-z]+ |docker )[^\n]*|[A-Z]{2,} [^\n]*;|\^[^\n]*\$|"
    r"=[A-Z]{2,}\([^\n]*\)|(?:[\w$\[\]]+ = )?[\w$.]+\([^\n]*\)[\w.()\[\]'\"]*;?)\s*\z"
)
_WORD = any_of(r"[\p{L}\p{N}]+")


def words_beside_code(answer: pl.Expr) -> pl.Expr:
    """How many words an answer has beside its code, at most 100; null where it has none."""
    possible = answer.str.to_lowercase().str.contains(any_literal(_SIGNS))
    coded = only_where(contains_where(possible, answer, f"```|{_LINE}"), answer)
    rest = coded.str.replace_all(_FENCED, " ").str.replace_all(_LINE, " ").str.replace_all(_AMONG, " ")
    return rest.str.head(600).str.count_matches(_WORD).cast(pl.Int32)


def is_command(prompt: pl.Expr, answer: pl.Expr) -> pl.Expr:
    """Whether an answer is one line for a machine, to a prompt about code."""
    found = contains_where(answer.str.len_bytes() < 300, answer, _COMMAND)
    return contains_where(found, prompt, OF_CODE)
