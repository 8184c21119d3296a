"""Every filter gives each of its own examples the reason that stands beside it, and one of each reason also alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import TypeAdapter

from sayso.filters import DEFAULT_FILTERS, FILTERS
from sayso.filters.example import Example
from sayso.filters.judging import Filter
from sayso.stages.screen.examples import judge_examples
from sayso.stages.screen.known_filters import AnyFilter


def first_of_each_reason() -> Iterator[tuple[Filter, Example]]:
    for kind in FILTERS:
        for example in {each.reason: each for each in reversed(kind.examples)}.values():
            yield kind(), example


@pytest.mark.parametrize(
    ("one", "example"),
    [pytest.param(one, e, id=f"{one.filter}-{e.prompt[:40]!r}") for one, e in first_of_each_reason()],
)
def test_example_judged_alone(one: Filter, example: Example) -> None:
    assert judge_examples(one, [example])["reason"].item() == example.reason


@pytest.mark.parametrize("kind", FILTERS)
def test_examples_judged_together_get_the_same_reasons(kind: type) -> None:
    examples = list(kind.examples)
    assert judge_examples(kind(), examples)["reason"].to_list() == [e.reason for e in examples]


@pytest.mark.parametrize("kind", FILTERS)
def test_examples_show_both_kept_and_dropped(kind: type) -> None:
    reasons = {example.reason for example in kind.examples}
    assert None in reasons and len(reasons) > 1


def test_a_recipe_names_a_filter_by_its_word() -> None:
    chosen = TypeAdapter(AnyFilter).validate_python({"filter": "spoken_length", "max_seconds": 12})
    assert chosen.max_seconds == 12


def test_the_default_filters_come_first_and_the_others_are_asked_by_name_only() -> None:
    defaults = tuple(type(one) for one in DEFAULT_FILTERS)
    assert FILTERS[: len(defaults)] == defaults
    optional = [kind.model_fields["filter"].default for kind in FILTERS[len(defaults) :]]
    assert optional == ["on_screen", "profanity"]
