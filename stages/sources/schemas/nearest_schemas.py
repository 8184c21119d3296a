"""What a file lacks that no schema fits: the schemas that are nearest to it, and what to write in the recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from sayso.stages.sources.schemas.columns.rejected_answers import LABEL
from sayso.stages.sources.schemas.schema import Schema

# What evaluation sets call the questions of a row.
QUESTIONS = "turns"
# How much a message tells of a file's columns, which may be any number and called anything.
MOST_SHOWN, LONGEST_SHOWN = 40, 120
MOST_SCHEMAS, MOST_NAMES = 3, 4
ALL_SCHEMAS = "docs/how-to/bring-your-data.md has all schemas and what they read"
# Stands for a value of a column that was not read.
A_TEXT = "Any words."
# The types of texts, in Python and in Arrow: such a column tells nothing of its layout.
TEXTS = ("str", "string", "large_string", "string_view")
# What parts the cells of a table whose header is one name with commas alone, and what to do.
PARTED_BY = {
    "\t": "tabs: give the file the suffix .tsv",
    ";": "`;`: write the file again with commas between them",
    "|": "`|`: write the file again with commas between them",
}
# Names of columns have fewer words.
SENTENCE_WORDS = 4
# A schema with the columns that each of its fields is read from in a file.
Candidate = tuple[Schema, Mapping[str, Sequence[str]]]


class _Lack(NamedTuple):
    """What a file lacks for a schema: fields without a column, and fields with a column of another kind of value.

    `held`: how many fields it has. `can_be_mapped`: whether another column may hold each that is absent.
    """

    schema: Schema
    absent: list[tuple[str, Sequence[str]]]
    unusable: list[tuple[str, str]]
    held: int
    can_be_mapped: bool


def why_none_fits(
    kinds: Mapping[str, str], typical: Mapping[str, object], candidates: Sequence[Candidate], is_named: bool
) -> str:
    """What to say of a file with these columns (`kinds`: their types; `typical`: a value of each) that no schema fits.

    `is_named`: the recipe names the schema, which is the only candidate.
    """
    wanted = f"the schema {candidates[0][0].name} does not fit" if is_named else "no schema fits"
    said = f"{wanted} the columns {_columns(kinds) or 'none'}"
    if QUESTIONS in kinds:
        belongs = "belongs under `decontaminate: {against: …}`"
        return f"{said}; `{QUESTIONS}` are what an evaluation set asks, which {belongs}"
    if fault := _first_line_fault(list(kinds)):
        return f"{said}; {fault}"
    lacks = [_lack(candidate, kinds, typical) for candidate in candidates]
    if is_named:
        advice = f"; {_mapping(lacks[0])}, or let the schema be found (`schema: auto`)" if lacks[0].absent else ""
        return f"{said}; it {_described(lacks[0])}{advice}; {ALL_SCHEMAS}"
    nearest = _nearest(lacks)
    if not nearest:
        return (
            f"{said}, and none is near; where two of them are a question and its answer, write `schema: "
            f"question_answer` and `columns: {{question: …, answer: …}}` with their names; {ALL_SCHEMAS}"
        )
    described = "; ".join(f"{lack.schema.name} {_described(lack)}" for lack in nearest)
    advice = f"; {_mapping(nearest[0])}" if nearest[0].absent and nearest[0].can_be_mapped else ""
    return f"{said}; the nearest: {described}{advice}; {ALL_SCHEMAS}"


def _first_line_fault(names: Sequence[str]) -> str | None:
    """What is wrong with the first line of a table whose columns have these names, and what to do."""
    if len(names) == 1:
        mark = next((mark for mark in PARTED_BY if mark in names[0]), None)
        if mark:
            return f"its cells are parted by {PARTED_BY[mark]}"
    if any(len(name.split()) >= SENTENCE_WORDS or name.rstrip().endswith(("?", ".", "!")) for name in names):
        return (
            "its first line is taken for the names of the columns; where that is a row, put a line of names before it"
        )
    return None


def _nearest(lacks: Sequence[_Lack]) -> list[_Lack]:
    """Those of which the file has a field, first those of which it has all columns and then those of which another
    column may be the rest; or else those of which it has a list or an object that they read in another form.
    """
    near = [lack for lack in lacks if lack.held and not (lack.absent and lack.schema.recordings)]
    near += [lack for lack in lacks if not lack.held and _has_all_columns(lack)]
    near = near or [lack for lack in lacks if not lack.absent and all(kind not in TEXTS for _, kind in lack.unusable)]
    near.sort(key=_distance)
    return near[:MOST_SCHEMAS]


def _distance(lack: _Lack) -> tuple[bool, bool, int, int, bool]:
    """How far a file is from a schema; the field that is named first is what is asked, and answers have more names."""
    asks_nothing = next(iter(lack.schema.required)) in dict(lack.absent)
    return (
        not _has_all_columns(lack),
        not lack.can_be_mapped,
        len(lack.absent) + len(lack.unusable),
        -lack.held,
        asks_nothing,
    )


def _has_all_columns(lack: _Lack) -> bool:
    """Whether a file has the columns that a schema needs, several of them with values that it does not read."""
    return not lack.absent and len(lack.unusable) > 1


def _columns(kinds: Mapping[str, str]) -> str:
    shown = ", ".join(f"{_short(column)} ({_short(kind)})" for column, kind in islice(kinds.items(), MOST_SHOWN))
    return shown if len(kinds) <= MOST_SHOWN else f"{shown} and {len(kinds) - MOST_SHOWN:,} more"


def _lack(candidate: Candidate, kinds: Mapping[str, str], typical: Mapping[str, object]) -> _Lack:
    schema, fields = candidate
    absent, unusable, used = [], [], set[str]()
    for field in schema.required:
        there = [name for name in fields[field] if name in kinds]
        right = [name for name in there if schema.accepts(field, typical.get(name))]
        # What a classifier is trained on has a label, and nothing else that a schema needs.
        used.update(name for name in right if name not in LABEL["label"])
        if there and not right:
            unusable.append((there[0], kinds[there[0]]))
        elif not there and not schema.accepts(field, None):
            absent.append((field, fields[field]))
    free = [typical.get(name, A_TEXT) for name in kinds if name not in used]
    can_be_mapped = not unusable and all(any(schema.accepts(field, value) for value in free) for field, _ in absent)
    return _Lack(schema, absent, unusable, len(used), can_be_mapped)


def _described(lack: _Lack) -> str:
    parts = [f"lacks {_names(names) or field}" for field, names in lack.absent]
    parts += [f"cannot read {_short(name)} ({_short(kind)})" for name, kind in lack.unusable]
    return " and ".join(parts)


def _names(names: Sequence[str]) -> str:
    shown = [_short(name) for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        return f"{', '.join(shown)} or the like"
    return f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _mapping(lack: _Lack) -> str:
    """What to write in the recipe where other columns hold what is absent."""
    mapped = ", ".join(f"{field}: …" for field, _ in lack.absent)
    return (
        f"where another column holds it, write `schema: {lack.schema.name}` and `columns: {{{mapped}}}` with its name"
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
