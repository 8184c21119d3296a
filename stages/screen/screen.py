"""Screen: write each prompt as it will be said, then let the filters decide which rows may stay."""

from __future__ import annotations

from itertools import takewhile
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sayso.filters import DEFAULT_FILTERS, RECORDED_FILTERS
from sayso.filters.judging import every_reason, first_reason, join_verdicts, reads_spoken
from sayso.filters.standalone import Standalone
from sayso.filters.text.folding import text_hash
from sayso.manifests.verdicts import KEPT, Outcome
from sayso.stages.rows.recordings import IS_RECORDED
from sayso.stages.rows.turns import as_later_turns
from sayso.stages.screen.cleaning import clean_answers
from sayso.stages.screen.known_filters import AnyFilter
from sayso.stages.screen.normalization import to_spoken


class Screen(BaseModel):
    """Which filters look at a row, in which order, and how much of it they measure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    filters: tuple[AnyFilter, ...] = Field(default=DEFAULT_FILTERS, description="asked in this order")
    recorded: tuple[AnyFilter, ...] = Field(
        default=RECORDED_FILTERS, description="the same for rows of recorded speech, which no voice has to say"
    )
    features: Literal["survivors", "all"] = Field(
        default="survivors",
        description="measure a row until a filter drops it, or by every filter whatever the verdict",
    )


_ENGLISH = "en"
_IN_ENGLISH_ALONE = "only in English is it known how a number, a sign or a short form in it is said"

# The verdicts' column that names what was taken out of an answer.
TAKEN_OUT = "cleaning.taken_out"

# How rows are judged, and which of them are measured further, by how much is measured.
_JUDGES = {
    "survivors": (first_reason, pl.col("verdict") == KEPT),
    "all": (every_reason, pl.lit(True)),
}


def screen(rows: pl.DataFrame, config: Screen) -> Outcome:
    """Judge ingested rows; kept rows gain `spoken`, `language`, `text_hash`, `turns` and `taken_out`, sorted by id.

    Answers are judged and go on without the marks that `clean_answers` knows. `taken_out` names these, of all turns
    that are left, and so does the verdict, as `cleaning.taken_out`.

    Prompts are put into spoken words when the first filter asks for them, and by default only those of the rows that
    are left by then. These words are English: a prompt in another language that would get some is `unpronounceable`.
    `text_hash` is the xxh3-128 of the folded prompt: equal for exact duplicates. Sorted rows let later stages read a
    range of ids without reading the whole shard.

    The turns in `later_turns` are put into spoken words and asked the same, but for whether they stand on their own;
    they end before the first that a filter drops. `turns` (UInt8) counts those that are left and the row's own.

    Rows of recorded speech are asked the filters for these, and `spoken` is their text as it is, blanks apart.
    """
    recorded = rows.select(IS_RECORDED).to_series()
    rows, verdicts = _judge_both(rows, recorded, config) if recorded.any() else _judge(rows, config)
    kept = verdicts.filter(pl.col("verdict") == KEPT).select("id", _language(verdicts).alias("language"))
    rows = rows.drop("unpronounceable").join(kept, on="id", how="inner", maintain_order="left").sort("id")
    rows = rows.with_columns(text_hash(rows["prompt"]), *_screen_later_turns(rows, config))
    turns = 1 + pl.col("later_turns").list.len().fill_null(0)
    rows = rows.with_columns(turns.cast(pl.UInt8).alias("turns"))
    return Outcome(rows, _with_taken_out(verdicts, rows))


def _judge_both(rows: pl.DataFrame, recorded: pl.Series, config: Screen) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same of rows of which some are recorded speech."""
    parts = [_judge_recorded(rows.filter(recorded), config)]
    if not recorded.all():
        parts.append(_judge(rows.filter(~recorded), config))
    verdicts = pl.concat([of_part for _, of_part in parts], how="diagonal")
    in_order = rows.select("id").join(verdicts, on="id", maintain_order="left")
    return pl.concat([said for said, _ in parts]), in_order.select(verdicts.columns)


