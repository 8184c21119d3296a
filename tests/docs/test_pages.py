"""What pages point at is there, and the recipes and tables they show are right."""

import re
from pathlib import Path

import polars as pl
import pytest
import yaml

from sayso.pipeline.recipe import Recipe
from sayso.pipeline.voices.voice_bank import read_bank, with_bank
from sayso.stages.screen import normalization
from sayso.stages.screen.normalization import to_spoken
from tests import open_data
from tests.docs.page import DOCS, REPOSITORY, blocks

PAGES = sorted([*REPOSITORY.glob("*.md"), *DOCS.rglob("*.md")])
NAMES = [str(page.relative_to(REPOSITORY)) for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_recipes_and_parts_of_recipes_are_valid(page, tmp_path):
    whole = {"name": "mine", "sources": [{"name": "mine", "paths": ["mine.jsonl"]}]}
    for block in blocks(page):
        if block.language == "yaml":
            part = yaml.safe_load(block.text)
            if isinstance(part, list):
                # A bank of voices, which a recipe further down chooses from.
                (tmp_path / "voices.yaml").write_text(block.text)
                assert read_bank(tmp_path / "voices.yaml")
                continue
            if "filters" in part.get("screen", {}):
                chosen = part["screen"]["filters"]
                # The one that the page on filters adds is not known here.
                part["screen"]["filters"] = [one for one in chosen if one["filter"] != "questions"]
            if [voice.get("engine") for voice in part.get("synthesize", {}).get("voices", [])][:1] == ["low"]:
                # Nor is the voice that the page on voices adds.
                del part["synthesize"]
            # Nor is the tokenizer that a package of the page on tokenizers adds.
            if part.get("synthesize", {}).get("tokenizer") == {"engine": "loudness"}:
                del part["synthesize"]["tokenizer"]
            whole = part if {"name", "sources"} <= part.keys() else {**whole, **part}
            Recipe.model_validate(with_bank(whole, tmp_path / "mine.yaml"))


def test_the_index_leads_to_every_page():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page != DOCS / "README.md"]
    assert [page for page in pages if f"({page})" not in index] == []


def test_the_table_of_spoken_text_is_what_is_said():
    text = (DOCS / "explanation/spoken-text.md").read_text(encoding="utf-8")
    said, _, classes = text.partition("\n| class |")
    prompts, spoken = zip(*re.findall(r"^\| (.+) \| (.+) \|$", said, re.M)[2:], strict=True)
    assert to_spoken(pl.Series(prompts))["spoken"].to_list() == list(spoken)
    forms = [path.stem for path in Path(normalization.__file__).parent.glob("*.py") if "\nFORMS = " in path.read_text()]
    assert {*forms, "words", "numbers"} == set(re.findall(r"^\| `(\w+)` \|", classes, re.M))


def test_the_real_instruction_files_are_those_that_tests_read_under_the_licences_of_the_recipe():
    text = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    section = text.partition("## Real instruction files\n")[2].partition("\n## ")[0]
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*\| (\S+) \|$", section, re.M))
    assert set(listed) == set(open_data.names())
    recipe = yaml.safe_load(open_data.RECIPE.read_text(encoding="utf-8"))
    assert {source["paths"][0]: source["license"] for source in recipe["sources"]}.items() <= listed.items()
