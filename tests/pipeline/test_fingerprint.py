"""A stage is done again when its parameters or its code change, and not when a comment does."""

import sys

import pytest

from pipeline.code_version import code_version
from pipeline.fingerprint import fingerprint


@pytest.fixture
def stage(tmp_path, monkeypatch):
    """A module that imports another one; returns a function that rewrites either and gives the version."""
    package = tmp_path / "stages_under_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("pipeline.code_version.PROJECT_PACKAGES", ("stages_under_test",))

    def version(**sources):
        for name, source in sources.items():
            (package / f"{name}.py").write_text(source)
        code_version.cache_clear()
        sys.path_importer_cache.clear()
        return code_version("stages_under_test.say")

    yield version
    code_version.cache_clear()
    for name in [name for name in sys.modules if name.startswith("stages_under_test")]:
        del sys.modules[name]


SAY = "from stages_under_test.words import split\n\ndef say(text):\n    return split(text)\n"
WORDS = "def split(text):\n    return text.split()\n"


def test_other_code_is_another_version_wherever_it_is_imported_from(stage):
    before = stage(say=SAY, words=WORDS)
    assert stage(say=SAY, words=WORDS.replace("split()", "split(',')")) != before
    assert stage(say=SAY, words=WORDS) == before


def test_comments_docstrings_and_layout_do_not_count(stage):
    before = stage(say=SAY, words=WORDS)
    reworded = 'def split(text):\n    """Split a text."""\n    # at spaces\n    return (text\n        .split())\n'
    assert stage(say=SAY, words=reworded) == before


def test_parameters_count_whatever_their_order():
    one = fingerprint("stages.sample", {"rows": 5, "seed": 1})
    assert one == fingerprint("stages.sample", {"seed": 1, "rows": 5})
    assert one != fingerprint("stages.sample", {"seed": 2, "rows": 5})
    assert one != fingerprint("stages.deduplicate", {"rows": 5, "seed": 1})