def _judge_recorded(rows: pl.DataFrame, config: Screen) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of recorded speech with `spoken`, and the verdicts on them.

    The filters see a text that is all in capitals, as in LibriSpeech, in small letters: no language is known by it
    otherwise, and nobody shouts.
    """
    spoken = pl.Series("spoken", [" ".join(text.split()) for text in rows["prompt"]], dtype=pl.String)
    nothing_taken = pl.lit(None, pl.List(pl.String)).alias("taken_out")
    rows = rows.with_columns(nothing_taken, spoken, pl.lit(None, pl.String).alias("unpronounceable"))
    judge, _ = _JUDGES[config.features]
    quiet = [
        pl.when(pl.col(name) == pl.col(name).str.to_uppercase()).then(pl.col(name).str.to_lowercase()).otherwise(name)
        for name in ("prompt", "answer", "spoken")
    ]
    return rows, judge(rows.with_columns(quiet), config.recorded)


def _judge(rows: pl.DataFrame, config: Screen) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that were put into spoken words, their answers clean, and the verdicts on all."""
    judge, goes_on = _JUDGES[config.features]
    rows = rows.with_columns(clean_answers(rows["answer"]))
    taken_out = rows["taken_out"].alias(TAKEN_OUT)
    written = tuple(takewhile(lambda one: not reads_spoken(one), config.filters))
    verdicts = judge(rows, written)
    goes = verdicts.select(goes_on).to_series()
    rows, languages = rows.filter(goes), verdicts.filter(goes).select(_language(verdicts)).to_series()
    rows = rows.with_columns(to_spoken(rows["prompt"]))
    if (languages != _ENGLISH).any():
        rows = rows.with_columns(_english_within(languages))
    return rows, join_verdicts(verdicts, judge(rows, config.filters[len(written) :])).with_columns(taken_out)


def _language(verdicts: pl.DataFrame) -> pl.Expr:
    """The language that was found, null where none was looked for."""
    # Where the first opinion was unsure, the second decided.
    opinions = [name for name in ("language.second", "language.code") if name in verdicts.columns]
    return pl.coalesce(*opinions, pl.lit(None, pl.String))


def _english_within(languages: pl.Series) -> pl.Expr:
    """`unpronounceable` with the prompts of other languages into which English words would come, as "5 km" has them."""
    changed = _letters_of("prompt") != _letters_of("spoken")
    problem = pl.when((languages != _ENGLISH) & changed).then(pl.lit(_IN_ENGLISH_ALONE))
    return pl.coalesce("unpronounceable", problem)


def _letters_of(name: str) -> pl.Expr:
    return pl.col(name).str.normalize("NFKC").str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\p{N}]+", "")


def _with_taken_out(verdicts: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Verdicts that name, of kept rows, what was taken out of later turns as well."""
    later = rows.filter(pl.col("turns") > 1, pl.col("taken_out").is_not_null()).select("id", "taken_out")
    if later.is_empty():
        return verdicts
    of_all = pl.coalesce("taken_out", TAKEN_OUT).alias(TAKEN_OUT)
    return verdicts.join(later, on="id", how="left", maintain_order="left").with_columns(of_all).drop("taken_out")


def _screen_later_turns(rows: pl.DataFrame, config: Screen) -> tuple[pl.Series, ...]:
    """`later_turns` with each prompt as it will be said, up to the first turn that a filter drops; and `taken_out`."""
    if rows["later_turns"].null_count() == rows.height:
        return (rows["later_turns"], rows["taken_out"])
    each = (
        rows.with_row_index("of")
        .filter(pl.col("later_turns").is_not_null())
        .select("of", "id", "source", "position", "later_turns")
        .explode("later_turns")
        .unnest("later_turns")
        .with_columns(pl.format("{}/{}", "id", pl.int_range(2, pl.len() + 2).over("of")).alias("id"))
        .drop("spoken")
    )
    # What a later turn speaks of, an earlier one has said.
    filters = tuple(one for one in config.filters if not isinstance(one, Standalone))
    judged, verdicts = _judge(each.drop("of"), config.model_copy(update={"filters": filters}))
    dropped = each.select("of", "id").hstack(verdicts.select(pl.col("verdict") != KEPT))
    unbroken = dropped.filter(pl.col("verdict").cum_sum().over("of") == 0)
    unbroken = unbroken.join(judged, on="id", maintain_order="left").with_columns(pl.col("of").alias("row"))
    later = unbroken.explode("taken_out").drop_nulls("taken_out").group_by("row", maintain_order=True).agg("taken_out")
    numbered = rows.select("taken_out").with_row_index("row")
    together = numbered.join(later, on="row", how="left", maintain_order="left").select(
        pl.when(pl.col("taken_out_right").is_null())
        .then("taken_out")
        .otherwise(pl.col("taken_out").fill_null([]).list.concat("taken_out_right").list.unique(maintain_order=True))
    )
    return (as_later_turns(unbroken, rows.height), together.to_series())
