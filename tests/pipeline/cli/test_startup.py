"""What only tells something about sayso is there at once: it imports nothing that reads, computes or speaks."""

import json
import subprocess
import sys

import sayso
from sayso.pipeline.stage_names import PUBLISH, STAGE_NAMES
from sayso.pipeline.stage_table import STAGES

# Each takes a tenth of a second or much more to be imported. (Typer itself asks for pydantic.)
HEAVY = {"ray", "torch", "datasets", "polars", "pyarrow", "numpy", "numba", "fsspec", "huggingface_hub"}

ASK = """
import json, sys
import typer
from typer.testing import CliRunner
from sayso.pipeline.cli import app

def ways(command, way):
    yield way
    for name, inner in getattr(command, "commands", {}).items():
        yield from ways(inner, [*way, name])

told = {}
for way in ways(typer.main.get_command(app), []):
    told[" ".join(way)] = CliRunner().invoke(app, [*way, "--help"]).output
told["--version"] = CliRunner().invoke(app, ["--version"]).output
print(json.dumps([told, [*sys.modules]]))
"""


def test_help_of_every_command_and_the_version_wait_for_no_library():
    asked = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True)
    told, modules = json.loads(asked.stdout)
    assert told.pop("--version") == f"sayso {sayso.__version__}\n"
    assert [way for way, help in told.items() if f"Usage: sayso {way}".rstrip() not in help and way] == []
    assert {"run", "voices add", "models fetch", "doctor"} <= told.keys()
    assert HEAVY.intersection(modules) == set()
    ours = {name for name in modules if name.startswith(("sayso.stages", "sayso.filters", "sayso.manifests"))}
    assert ours == {"sayso.manifests", "sayso.manifests.errors"}


def test_the_names_of_stages_that_help_shows_are_those_of_the_table():
    assert (*(stage.name for stage in STAGES), PUBLISH) == STAGE_NAMES
