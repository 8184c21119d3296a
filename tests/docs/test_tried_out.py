"""The tutorial and the how-to pages do what they say, from the first block to the last; the README shows a true run."""

import shutil

import pytest

from sayso.stages.jobs.code_version import PARTS
from tests.docs.page import COMMANDS, DOCS, REPOSITORY, blocks, try_out
from tests.pipeline.export.heard_dataset import publish


def test_the_tutorial_leads_from_an_empty_folder_to_a_checked_dataset(tmp_path, shared_ray):
    try_out(blocks(DOCS / "tutorial.md"), tmp_path, COMMANDS)


@pytest.mark.parametrize(
    "name",
    [
        "add-a-filter",
        "bring-your-data",
        "choose-thresholds",
        "decontaminate",
        "mix-kinds",
        "recorded-speech",
    ],
)
def test_a_how_to_page_works_in_an_empty_folder(name, tmp_path):
    try_out(blocks(DOCS / "how-to" / f"{name}.md"), tmp_path)


def test_python_code_runs_as_its_page_says(tmp_path, shared_ray):
    try_out(blocks(DOCS / "how-to/use-from-python.md"), tmp_path)


def test_what_is_exported_lies_where_the_page_says(tmp_path):
    publish(tmp_path / "spoken-questions")
    try_out(blocks(DOCS / "how-to/export.md"), tmp_path)


def test_the_errors_are_caught_as_their_page_says(tmp_path):
    try_out(blocks(DOCS / "reference/errors.md"), tmp_path)


@pytest.mark.parametrize("name", ["add-a-stage", "add-a-column"])
def test_the_change_of_a_how_to_page_fits_into_a_clone(name, tmp_path):
    for folder in (".src", *PARTS, "tests/faults"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, symlinks=True)
    (tmp_path / "tests/__init__.py").touch()
    shutil.copy(REPOSITORY / "tests/runs.py", tmp_path / "tests/runs.py")
    try_out(blocks(DOCS / f"how-to/{name}.md"), tmp_path)


def test_the_readme_shows_the_funnel_of_the_demo(tmp_path):
    command, funnel = [block for block in blocks(REPOSITORY / "README.md") if block.language in ("bash", "text")][:2]
    try_out([command, funnel], tmp_path)
