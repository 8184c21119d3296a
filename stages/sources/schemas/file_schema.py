"""The schema of a file: which it is, as the file's rows tell, and the columns that it takes its fields from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence, Set

from pydantic import BaseModel, ConfigDict

from sayso.manifests.plugins import PluginError
from sayso.stages.sources.schemas.asking import why_unasked
from sayso.stages.sources.schemas.columns.column_names import plain_name
from sayso.stages.sources.schemas.columns.rejected_answers import LABEL
from sayso.stages.sources.schemas.columns.training_marks import TRAINING
from sayso.stages.sources.schemas.fields import is_empty
from sayso.stages.sources.schemas.known_schemas import AUTO, find_schema, schemas_for
from sayso.stages.sources.schemas.nearest_schemas import why_none_fits
from sayso.stages.sources.schemas.schema import Schema
from sayso.stages.sources.schemas.unread_layouts import why_unread
from sayso.stages.sources.stores import SourceError, UnreadableFile

# The fields of every schema, that say whether an answer is to be learned.
MARKS = {**LABEL, **TRAINING}


class FileSchema(BaseModel):
    """How to read one file: its schema by name and, for each of its fields, the columns to take it from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    fields: dict[str, tuple[str, ...]]

    @property
    def schema_read(self) -> Schema:
        """The schema itself. Raises PluginError where its plugin is not installed here."""
        found = find_schema(self.name)
        if found is None:
            raise PluginError(f"the schema {self.name!r} is not installed here; install the package that has it")
        return found

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that may hold a field, each once."""
        return tuple(dict.fromkeys(column for columns in self.fields.values() for column in columns))

    def spelt_as(self, names: Collection[str]) -> FileSchema:
        """The schema with its columns as a file spells them that has these: capitals, blanks, `_` and `-` do not count.

        A name that there is exactly is meant; one that two others vary is not found.
        """
        variants = Counter(map(plain_name, names))
        spelling = {plain_name(name): name for name in names if variants[plain_name(name)] == 1}
        fields = {
            field: tuple(
                dict.fromkeys(name if name in names else spelling.get(plain_name(name), name) for name in columns)
            )
            for field, columns in self.fields.items()
        }
        return FileSchema(name=self.name, fields=fields)

    def may_fit(self, names: Set[str]) -> bool:
        """Whether a row of these columns, and no others, may fit."""
        schema = self.schema_read
        return all(not names.isdisjoint(self.fields[field]) or schema.accepts(field, None) for field in schema.required)

    def fits(self, row: Mapping[str, object]) -> bool:
        """Whether a row has a value of the right type in every field that it needs; an empty text is one."""
        return self._has(row, lambda _: True)

    def is_filled_by(self, row: Mapping[str, object]) -> bool:
        """Whether a row fits, and none of the fields that it needs is empty: no blank text, and no empty list."""
        return self._has(row, lambda value: not is_empty(value))

    def _has(self, row: Mapping[str, object], is_wanted: Callable[[object], bool]) -> bool:
        schema = self.schema_read
        values = {field: [row.get(column) for column in self.fields[field]] for field in schema.required}
        return all(
            any(is_wanted(value) and schema.accepts(field, value) for value in found) for field, found in values.items()
        )


class RowSchemas:
    """The schemas that rows may have, in the order in which they are tried, asked row by row.

    Most schemas fit no row that has other columns than theirs: this is found out once for all rows of the same columns.
    """

    def __init__(self, schemas: Sequence[FileSchema]) -> None:
        self._schemas = schemas
        self._of_columns: dict[frozenset[str], list[FileSchema]] = {}

    def of(self, row: Mapping[str, object]) -> FileSchema | None:
        """The first of the schemas that a row fills, or else the first that it fits: a file of several schemas may have
        all of their columns in every row, empty where they say nothing. None where it fits none.
        """
        names = frozenset(row)
        likely = self._of_columns.get(names)
        if likely is None:
            likely = self._of_columns[names] = [schema for schema in self._schemas if schema.may_fit(names)]
        filled = next((schema for schema in likely if schema.is_filled_by(row)), None)
        return filled or next((schema for schema in likely if schema.fits(row)), None)


def candidate_schemas(where: str, name: str, columns: Mapping[str, str]) -> list[FileSchema]:
    """The schemas that a source's files may have, in the order in which they are tried.

    `columns` maps our fields to the files' columns. Raises SourceError naming `where` where no schema has these fields.
    """
    known = schemas_for(name)
    names = [each for each in known if name != AUTO or set(columns) <= {*known[each].fields, *MARKS}]
    if unknown := sorted(set(columns) - {field for each in names for field in (*known[each].fields, *MARKS)}):
        described = _describe([known[each] for each in names or known])
        raise SourceError(f"{where}: columns maps {', '.join(unknown)}, but {described}")
    mapped = {field: (column,) for field, column in columns.items()}
    return [FileSchema(name=each, fields={**MARKS, **known[each].fields, **mapped}) for each in names]


def resolve(
    where: str, kinds: Mapping[str, str], rows: Sequence[Mapping[str, object]], schemas: Sequence[FileSchema]
) -> FileSchema:
    """The schema that most of a file's rows have, each being of the first that it fills or fits, as the file spells it.

    `kinds`: the file's columns with their types. Where no row is whole, the columns alone decide. Raises UnreadableFile
    naming the file (`where`), the columns that it has and what was looked for.
    """
    schemas = [schema.spelt_as(kinds) for schema in schemas]
    found: dict[str, list[Mapping[str, object]]] = {}
    by_row = RowSchemas(schemas)
    for row in rows:
        if schema := by_row.of(row):
            found.setdefault(schema.name, []).append(row)
    likely = sorted((schema for schema in schemas if schema.name in found), key=lambda schema: -len(found[schema.name]))
    for schema in likely:
        doubt = why_unasked(schema.schema_read, schema.fields, found[schema.name]) if len(schemas) > 1 else None
        if not doubt:
            return schema
    if likely:
        raise UnreadableFile(f"{where}: {doubt}")
    typical = _typical_values(rows)
    for schema in schemas:
        if all(_may_hold(field, schema, typical) for field in schema.schema_read.required):
            return schema
    if len(schemas) > 1 and (why := why_unread(kinds, rows)):
        raise UnreadableFile(f"{where}: {why}")
    candidates = [(schema.schema_read, schema.fields) for schema in schemas]
    raise UnreadableFile(f"{where}: {why_none_fits(kinds, typical, candidates, len(schemas) == 1)}")


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


def _may_hold(field: str, schema: FileSchema, typical: Mapping[str, object]) -> bool:
    values = [typical[column] for column in schema.fields[field] if column in typical]
    return any(value is None or schema.schema_read.accepts(field, value) for value in values)


def _describe(schemas: Sequence[Schema]) -> str:
    return "; ".join(f"{schema.name} has {', '.join(schema.fields)}" for schema in schemas)
