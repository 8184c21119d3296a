"""The recipe as a JSON schema, by which an editor offers its keys, shows what they mean and marks what is wrong."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from sayso.pipeline.recipe import Recipe
from sayso.pipeline.voices.voice_bank import ChosenVoice

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def recipe_schema() -> dict[str, Any]:
    """The schema of a recipe's file, with what installed packages add. Raises PluginError where one cannot be used."""
    schemas, common = models_json_schema([(Recipe, "validation"), (ChosenVoice, "validation")], by_alias=True)
    parts = common["$defs"]
    # A file may name a voice of its bank, in whose place the voice is put before the recipe is checked.
    voices = parts["Synthesize"]["properties"]["voices"]
    voices["items"] = {"anyOf": [voices["items"], schemas[ChosenVoice, "validation"]]}
    recipe = parts.pop("Recipe")
    return {"$schema": DIALECT, **recipe, "title": "A recipe of sayso", "$defs": parts}
