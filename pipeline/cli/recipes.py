"""The commands that help to write recipes."""

from __future__ import annotations

import typer

from sayso.pipeline.cli.app import DebugOption, app, print_json
from sayso.pipeline.cli.errors import clear_errors

recipes = typer.Typer(help="Write recipes with the help of an editor.", no_args_is_help=True)
app.add_typer(recipes, name="recipe")


@recipes.command(epilog="Example:  sayso recipe schema > recipe.schema.json")
def schema(debug: DebugOption = False) -> None:
    """Print the JSON schema of recipes, with what installed packages add: filters, schemas, voices, tokenizers."""
    with clear_errors(debug):
        from sayso.pipeline.recipe_schema import recipe_schema

        print_json(recipe_schema())
