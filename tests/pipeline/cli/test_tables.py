"""What tables show is whole at 80 columns, which every log and pipe has: what is too wide goes on below."""

import io
import re

import pytest

from sayso.manifests.reports.explanation import Explanation, Step
from sayso.manifests.reports.funnel import Loss, SourceFlow, StageFlow
from sayso.manifests.reports.status import Status
from sayso.pipeline.cli.console import Console
from sayso.pipeline.cli.tables import SourceTable, explanation_panel, funnel_table, status_table

MANY = 1_234_567_890
ID = "0123456789abcdef0123456789abcdef"
REASON = "another_maker"
STAGES = ("ingest", "screen", "decontaminate", "deduplicate", "sample", "synthesize", "mix", "compose")


def printed(shown, width=80):
    file = io.StringIO()
    Console(file=file, width=width).print(shown)
    text = file.getvalue()
    assert "…" not in text
    assert max(len(line) for line in text.splitlines()) <= width
    return text


@pytest.fixture
def flows():
    loss = Loss(filter="self_description", reason=REASON, rows=MANY)
    sources = tuple(SourceFlow(source=name, rows_in=MANY, rows_out=MANY) for name in ("open-orca", "ultrachat"))
    flow = {"shards": 1, "shards_done": 1, "rows_in": MANY, "rows_out": MANY, "losses": (loss,), "seconds": 1.0}
    return [StageFlow(stage=stage, sources=sources, **flow) for stage in STAGES]


def test_the_funnel_has_every_number_and_reason(flows):
    lines = printed(funnel_table(flows)).splitlines()
    for stage in STAGES:
        assert any(line.split() == [stage, "1,234,567,890", "of", "1,234,567,890", "█" * 16] for line in lines)
    assert sum(line.split() == ["-1,234,567,890", "self_description:", REASON] for line in lines) == len(STAGES)


def test_what_is_wider_than_the_terminal_goes_on_below(flows):
    text = printed(funnel_table(flows), width=50)
    assert text.count("-1,234,567,890") == len(STAGES)
    assert REASON in re.sub(r"\s", "", text)


def test_each_source_has_a_line_where_there_is_room_for_it(flows):
    [line] = [line for line in printed(SourceTable(flows), width=160).splitlines() if "open-orca" in line]
    assert line.split() == ["open-orca", *["1,234,567,890"] * (1 + len(STAGES))]


def test_each_source_has_a_list_where_there_is_none(flows):
    title, first, *below = printed(SourceTable(flows)).splitlines()
    assert (title, first) == ("By source", "open-orca")
    listed = below[: below.index("ultrachat")]
    assert sorted(" ".join(listed).split()) == sorted([*STAGES, "rows", *["1,234,567,890"] * (1 + len(STAGES))])
    assert all(re.search(rf"{stage} 1,234,567,890( |$)", "\n".join(listed), re.M) for stage in STAGES)


def test_the_ids_of_a_row_and_of_the_one_that_stays_in_its_place_are_whole():
    step = Step(
        stage="deduplicate",
        shard="a-00000",
        verdict="dropped",
        filter="duplicates",
        reason="near_duplicate_of_an_evaluation",
        detail="a sentence that is longer than any of the columns beside it",
        values={"duplicates.stays": ID, "duplicates.similarity": 0.91234},
        thresholds={"threshold": 0.8},
    )
    position = "a/folder/of/many/names/and/another/one/facts-of-all-kinds.jsonl:123456789"
    found = Explanation(id=ID, source="facts", position=position, texts={}, steps=(step,), published=None)
    text = printed(explanation_panel(found))
    assert text.count(ID) == 2
    assert position in re.sub(r"\s", "", text)


def test_a_long_text_says_how_much_more_there_is():
    step = Step(
        stage="ingest", shard="a", verdict="kept", filter=None, reason=None, detail=None, values={}, thresholds={}
    )
    texts = {"answer": "a" * 1600}
    found = Explanation(id=ID, source="s", position="a:1", texts=texts, steps=(step,), published=None)
    file = io.StringIO()
    Console(file=file, width=80).print(explanation_panel(found))
    assert "(--json has 1,000 characters more)" in " ".join(file.getvalue().split())


def test_how_far_a_large_run_is(flows):
    flow = flows[5].model_copy(update={"shards": 100_000, "shards_done": 99_999, "seconds": 1e8})
    text = printed(status_table(Status(name="run", stages=(flow,), published=False)))
    [line] = [line for line in text.splitlines() if "99,999" in line]
    expected = ["synthesize", "99,999", "of", "100,000", "1,234,567,890", "1,234,567,890", "100,000,000.0", "s"]
    assert line.split() == expected
