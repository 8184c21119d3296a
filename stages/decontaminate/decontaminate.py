"""Decontaminate: drop the rows whose prompts give away what an evaluation asks."""

from __future__ import annotations

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sayso.filters.text.folding import text_hash
from sayso.manifests.verdicts import Outcome, outcome
from sayso.stages.decontaminate.overlap import Index, overlaps
from sayso.stages.sources.source import Source


class Decontaminate(BaseModel):
    """Which evaluation sets no prompt may overlap with, and from how much on it does.

    Prompts and evaluation texts are folded to their words. A prompt goes when it has the very words of an evaluation
    text, or at least `min_share` of its distinct n-grams; a text of fewer words than an n-gram is matched as a whole.
    The field takes 8 words (PaLM: Chowdhery et al. 2022, section 8) to 13, and no fewer because shorter runs collide
    by chance (GPT-3: Brown et al. 2020, appendix C). PaLM asks for a share of 0.7; 0.5 also finds a question in other
    framing or with a word changed, and so were the twelve overlaps between the two that were read in real sets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    against: tuple[Source, ...] = Field((), description="evaluation sets; of `columns` they have `prompt` only")
    ngram: int = Field(default=8, ge=1, le=64, description="words in an n-gram")
    min_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="share of an evaluation text's n-grams from which a prompt goes",
    )

    @field_validator("against")
    @classmethod
    def _evaluations_can_be_told_apart(cls, against: tuple[Source, ...]) -> tuple[Source, ...]:
        names = [evaluation.name for evaluation in against]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two evaluation sets are called {twice[0]!r}; a verdict names the set")
        for evaluation in against:
            given = evaluation.model_fields_set & {"schema_name", "limit"}
            wrong = [f"columns.{field}" for field in evaluation.columns if field != "prompt"]
            wrong += [name.removesuffix("_name") for name in sorted(given)]
            if wrong:
                raise ValueError(
                    f"{evaluation.name}: {wrong[0]} means nothing in an evaluation set, which is read whole; "
                    "`columns: {prompt: turns}` names the column that holds the questions"
                )
        return against


def decontaminate(rows: pl.DataFrame, index: Index, min_share: float) -> Outcome:
    """Judge the rows of one shard against evaluation texts.

    Rows have `id`, `source`, `position`, `prompt`, `text_hash` and `later_turns`. The verdict names the evaluation text
    that a prompt of the row has most of, also where that is not enough to go.
    """
    judged = rows.select("id", "source", "position").hstack(_of_rows(rows, index))
    reason = (
        pl.when("same").then(pl.lit("exact_overlap")).when(pl.col("share") >= min_share).then(pl.lit("ngram_overlap"))
    )
    features = [pl.col(name).alias(f"decontamination.{name}") for name in ("of", "share", "prompt_share")]
    return outcome(judged, "decontamination", reason, features, kept=("id", "source", "position"))


def _of_rows(rows: pl.DataFrame, index: Index) -> pl.DataFrame:
    """What `overlaps` finds of each row's prompt, or of a later turn's that overlaps more."""
    first = overlaps(rows.select("prompt", "text_hash"), index)
    if rows["later_turns"].null_count() == rows.height:
        return first
    numbered = rows.select(
        pl.int_range(pl.len()).alias("row"), pl.col("later_turns").list.eval(pl.element().struct["prompt"])
    )
    later = numbered.drop_nulls().explode("later_turns").rename({"later_turns": "prompt"})
    found = overlaps(later.select("prompt", text_hash(later["prompt"])), index).with_columns(later["row"])
    every = pl.concat([first.with_columns(row=pl.int_range(pl.len())), found])
    most = every.sort("row", "same", "share", descending=[False, True, True], nulls_last=True, maintain_order=True)
    return most.unique("row", keep="first", maintain_order=True).drop("row")
