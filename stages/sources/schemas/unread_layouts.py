"""Public layouts whose rows no schema reads, and what to do with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sayso.stages.sources.schemas.columns.attached_columns import is_media

DIALOGUES = ("dialog", "dialogue", "dialogs", "utterances")
# Types of lists of numbers in Parquet.
_SAMPLES = tuple(f"list<element: {number}" for number in ("double", "float", "halffloat", "int16", "int32", "int64"))
# Lists that go together: of each question, its choices, and the letter of the right one.
QUESTIONS = ("questions", "options", "answers")
MESSAGE = ("message_id", "parent_id", "role", "text")


def why_unread(kinds: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> str | None:
    """What a file with these columns, and some of its rows, holds, and what to do; None where it is nothing known.

    `kinds`: the type of each column. Of a Parquet file the rows have only columns that some schema reads.
    """
    if all(column in kinds for column in MESSAGE):
        return (
            f"its rows are single messages of conversations ({', '.join(MESSAGE)}), and a row is read without others; "
            "take the file of whole trees that Open Assistant has beside it (`*.trees.jsonl.gz`), or join the messages "
            "of each conversation to one list under `messages`"
        )
    sampled = next((name for name in kinds if is_media(name) and _has_samples(name, kinds[name], rows)), None)
    if sampled is not None:
        return (
            f"`{sampled}` holds samples, a list of numbers for each recording, which are not read; keep each recording "
            "as the bytes of a file, as the datasets library writes a column of its `Audio`"
        )
    if _has_questions_inside(rows):
        return (
            "its rows are articles, whose questions lie in `paragraphs` under `qas`, and a row is one question; take a "
            "set that has them so, such as rajpurkar/squad on the Hub, or write them as JSON lines with `jq -c '.data[]"
            ".paragraphs[] | .context as $context | .qas[] | {question, context: $context, answers: "
            "[.answers[].text]}'`"
        )
    if all(column in kinds and kinds[column].startswith("list") for column in QUESTIONS):
        return (
            f"each row has all questions about an article in lists ({', '.join(QUESTIONS)}), and should be one; take "
            "a set that has them so, such as ehovy/race on the Hub, or write them as JSON lines with `jq -c '"
            ". as $all | range(.questions | length) as $n | {article, question: .questions[$n], options: "
            ".options[$n], answer: .answers[$n]}'`"
        )
    column = next((name for name in DIALOGUES if name in kinds and _has_texts(name, kinds[name], rows)), None)
    if column is None:
        return None
    return (
        f"`{column}` is what people say by turns, of whom none is an assistant; to take the one who begins for a user "
        f"and the other one for an assistant, set `schema: turn_list` and `columns: {{turns: {column}}}`"
    )


def _has_questions_inside(rows: Sequence[Mapping[str, object]]) -> bool:
    """Whether rows have paragraphs with questions in them, as the documents of SQuAD have."""
    paragraphs = [first for row in rows if isinstance(found := row.get("paragraphs"), list) for first in found[:1]]
    return any(isinstance(each, dict) and isinstance(each.get("qas"), list) for each in paragraphs)


def _has_texts(column: str, kind: str, rows: Sequence[Mapping[str, object]]) -> bool:
    """Whether a column has lists of texts, by its type in a Parquet file or by values of JSON."""
    values = [value for row in rows if isinstance(value := row.get(column), list)]
    return any(isinstance(text, str) for value in values for text in value) or (
        "list<" in kind and "struct" not in kind
    )


def _has_samples(column: str, kind: str, rows: Sequence[Mapping[str, object]]) -> bool:
    """Whether a column has lists of numbers, alone or as `array`, by its type in Parquet or by values of JSON."""
    if "array: list<" in kind or kind.startswith(_SAMPLES):
        return True
    values = [row.get(column) for row in rows]
    held = [value.get("array") if isinstance(value, dict) else value for value in values]
    return any(isinstance(value, list) and value and isinstance(value[0], int | float) for value in held)
