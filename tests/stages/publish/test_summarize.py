"""The numbers of the published rows, by which a card describes them."""

import polars as pl
import pytest

from sayso.stages.compose.compose import Compose, compose
from sayso.stages.publish.summarize import ERRORS, SECONDS, summarize
from tests.published_dataset import spoken_rows
from tests.sound_formats import SOUND_FORMAT


def table(**columns):
    names = ("source", "kind", "language", "voice", "duration", "wer", "taken_out")
    types = {**dict.fromkeys(names[:4], pl.String), **dict.fromkeys(names[4:6], pl.Float32)}
    types["taken_out"] = pl.List(pl.String)
    columns = {"source": ["facts"] * len(columns["kind"]), **columns}
    empty = [None] * len(columns["kind"])
    return pl.DataFrame({name: columns.get(name, empty) for name in names}, schema=types)


def said(durations, errors):
    count = len(durations)
    constant = {"kind": ["instruction"] * count, "language": ["en"] * count, "voice": ["heart"] * count}
    return table(**constant, duration=durations, wer=errors)


def test_kinds_are_counted_in_each_split_and_only_what_is_said_is_measured():
    rows = compose(spoken_rows(10), Compose(), SOUND_FORMAT, 0)
    summary = summarize({"train": rows.head(8), "test": rows.tail(2)})
    assert {kind: sum(of_split.values()) for kind, of_split in summary.kinds.items()} == dict.fromkeys(
        ("inaudible", "instruction", "multi_turn", "text", "transcription"), 2
    )
    assert (summary.rows, summary.spoken, summary.voices) == (10, 6, {"heart": 6})
    assert summary.hours * 3600 == pytest.approx(rows.filter(pl.col("voice").is_not_null())["duration"].sum())


def test_marks_that_were_taken_out_are_counted_by_their_kinds():
    rows = table(kind=["text"] * 3, taken_out=[["calculator", "final_line"], None, ["calculator"]])
    assert summarize({"train": rows}).taken_out == {"calculator": 2, "final_line": 1}


def test_a_value_at_an_edge_is_in_the_bar_below_it():
    summary = summarize({"train": said([2.0, 2.1, 30.0, 30.1], [0.0, 0.05, 0.1, 0.9])})
    assert dict(zip((*SECONDS, "longer"), summary.lengths, strict=True)) == {
        **dict.fromkeys((*SECONDS, "longer"), 0),
        **{2: 1, 4: 1, 30: 1, "longer": 1},
    }
    assert dict(zip((*ERRORS, "more"), summary.errors, strict=True)) == {
        **dict.fromkeys((*ERRORS, "more"), 0),
        **{0.0: 1, 0.05: 1, 0.1: 1, "more": 1},
    }


def test_languages_and_voices_are_named_most_frequent_first():
    rows = table(
        kind=["instruction"] * 3,
        language=["pl", "en", "en"],
        voice=["a", "b", "b"],
        duration=[1.0, 2.0, 3.0],
        wer=[0.0, 0.5, 0.0],
    )
    summary = summarize({"train": rows})
    assert (summary.languages, list(summary.voices)) == (("en", "pl"), ["b", "a"])
    assert (summary.mean_seconds, summary.mean_wer, summary.share_exact) == pytest.approx((2.0, 1 / 6, 2 / 3))


def test_a_dataset_without_rows_has_a_summary_too():
    summary = summarize({"train": said([], [])})
    assert (summary.rows, summary.mean_wer, summary.kinds) == (0, 0.0, {})
