"""The page on what readers say shows what the labels say."""

from tests.benchmarks.reading.tables import GOOD, agreement, by_reason, by_rule, by_source, read_labels
from tests.docs.page import DOCS

PAGE = (DOCS / "explanation/reading.md").read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_those_of_the_labels():
    labels = read_labels()
    assert [table for table in (by_source(labels), by_rule(labels), by_reason(labels)) if table not in PAGE] == []


def test_the_page_tells_how_far_two_readers_agree():
    twice, alike, same = agreement(read_labels())
    assert f"Of {twice} rows that were read twice, {alike} were good or bad to both readers alike, {same}" in PAGE


def test_every_label_is_good_or_a_rule_of_the_page():
    labels = read_labels()
    given = {*labels["label"], *labels["again"].drop_nulls()} - {GOOD}
    assert [rule for rule in sorted(given) if f"| `{rule}` " not in PAGE] == []
    assert labels["id"].n_unique() == labels.height == 600
