"""A stage is done again when code that it reaches changes, and not when a comment or a description does."""

import ast
import shutil

import pytest

from pipeline.cluster_jobs import ClusterJob
from pipeline.code_version import PROJECT_PACKAGES, ROOT, code_version
from pipeline.compose_jobs import ComposeJob
from pipeline.decontaminate_jobs import DecontaminateJob
from pipeline.deduplicate_jobs import DeduplicateJob
from pipeline.evaluation_jobs import EvaluationJob
from pipeline.held_out_jobs import CandidatesJob, LeaksJob
from pipeline.ingest_jobs import IngestJob
from pipeline.mix_jobs import MixJob
from pipeline.pair_jobs import BandPairsJob, TextPairsJob
from pipeline.sample_jobs import SampleJob
from pipeline.screen_jobs import ScreenJob
from pipeline.signature_jobs import SignatureJob
from pipeline.speech_jobs import SynthesizeJob
from pipeline.survey_jobs import SurveyJob

JOBS = {
    "evaluations": (EvaluationJob,),
    "survey": (SurveyJob,),
    "ingest": (IngestJob,),
    "screen": (ScreenJob,),
    "decontaminate": (DecontaminateJob,),
    "signatures": (SignatureJob,),
    "pairs": (TextPairsJob, BandPairsJob),
    "clusters": (ClusterJob,),
    "deduplicate": (DeduplicateJob,),
    "sample": (SampleJob,),
    "synthesize": (SynthesizeJob,),
    "mix": (MixJob,),
    "candidates": (CandidatesJob,),
    "leaks": (LeaksJob,),
    "compose": (ComposeJob,),
}

TEST_SPLIT = {"candidates", "leaks"}
DUPLICATES = {"signatures", "pairs", "clusters", "deduplicate"}
READING = {"evaluations", "survey", "ingest", "decontaminate"}

