"""Public layouts: each small file gives the rows that it must, field by field, or the sentence that refuses it."""

import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from tests.docs.page import DOCS
from tests.stages.sources.public_layouts import FOLDER, Layout, layouts, read_layout, read_source


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_its_rows_come_out(layout: Layout) -> None:
    came = read_layout(layout.name)
    assert came.refused == layout.refused
    assert came.rows == layout.rows


def test_every_reason_why_a_row_is_dropped_is_explained_in_the_reference() -> None:
    reasons = {row["reason"] for layout in layouts() for row in layout.rows if "reason" in row}
    page = (DOCS / "reference/verdicts.md").read_text("utf-8")
    assert {"no_recording", "unread_column", "rejected_answer"} <= reasons
    assert [reason for reason in sorted(reasons) if f"| `{reason}` |" not in page] == []


@pytest.mark.parametrize(
    "name",
    [
        *("bedrock", "capybara", "claude_export", "cohere", "dolphin_r1", "gemini", "hotpot_qa", "human_assistant"),
        *("medqa_lists", "moss", "oasst_trees", "race", "xtuner"),
    ],
)
def test_of_a_nested_column_of_parquet_all_that_matters_is_read(name: str, tmp_path: Path) -> None:
    (layout,) = (layout for layout in layouts() if layout.name == name)
    text = (FOLDER / layout.file).read_text("utf-8")
    rows = json.loads(text) if layout.file.endswith(".json") else [json.loads(line) for line in text.splitlines()]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "rows.parquet")
    assert read_source(layout, "rows.parquet", tmp_path).rows == layout.rows
