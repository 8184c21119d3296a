"""The JSON schema of recipes: what it takes and refuses is what sayso takes and refuses."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from sayso.pipeline.recipe import BUNDLED, Recipe
from sayso.pipeline.recipe_schema import recipe_schema
from tests.docs.page import DOCS, blocks
from tests.runs import sayso_here

SOURCES = [{"name": "facts", "paths": ["facts.jsonl"]}]


@pytest.fixture(scope="module")
def schema():
    found = recipe_schema()
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


@pytest.mark.parametrize("path", sorted(BUNDLED.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_recipes_that_come_with_sayso_are_right_by_it(schema, path):
    schema.validate(yaml.safe_load(path.read_text("utf-8")))


def test_the_recipes_of_the_how_to_pages_are_right_by_it(schema):
    # The others show recipes for what they add.
    pages = [page for page in (DOCS / "how-to").glob("*.md") if not page.name.startswith("add-a-")]
    every = [block for page in pages for block in blocks(page) if block.language == "yaml"]
    parts = [part for part in (yaml.safe_load(block.text) for block in every) if isinstance(part, dict)]
    assert len(parts) > 10
    for part in parts:
        schema.validate({"name": "mine", "sources": SOURCES, **part})


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ({"sampel": {}}, []),
        ({"seed": "seven"}, ["seed"]),
        ({"sample": {"rows": 0}}, ["sample", "rows"]),
        ({"screen": {"filters": [{"filter": "written_length", "max_word": 5}]}}, ["screen", "filters", 0]),
        ({"synthesize": {"voices": [{"name": "anna", "engine": "nobody"}]}}, ["synthesize", "voices", 0]),
        ({"synthesize": {"voices": [{"bank": "anna", "license": "CC0-1.0"}]}}, ["synthesize", "voices", 0]),
    ],
)
def test_a_wrong_key_or_value_is_marked_where_it_stands(schema, part, where):
    (error,) = schema.iter_errors({"name": "mine", "sources": SOURCES, **part})
    assert list(error.absolute_path) == where


def test_every_key_has_a_description(schema):
    parts = {"Recipe": schema.schema, **schema.schema["$defs"]}
    keys = [(name, key, told) for name, part in parts.items() for key, told in part.get("properties", {}).items()]
    silent = {(name, key) for name, key, told in keys if "description" not in told and "$ref" not in told}
    assert {(name, key) for name, key in silent if key not in ("filter", "engine")} == set()


def test_the_command_prints_it(schema):
    assert json.loads(sayso_here("recipe", "schema").stdout) == json.loads(json.dumps(schema.schema))
    assert schema.schema["properties"].keys() == Recipe.model_fields.keys()
