"""Why a shard is not what an earlier key has: told from the two keys."""

import pytest

from sayso.manifests.records import ShardKey

EARLIER = ShardKey(stage="screen", shard="a", fingerprint="both", code="code", recipe="recipe", input="bytes")

CHANGES = {
    "nothing": ({}, ()),
    "code": ({"fingerprint": "x", "code": "x"}, ("code",)),
    "recipe": ({"fingerprint": "x", "recipe": "x"}, ("recipe",)),
    "recipe and code": ({"fingerprint": "x", "recipe": "x", "code": "x"}, ("recipe", "code")),
    "input": ({"input": "x"}, ("input",)),
    # What is held may have been drawn from the input.
    "input, and what is held": ({"input": "x", "fingerprint": "x", "recipe": "x"}, ("input",)),
    "input and code": ({"input": "x", "fingerprint": "x", "code": "x"}, ("input", "code")),
}


@pytest.mark.parametrize(("other", "changes"), CHANGES.values(), ids=CHANGES)
def test_a_key_tells_what_changed_since_an_earlier_one(other, changes):
    assert EARLIER.model_copy(update=other).changes_since(EARLIER) == changes


def test_a_key_without_the_parts_of_its_fingerprint_leaves_open_which_of_them_changed():
    earlier = EARLIER.model_copy(update={"code": "", "recipe": ""})
    assert EARLIER.changes_since(earlier) == ()
    assert EARLIER.model_copy(update={"fingerprint": "x"}).changes_since(earlier) == ("recipe or code",)
    assert EARLIER.model_copy(update={"input": "x"}).changes_since(earlier) == ("input",)
