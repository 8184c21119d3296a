from __future__ import annotations

import polars as pl
import pytest

from sayso.stages.screen.normalization import to_spoken


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("What does ∮ mean?", "no word for ∮"),
        ("What is ⌘?", "no word for ⌘"),
        ("a | b", "no word for |"),
        ("{x}", "no word for {"),
        ("GET it from /hello.", "no word for /"),
        ("I <3 you.", "no word for <"),
        ("It is 9000,000 long.", "it is not clear how '9000,000' is read"),
        ("1 → 2", "no word for →"),
        ("bad \ufffd byte", "no word for \ufffd"),
    ],
)
def test_what_has_no_words_is_reported(written: str, why: str) -> None:
    assert to_spoken(pl.Series([written]))["unpronounceable"].item() == why
