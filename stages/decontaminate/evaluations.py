"""The evaluation sets that a dataset must not give away: their files, and the texts that are asked in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict

from sayso.stages.decontaminate.overlap import fingerprints
from sayso.stages.sources.actual_format import with_actual_format
from sayso.stages.sources.file_samples import HEAD, column_kinds, sample_rows
from sayso.stages.sources.files import (
    Compression,
    File,
    Format,
    checking_versions,
    content_of,
    with_checks,
)
from sayso.stages.sources.formats.readers import read
from sayso.stages.sources.formats.row_ranges import RowRange
from sayso.stages.sources.limits import Limits
from sayso.stages.sources.schemas.columns.text_edges import is_not_blank
from sayso.stages.sources.schemas.messages.messages import BadMessages, messages_of
from sayso.stages.sources.source import Source, find_files
from sayso.stages.sources.stores import SourceError

# Where published evaluations have what they ask; the first column that is there is taken.
PROMPTS = ("turns", "prompt", "question", "instruction", "messages", "conversations", "conversation")
# What belongs to an `instruction`, as in training sets.
INPUTS = ("input", "context")
# Polars counts rows in 32 bits.
MOST_ROWS = (1 << 32) - 1


class EvaluationFile(BaseModel):
    """One file of an evaluation set, with everything that reading it needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    evaluation: str
    path: str
    name: str
    format: Format
    compression: Compression
    size: int
    content: str
    checks: str
    limits: Limits
    rows_at: str | None
    prompt: str
    input: str | None

    def identity(self) -> str:
        """What decides this file's texts, as JSON: all but the place where the file lies on this machine."""
        return self.model_dump_json(exclude={"path", "checks", "limits"})


def evaluation_files(evaluation: Source, base: Path, commit: str | None = None) -> list[EvaluationFile]:
    """The files of an evaluation set; relative paths start at `base`, a dataset of the Hub is taken at `commit`.

    Raises SourceError where no file matches, a file is broken, or none of its columns is known to hold a prompt.
    """
    return [
        EvaluationFile(
            evaluation=evaluation.name,
            path=file.path,
            name=file.name,
            format=file.format,
            compression=file.compression,
            size=file.size,
            content=content_of(file),
            checks=file.checks,
            limits=file.limits,
            rows_at=file.rows_at,
            prompt=prompt,
            input=given,
        )
        for file in map(with_actual_format, map(with_checks, find_files(evaluation, base, commit)))
        for prompt, given in [_columns(file, evaluation.columns.get("prompt"))]
    ]


def _columns(file: File, named: str | None) -> tuple[str, str | None]:
    """The column that holds the prompts of a file, and the one with what belongs to them."""
    found = column_kinds(file, [row for _, row in sample_rows(file, HEAD, ()) if isinstance(row, dict)])
    prompt = named or next((name for name in PROMPTS if name in found), None)
    if prompt is None or prompt not in found:
        wanted = f"no column {named}" if named else f"no column {', '.join(PROMPTS[:-1])} or {PROMPTS[-1]}"
        raise SourceError(
            f"{file.path}: {wanted} among {', '.join(found) or 'none'}; name the column that holds the questions, "
            "as in `columns: {prompt: turns}`"
        )
    given = next((name for name in INPUTS if name in found), None) if prompt == "instruction" and not named else None
    return prompt, given


def evaluation_texts(file: EvaluationFile) -> pl.DataFrame:
    """Every text that the file asks and that says something: `of` (set, file, row, and turn of several) and `text`.

    Of a conversation these are the user's messages. Raises SourceError naming the row that cannot be read: it would
    be an evaluation that nothing is held against.
    """
    version, checks, limits = file.content, file.checks, file.limits
    source = File(file.path, file.name, file.format, file.compression, file.size, version, checks, limits, file.rows_at)
    columns = [file.prompt] if file.input is None else [file.prompt, file.input]
    with checking_versions([source]):
        (found,) = read([(source, RowRange(rows=MOST_ROWS))], columns)
    for number, detail in found.broken.select("number", "detail").head(1).iter_rows():
        raise SourceError(f"{file.path}: row {number} cannot be read ({detail}); mend it or take it out")
    texts = []
    given = found.rows[file.input].to_list() if file.input else [None] * found.rows.height
    for number, prompt, more in zip(found.places["number"], found.rows[file.prompt].to_list(), given, strict=True):
        try:
            asked = list(_asked(prompt))
        except BadMessages as error:
            raise SourceError(f"{file.path}: row {number}: `{file.prompt}`: {error}") from None
        position = f"{file.evaluation}:{file.name}:{number}"
        for place, turn in enumerate(asked, start=1):
            of = f"{position} turn {place}" if len(asked) > 1 else position
            texts.append((of, f"{turn}\n{more}" if isinstance(more, str) else turn))
    every = pl.DataFrame(texts, schema={"of": pl.String, "text": pl.String}, orient="row")
    return every.filter(is_not_blank("text"))


def _asked(prompt: object) -> Iterator[str]:
    """The texts in a cell: one text, a list of texts, or the user's messages of a conversation."""
    if prompt is None or isinstance(prompt, str):
        yield prompt or ""
    elif isinstance(prompt, list) and all(isinstance(turn, str) for turn in prompt):
        yield from prompt
    else:
        yield from (message.content for message in messages_of(prompt) if message.role == "user")


def evaluation_table(file: EvaluationFile, ngram: int) -> pl.DataFrame:
    """The file's texts as a search needs them (`sayso.stages.decontaminate.overlap.FINGERPRINTS`).

    Raises SourceError as `evaluation_texts` does, and where no text says anything.
    """
    texts = evaluation_texts(file)
    if texts.is_empty():
        raise SourceError(f"{file.path}: `{file.prompt}` says nothing in any row; name another column, or leave it out")
    return fingerprints(texts["of"], texts["text"], ngram)
