"""Public layouts: each small file gives the rows that it must, field by field, or the sentence that refuses it."""

import pytest

from tests.stages.sources.public_layouts import Layout, layouts, read_layout


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_its_rows_come_out(layout: Layout) -> None:
    came = read_layout(layout.name)
    assert came.refused == layout.refused
    assert came.rows == layout.rows