# What is done again when something changes in a module. What decides about no row is in no key.
REDONE = {
    "filters": {"screen"},
    "filters.quality": {"screen"},
    "filters.folding": {"evaluations", "screen", "decontaminate", *DUPLICATES, *TEST_SPLIT, "compose"},
    "stages.csv_rows": READING,
    "stages.ingest": {"ingest"},
    "stages.sources": READING - {"survey"},
    "stages.screen": {"screen"},
    "stages.spoken.numbers": {"screen"},
    "stages.decontaminate": {"decontaminate"},
    "stages.evaluations": {"evaluations"},
    "stages.duplicates.signatures": {*DUPLICATES, *TEST_SPLIT, "compose"},
    "stages.duplicates.clusters": {"clusters"},
    "stages.deduplicate": {"deduplicate"},
    "stages.sample": {"sample"},
    "stages.mixture": {"sample", "mix", *TEST_SPLIT, "compose"},
    "stages.takes": {"synthesize"},
    "stages.speech.gates": {"synthesize"},
    "stages.speech.hibari": {"synthesize"},
    "stages.speech.whispervq": {"synthesize"},
    "stages.speech.whisperspeech.sampling": {"synthesize"},
    "stages.inaudible": {"mix"},
    "stages.refusals": {"mix"},
    "stages.ichigo": {"compose"},
    "stages.sound_strings": {"compose"},
    "stages.published_columns": {"compose"},
    "pipeline.survey_jobs": {"survey"},
    "pipeline.screen_jobs": {"screen"},
    "pipeline.pair_jobs": {"pairs"},
    "pipeline.signed_rows": {"pairs", "clusters"},
    "pipeline.sample_jobs": {"sample"},
    "pipeline.speech_jobs": {"synthesize"},
    "pipeline.mix_jobs": {"mix"},
    "pipeline.held_out_jobs": TEST_SPLIT,
    "pipeline.compose_jobs": {"compose"},
    "manifests.ledger": set(),
    "manifests.records": set(),
    "manifests.storage": set(),
    "pipeline.engine": set(),
    "pipeline.plan_mix": set(),
    "pipeline.recipe": set(),
    "stages.publish": set(),
    "stages.speech.training.train": set(),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of the source."""
    root = tmp_path_factory.mktemp("source")
    for package in PROJECT_PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            copy = root / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    return root


def versions(root):
    code_version.cache_clear()
    return {stage: {code_version(job.__module__, root) for job in jobs} for stage, jobs in JOBS.items()}


@pytest.fixture(scope="module")
def unchanged(source):
    return versions(source)


@pytest.mark.parametrize("module", REDONE)
def test_a_changed_constant_re_does_the_stages_that_reach_it_and_no_other(source, unchanged, module):
    file = source.joinpath(*module.split("."))
    file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
    text = file.read_text()
    tree = ast.parse(text)
    constant = constants(tree)[-1]
    constant.value = constant.value + constant.value if isinstance(constant.value, str) else constant.value + 1
    file.write_text(ast.unparse(tree))
    changed = versions(source)
    file.write_text(text)
    assert {stage for stage in JOBS if changed[stage] != unchanged[stage]} == REDONE[module]


def constants(tree):
    """The texts and numbers of a module that are no docstrings and no descriptions."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "description":
            told |= {id(inner) for inner in ast.walk(node)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told]
    return [node for node in found if isinstance(node.value, str | int | float) and node.value not in ("", True, False)]


def test_comments_layout_docstrings_and_descriptions_re_do_nothing(unchanged, tmp_path):
    for package in PROJECT_PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            tree = ast.parse(file.read_text())
            for node in ast.walk(tree):
                if isinstance(node, ast.keyword) and node.arg == "description":
                    node.value = ast.Constant("in other words")
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                    node.body[0].value.value = "In other words."
            reworded = tmp_path / file.relative_to(ROOT)
            reworded.parent.mkdir(parents=True, exist_ok=True)
            reworded.write_text(f"# In other words.\n{ast.unparse(tree)}\n")
    assert versions(tmp_path) == unchanged


SAY = "def say(text):\n    return split(text)\n"
SPLIT = "def split(text):\n    return text.split()\n"

IMPORTS = {
    "a name from a module": ("from stages.words.split import split", ""),
    "a module": ("import stages.words.split\nsplit = stages.words.split.split", ""),
    "a module under another name": ("import stages.words.split as words", ""),
    "a module from its package": ("from stages.words import split", ""),
    "a name from here": ("from .words.split import split", ""),
    "a module from here": ("from .words import split", ""),
    "a name that the package passes on": (
        "from stages.words import cut",
        "from stages.words.split import split as cut",
    ),
    "a name that the package passes on from here": ("from stages.words import cut", "from .split import split as cut"),
    "all that the package passes on": ("from stages.words import *", "from stages.words.split import *"),
    "a package that imports": ("import stages.words", "from stages.words import split"),
    "an import in a function": ("def later():\n    from stages.words.split import split", ""),
    "an import where it is there": ("try:\n    import stages.words.split\nexcept ImportError:\n    pass", ""),
}


@pytest.mark.parametrize(("said", "package"), IMPORTS.values(), ids=IMPORTS)
def test_whatever_way_a_module_is_imported_its_change_is_seen(tmp_path, said, package):
    def version(split):
        (tmp_path / "stages" / "words").mkdir(parents=True, exist_ok=True)
        (tmp_path / "stages" / "__init__.py").write_text("")
        (tmp_path / "stages" / "words" / "__init__.py").write_text(package)
        (tmp_path / "stages" / "say.py").write_text(f"{said}\n\n{SAY}")
        (tmp_path / "stages" / "words" / "split.py").write_text(split)
        code_version.cache_clear()
        return code_version("stages.say", tmp_path)

    assert version(SPLIT.replace("split()", "split(',')")) != version(SPLIT)


def test_a_package_that_does_something_counts_for_all_of_its_modules(tmp_path):
    package = tmp_path / "stages"
    package.mkdir()
    (package / "say.py").write_text(SAY)

    def version(package_text):
        (package / "__init__.py").write_text(package_text)
        code_version.cache_clear()
        return code_version("stages.say", tmp_path)

    assert version("import os\nKNOWN = 1\n") == version("KNOWN = 2\n")
    assert version("import os\nos.environ['SPLIT'] = ','\n") != version("")


def test_a_module_without_source_has_no_version(tmp_path):
    with pytest.raises(ModuleNotFoundError, match=r"there is no source of stages\.say below"):
        code_version("stages.say", tmp_path)


@pytest.mark.parametrize("package", PROJECT_PACKAGES)
def test_no_module_is_imported_by_a_name_that_is_made_while_running(package):
    for file in (ROOT / package).rglob("*.py"):
        called = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        names = {getattr(function, "attr", getattr(function, "id", "")) for function in called}
        assert not names & {"import_module", "__import__", "exec"}, file


def test_what_stages_read_beside_their_code_is_in_the_key_by_its_content():
    files = [file for name in ("filters", "stages") for file in (ROOT / name).rglob("*.*")]
    data = {file.name for file in files if file.suffix not in (".py", ".md") and file.parent.name != "__pycache__"}
    # `models_used` has the sha256 of both.
    assert data == {"whispervq-tiny-en.model", "default-speaker.npy"}
