"""Conversations of several turns, from their source to the rows that will be said."""

import json

import polars as pl

from sayso.manifests.ledger import Ledger
from tests.runs import sayso_here

CITIES = ("Berlin", "Paris", "London", "Madrid", "Vienna", "Lisbon", "Warsaw", "Dublin", "Athens", "Prague")
QUESTIONS = (
    "What is the best season to visit the city of {}?",
    "Which museums in {} should I see first?",
    "How do I get from the airport to the centre of {}?",
    "What do people in {} like to eat for breakfast?",
    "Where in {} can children play in the open air?",
)


def talk(city, turns):
    turns = [
        {"role": role, "content": content}
        for question in QUESTIONS[:turns]
        for role, content in (
            ("user", question.format(city)),
            ("assistant", f"In {city} there is much to choose from."),
        )
    ]
    return {"messages": turns}


def rows_of(run, stage):
    shards = [path.name.removesuffix(".record.json") for path in run.glob(f"manifests/{stage}/*.record.json")]
    return Ledger(str(run)).rows(stage, shards)


def test_conversations_are_dealt_to_the_kinds_that_their_turns_suffice_for(tmp_path, in_this_process):
    """Of ten conversations of 5, 4, 3, 2 and 1 turns, two of each, and those of a source that takes last turns."""
    talks = [talk(city, 5 - number % 5) for number, city in enumerate(CITIES)]
    (tmp_path / "talks.jsonl").write_text("\n".join(map(json.dumps, talks)))
    path = tmp_path / "talks.yaml"
    path.write_text(
        """
name: talks
sources:
  - {name: first, paths: [talks.jsonl]}
  - {name: last, paths: [talks.jsonl], turn: last}
screen: {filters: [{filter: spoken_length}]}
deduplicate: {compare: nothing}
mixture: {counts: {instruction: 5, text: 5, two_turn: 4, four_turn: 6}}
resources: {text: {workers: 1}, speech: {workers: 1}}
"""
    )
    sayso_here("run", path, "--to", tmp_path / "run", "--until", "sample")
    screened = rows_of(tmp_path / "run", "screen")
    assert screened.filter(source="first")["turns"].sort().to_list() == [1, 1, 2, 2, 3, 3, 4, 4, 4, 4]
    assert screened.filter(source="last")["turns"].to_list() == [1] * 10

    rows = rows_of(tmp_path / "run", "sample")
    # There are not six of four turns; the other kinds share what is left, as they would have shared all of it.
    assert dict(rows.group_by("kind").len().rows()) == {"instruction": 6, "text": 6, "two_turn": 4, "four_turn": 4}
    said = rows.select("kind", turns=1 + pl.col("later_turns").list.len().fill_null(0)).unique()
    assert set(said.rows()) == {("instruction", 1), ("text", 1), ("two_turn", 2), ("four_turn", 4)}
    second = rows.filter(kind="two_turn")["later_turns"].list.first().struct.field("spoken")
    assert second.str.contains("^Which museums in ").all()
