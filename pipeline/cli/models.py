"""The commands that bring models to where they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.pipeline.cli.app import (
    DebugOption,
    JsonOption,
    LogOption,
    QuietOption,
    RecipeArgument,
    VerboseOption,
    app,
    print_json,
)
from sayso.pipeline.cli.console import Console
from sayso.pipeline.cli.errors import clear_errors
from sayso.pipeline.cli.reporting import checked_reporting

models = typer.Typer(help="Bring the models of a recipe to machines without a network.", no_args_is_help=True)
app.add_typer(models, name="models")


@models.command(epilog="Example:  sayso models fetch mine.yaml --to models")
def fetch(
    recipe: RecipeArgument,
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="a folder; what is there and right is not fetched")],
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    log_file: LogOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Fetch every model that a recipe's voices and tokenizer need into one folder, for `sayso run --models DIR`."""
    with clear_errors(debug, checked_reporting(quiet, verbose, log_file)) as reporting:
        from sayso.pipeline.cli.progress import bytes_moved
        from sayso.pipeline.model_fetching import fetch_models
        from sayso.pipeline.recipe import load_recipe
        from sayso.pipeline.submitted_job import lasting

        config = load_recipe(recipe).synthesize
        with bytes_moved("fetch", reporting) as progress:
            fetched = fetch_models(config, lasting(to).resolve(), progress)
        if as_json:
            print_json(fetched)
            return
        out = Console(highlight=False, soft_wrap=True, markup=False)
        for file in fetched.fetched:
            out.print(f"fetched  {file.name} ({file.bytes:,} bytes)", markup=False)
        for name, reason in fetched.elsewhere.items():
            out.print(f"nothing  {name}: {reason}", markup=False)
        out.print(
            f"fetched {len(fetched.fetched):,} files ({fetched.bytes_fetched:,} bytes), {len(fetched.there):,} were "
            f"there; use them: sayso run {recipe} --to DIR --models {to}"
        )
