"""The schemas that people write: which columns hold what, and which schema a file or a row has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from pydantic import BaseModel, ConfigDict

from sayso.stages.sources.stores import SourceError, UnreadableFile

SchemaName = Literal[
    "preference",
    "sharegpt",
    "messages",
    "self_instruct",
    "alpaca",
    "question_answer",
    "prompt_completion",
]

# How much a message tells of a file's columns, which may be any number and called anything.
MOST_SHOWN, LONGEST_SHOWN = 40, 120


@dataclass(frozen=True)
class KnownSchema:
    """Our fields, each with the columns that it is read from (the first that is there), and those that a row needs."""

    fields: dict[str, tuple[str, ...]]
    required: tuple[str, ...]


_SYSTEM = ("system", "system_prompt")
_TURNS = ("conversations", "conversation", "messages")
# In the order in which they are tried on a row: one that says more of it comes before one that says less.
SCHEMAS: dict[SchemaName, KnownSchema] = {
    "preference": KnownSchema(
        fields={
            "chosen": ("chosen",),
            "rejected": ("rejected",),
            "prompt": (*_TURNS, "prompt", "question", "instruction"),
            "system": _SYSTEM,
        },
        required=("chosen", "rejected"),
    ),
    "sharegpt": KnownSchema({"conversations": _TURNS, "system": _SYSTEM}, ("conversations",)),
    "messages": KnownSchema(
        {"messages": ("messages", "conversations", "conversation"), "system": _SYSTEM}, ("messages",)
    ),
    "self_instruct": KnownSchema(
        {"instruction": ("instruction",), "instances": ("instances",)}, ("instruction", "instances")
    ),
    "alpaca": KnownSchema(
        fields={
            "instruction": ("instruction",),
            "input": ("input", "context"),
            "output": ("output", "response"),
            "system": _SYSTEM,
        },
        required=("instruction", "output"),
    ),
    "question_answer": KnownSchema(
        {"question": ("question",), "answer": ("answer", "response"), "system": _SYSTEM}, ("question", "answer")
    ),
    "prompt_completion": KnownSchema(
        {"prompt": ("prompt",), "completion": ("completion", "response"), "system": _SYSTEM}, ("prompt", "completion")
    ),
}


class Schema(BaseModel):
    """How to read one file: the schema's name and, for each of its fields, the columns to take it from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: SchemaName
    fields: dict[str, tuple[str, ...]]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that may hold a field, each once."""
        return tuple(dict.fromkeys(column for columns in self.fields.values() for column in columns))

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that a row of this schema has."""
        return SCHEMAS[self.name].required

    def fits(self, row: Mapping[str, object]) -> bool:
        """Whether a row has a value of the right type in every field that it needs; an empty text is one."""
        return all(
            any(_is_right(field, self.name, row.get(column)) for column in self.fields[field])
            for field in self.required
        )


def _is_right(field: str, name: SchemaName, value: object) -> bool:
    if value is None or isinstance(value, bool):
        return False
    if name == "preference":
        return isinstance(value, str | list | dict)
    if field in ("conversations", "messages"):
        key = "from" if name == "sharegpt" else "role"
        if isinstance(value, str):
            return value.lstrip().startswith("[") and f'"{key}"' in value
        return isinstance(value, list) and (not value or (isinstance(value[0], dict) and key in value[0]))
    if field == "instances":
        return isinstance(value, list | str)
    return not isinstance(value, list | dict)


def candidates(where: str, name: SchemaName | Literal["auto"], columns: Mapping[str, str]) -> list[Schema]:
    """The schemas that a source's files may have, in the order in which they are tried.

    `columns` maps our fields to the files' columns. Raises SourceError naming `where` where no schema has these fields.
    """
    names = [name] if name != "auto" else [each for each in SCHEMAS if set(columns) <= set(SCHEMAS[each].fields)]
    if unknown := sorted(set(columns) - {field for each in names for field in SCHEMAS[each].fields}):
        raise SourceError(f"{where}: columns maps {', '.join(unknown)}, but {_described(names or SCHEMAS)}")
    mapped = {field: (column,) for field, column in columns.items()}
    return [Schema(name=each, fields={**SCHEMAS[each].fields, **mapped}) for each in names]


def resolve(
    where: str, kinds: Mapping[str, str], rows: Sequence[Mapping[str, object]], schemas: Sequence[Schema]
) -> Schema:
    """The schema that most of a file's rows have, each being of the first that fits it.

    `kinds`: the file's columns with their types. Where no row is whole, the columns alone decide. Raises UnreadableFile
    naming the file (`where`), the columns that it has and what was looked for.
    """
    found = Counter(next((schema.name for schema in schemas if schema.fits(row)), None) for row in rows)
    del found[None]
    if found:
        return max(schemas, key=lambda schema: found[schema.name])
    typical = _typical_values(rows)
    for schema in schemas:
        if all(_may_hold(field, schema, typical) for field in schema.required):
            return schema
    names = [schema.name for schema in schemas]
    wanted = "no schema fits" if len(names) > 1 else f"the schema {names[0]} does not fit"
    columns = ", ".join(f"{_short(column)} ({_short(kind)})" for column, kind in islice(kinds.items(), MOST_SHOWN))
    if len(kinds) > MOST_SHOWN:
        columns += f" and {len(kinds) - MOST_SHOWN:,} more"
    raise UnreadableFile(
        f"{where}: {wanted} the columns {columns or 'none'}; {_described(names)}; "
        "name the schema and map its fields under `columns`"
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _typical_values(rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """For each column the first value of the type that it mostly has, None where it has none."""
    found: dict[str, list[object]] = {}
    for row in rows:
        for column, value in row.items():
            found.setdefault(column, []).extend([] if value is None else [value])
    typical: dict[str, object] = {}
    for column, values in found.items():
        types = Counter(type(value) for value in values)
        typical[column] = next((value for value in values if types[type(value)] == max(types.values())), None)
    return typical


def _may_hold(field: str, schema: Schema, typical: Mapping[str, object]) -> bool:
    values = [typical[column] for column in schema.fields[field] if column in typical]
    return any(value is None or _is_right(field, schema.name, value) for value in values)


def _described(names: Iterable[SchemaName]) -> str:
    return "; ".join(f"{name} has {', '.join(SCHEMAS[name].fields)}" for name in names)
