"""The folders as they are meant: imports point one way, in no circle, as parts of sayso only; and files stay short."""

import ast
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from sayso.stages.jobs.code_version import PACKAGE, PARTS, ROOT

REPOSITORY = Path(__file__).parents[1]

# From the top down: a module imports of its own folder or of those after it. Stages stand in the order of the data, and
# a later one may use what an earlier one has.
ORDER = (
    "pipeline",
    *(f"stages.{stage}" for stage in ("publish", "compose", "hold_out", "mix", "synthesize", "sample")),
    *(f"stages.{stage}" for stage in ("deduplicate", "decontaminate", "screen", "ingest")),
    *(f"stages.{subject}" for subject in ("jobs", "speech", "sources", "rows")),
    "filters",
    "manifests",
)

# A longer file has more than one subject, but for these.
MOST_LINES = 300
LONGER = {
    "tests/hostile/patterns.py": "one table: an entry for each pattern and loop that looks at text",
    "tests/hostile/spoken_text.py": "one table: the patterns of spoken text, by class",
    "tests/hub_server.py": "one server: what it holds, its faults and its answers",
    "tests/pipeline/hub/test_hostile_repository.py": "one repository, tampered with in every way",
    "tests/pipeline/test_model_fetching.py": "one folder of models, filled and used",
    "tests/pipeline/test_run.py": "one run that takes half a minute, which all its tests start from",
}


def modules():
    """Every module by its name, with the modules of ours that it imports."""
    files = {}
    for part in PARTS:
        for path in (ROOT / PACKAGE / part).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            files[name] = path
    return {name: set(imported(path, files)) - {name} for name, path in files.items()}


def imported(path, files):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in files)
        elif isinstance(node, ast.ImportFrom) and node.module in files:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in inside if name in files)
            if any(name not in files for name in inside):
                yield node.module


MODULES = modules()


def floor(module):
    """Where a module stands in `ORDER`."""
    inside = module.removeprefix(f"{PACKAGE}.")
    return next((place for place, folder in enumerate(ORDER) if f"{inside}.".startswith(f"{folder}.")), None)


def test_every_module_has_its_place():
    assert [name for name in MODULES if floor(name) is None] == ["sayso.stages"]


def test_no_import_runs_back_up():
    arrows = [(name, other) for name, others in MODULES.items() for other in others]
    assert [(name, other) for name, other in arrows if floor(name) > floor(other)] == []


def test_no_imports_form_a_circle():
    try:
        TopologicalSorter(MODULES).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))


def test_nothing_below_the_pipeline_knows_the_recipe():
    assert [name for name, others in MODULES.items() if "sayso.pipeline.recipe" in others and floor(name) > 0] == []


def top_level_imports(path):
    """The first part of the name of each module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "").partition(".")[0]


def own_files():
    return [path for folder in (*PARTS, "tests") for path in sorted((REPOSITORY / folder).rglob("*.py"))]


@pytest.mark.parametrize("name", PARTS)
def test_the_folders_are_imported_as_parts_of_sayso_only(name):
    assert name not in sys.modules


def test_nothing_is_imported_from_a_folder_by_its_bare_name():
    found = [(path.relative_to(REPOSITORY), set(top_level_imports(path))) for path in own_files()]
    assert [(str(name), parts) for name, imports in found if (parts := imports & {*PARTS, ".", ".."})] == []


def test_no_file_is_so_long_that_it_has_a_second_subject():
    lengths = {str(path.relative_to(REPOSITORY)): len(path.read_text("utf-8").splitlines()) for path in own_files()}
    assert {name for name, lines in lengths.items() if lines > MOST_LINES} == LONGER.keys()
