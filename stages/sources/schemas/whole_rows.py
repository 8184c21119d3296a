"""Which rows are whole: a prompt and an answer that say something, and nothing that would be taken for sound."""

from __future__ import annotations

import polars as pl

from sayso.manifests.dataset.contract import RESERVED
from sayso.stages.sources.limits import TOO_LARGE
from sayso.stages.sources.schemas.columns.text_edges import is_not_blank
from sayso.stages.sources.schemas.messages.assistant_texts import KEPT_BACK, TOOL_CALL
from sayso.stages.sources.schemas.messages.conversations import without_end_of_text
from sayso.stages.sources.schemas.messages.messages import BECAUSE, EXCLUDED
from sayso.stages.sources.schemas.messages.reasoning import ONLY_REASONING, UNFINISHED
from sayso.stages.sources.schemas.schema import CONVERTED

# Why a row has no answer though its assistant says something.
WITHHELD = {
    EXCLUDED: "the answer is marked as one that nobody is to learn",
    ONLY_REASONING: "the answer is reasoning alone",
    UNFINISHED: "the reasoning before the answer never ends",
}
# Why its answer is empty.
UNANSWERED = {
    TOOL_CALL: "the assistant calls a tool and says nothing after that",
    KEPT_BACK: "`answer` is -1, by which the makers of a set say that they keep it back, or that there is none",
}


def with_reasons(rows: pl.DataFrame, absent: pl.Series, fault: str, no_prompt: str, no_answer: str) -> pl.DataFrame:
    """Rows (`messages` to `reasoning_characters`, `fault`, `system`, `unanswered`) as `CONVERTED` has them.

    What an exporter left at the end of an answer is taken off first. `absent`: which rows have no field at all. `fault`
    is the reason of a row that has a fault; `no_prompt` and `no_answer` are details.
    """
    rows = rows.with_columns(without_end_of_text(rows["answer"]))
    attached = pl.col("attached") if "attached" in rows.columns else pl.lit(None, pl.String)
    # Why a row goes, the first that applies: a reason and, null where it does not apply, its detail.
    found = {
        fault: pl.col("fault"),
        "unknown_schema": pl.when(absent).then(pl.lit("the row has none of the columns that the rest of its file has")),
        "has_system_prompt": pl.col("system"),
        "has_attached_input": attached,
        "no_prompt": pl.when(~is_not_blank("prompt")).then(pl.lit(no_prompt)),
        **_withheld(rows["unanswered"]),
        "no_answer": pl.when(~is_not_blank("answer")).then(
            pl.coalesce(
                *(pl.when(pl.col("unanswered") == said).then(pl.lit(told)) for said, told in UNANSWERED.items()),
                pl.lit(no_answer),
            )
        ),
        "sound_token": pl.lit(_sound_tokens(rows)),
    }
    details = rows.select(detail.alias(reason) for reason, detail in found.items())
    given = [name for name in details.columns if details[name].null_count() < details.height]
    none = pl.lit(None, pl.String)
    reasons = details.with_columns(
        reason=pl.coalesce(none, *(pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in given)),
        detail=pl.coalesce(none, *given),
    )
    return rows.hstack(reasons["reason", "detail"]).select(CONVERTED)


def _withheld(unanswered: pl.Series) -> dict[str, pl.Expr]:
    """The details of rows whose answer is withheld, by reason."""
    if unanswered.null_count() == unanswered.len():
        return {}
    said, because = (pl.col("unanswered").str.splitn(BECAUSE, 2).struct[part] for part in (0, 1))
    return {
        reason: pl.when(said == reason).then(pl.concat_str(pl.lit(told), BECAUSE + because, ignore_nulls=True))
        for reason, told in WITHHELD.items()
    }


def mark_large(rows: pl.DataFrame, most_bytes: int) -> pl.DataFrame:
    """Rows as `with_reasons` gives them; those with more than `most_bytes` of text get the reason `row_too_large`."""
    size = pl.col("messages").list.eval(pl.element().struct.field("content").str.len_bytes()).list.sum()
    large = pl.col("reason").is_null() & (size > most_bytes)
    detail = pl.format(f"it has {{}} bytes of text; the source takes {most_bytes:,} (limits.text_bytes)", size)
    return rows.with_columns(
        pl.when(large).then(pl.lit(TOO_LARGE)).otherwise("reason").alias("reason"),
        pl.when(large).then(detail).otherwise("detail").alias("detail"),
    )


def _sound_tokens(rows: pl.DataFrame) -> pl.Series:
    """Which text of each row holds what a trainer would take for sound or a command, null where none does.

    All messages are looked at, whether they are said or not: whoever reads `messages` trusts every one of them.
    """
    messages = rows["messages"].explode(empty_as_null=False).struct.unnest()
    contents = messages["content"]
    # Few texts have what all of these begin with, and to look for that alone takes a third of the time.
    places = contents.str.contains("<|", literal=True).fill_null(False).arg_true()
    places = places.filter(contents[places].str.contains(RESERVED))
    none = pl.repeat(None, rows.height, dtype=pl.String, eager=True)
    if places.is_empty():
        return none
    ends = rows["messages"].list.len().cast(pl.Int64).cum_sum()
    found = messages[places].with_columns(row=ends.search_sorted(places, side="right").cast(pl.Int64))
    first = found.unique("row", keep="first", maintain_order=True)
    texts = rows.select("prompt", "answer")[first["row"]].hstack(first)
    details = texts.select(
        pl.coalesce(
            _holds(pl.lit("prompt"), "prompt"),
            _holds(pl.lit("answer"), "answer"),
            _holds(pl.format("{} message", "role"), "content"),
        )
    ).to_series()
    return none.scatter(first["row"], details)


def _holds(called: pl.Expr, column: str) -> pl.Expr:
    return pl.format("its {} holds {}…", called, pl.col(column).str.extract(f"({RESERVED})"))
