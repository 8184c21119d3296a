"""A stage is done again when code that it reaches changes, and not when a comment or a description does."""

import ast
import shutil

import pytest

from sayso.stages.compose.job import ComposeJob
from sayso.stages.decontaminate.evaluation_job import EvaluationJob
from sayso.stages.decontaminate.job import DecontaminateJob
from sayso.stages.deduplicate.cluster_job import ClusterJob
from sayso.stages.deduplicate.frame_job import FrameJob
from sayso.stages.deduplicate.job import DeduplicateJob
from sayso.stages.deduplicate.pair_job import BandPairsJob, TextPairsJob
from sayso.stages.deduplicate.signature_job import SignatureJob
from sayso.stages.hold_out.job import CandidatesJob, LeaksJob
from sayso.stages.ingest.job import IngestJob
from sayso.stages.ingest.survey_job import SurveyJob
from sayso.stages.jobs.code_version import PACKAGE, PARTS, ROOT, code_version
from sayso.stages.mix.job import MixJob
from sayso.stages.sample.job import SampleJob
from sayso.stages.sample.shuffle_job import RegroupJob, ScatterJob
from sayso.stages.screen.job import ScreenJob
from sayso.stages.synthesize.job import SynthesizeJob

JOBS = {
    "evaluations": (EvaluationJob,),
    "survey": (SurveyJob,),
    "ingest": (IngestJob,),
    "screen": (ScreenJob,),
    "decontaminate": (DecontaminateJob,),
    "frames": (FrameJob,),
    "signatures": (SignatureJob,),
    "pairs": (TextPairsJob, BandPairsJob),
    "clusters": (ClusterJob,),
    "deduplicate": (DeduplicateJob,),
    "scatter": (ScatterJob,),
    "subdivide": (RegroupJob,),
    "gather": (RegroupJob,),
    "sample": (SampleJob,),
    "synthesize": (SynthesizeJob,),
    "mix": (MixJob,),
    "candidates": (CandidatesJob,),
    "leaks": (LeaksJob,),
    "compose": (ComposeJob,),
}

TEST_SPLIT = {"candidates", "leaks"}
FOLDED = {"evaluations", "screen", "decontaminate", "frames"}
DUPLICATES = {"signatures", "pairs", "clusters", "deduplicate"}
READING = {"evaluations", "survey", "ingest", "decontaminate"}

# What is done again when something changes in a module. What decides about no row is in no key.
REDONE = {
    "sayso.filters.profanity": {"screen"},
    "sayso.filters.quality": {"screen"},
    "sayso.filters.text.folding": {
        "evaluations",
        "screen",
        "decontaminate",
        "frames",
        *DUPLICATES,
        *TEST_SPLIT,
        "compose",
    },
    "sayso.stages.sources.formats.csv_rows": READING - {"decontaminate"},
    "sayso.stages.ingest.ingest": {"ingest"},
    "sayso.stages.sources.source": READING - {"survey"},
    "sayso.stages.screen.screen": {"screen"},
    "sayso.stages.screen.normalization.numbers": {"screen"},
    "sayso.stages.decontaminate.decontaminate": {"decontaminate"},
    "sayso.stages.decontaminate.evaluations": {"evaluations"},
    "sayso.stages.deduplicate.compared_rows": {"frames", "signatures"},
    "sayso.stages.deduplicate.signatures": {*DUPLICATES, *TEST_SPLIT, "compose"},
    "sayso.stages.deduplicate.clusters": {"clusters"},
    "sayso.stages.deduplicate.deduplicate": {"deduplicate"},
    "sayso.stages.sample.sample": {"sample"},
    "sayso.stages.rows.kinds": {"sample", "mix", *TEST_SPLIT, "compose"},
    "sayso.stages.rows.mixture": {"sample", *TEST_SPLIT, "compose"},
    "sayso.stages.synthesize.attempts": {"synthesize"},
    "sayso.stages.synthesize.gates": {"synthesize"},
    "sayso.stages.speech.voices.hibari.files": {"synthesize"},
    "sayso.stages.speech.tokenizers.whispervq.whispervq": {"synthesize"},
    "sayso.stages.speech.devices.sampling": {"synthesize"},
    "sayso.stages.speech.devices.draw_kernel": {"synthesize"},
    "sayso.stages.speech.voices.speechless.sound_names": {"synthesize"},
    "sayso.stages.mix.inaudible": {"mix"},
    "sayso.stages.mix.refusals": {"mix"},
    "sayso.stages.compose.conversations": {"compose"},
    "sayso.stages.compose.ichigo": {"compose"},
    "sayso.stages.compose.sound_strings": {"compose"},
    "sayso.stages.compose.published_columns": {"compose"},
    "sayso.stages.ingest.survey": {"survey", "ingest"},
    "sayso.stages.sources.schemas.layouts.instructions": READING,
    "sayso.stages.sources.schemas.columns.empty_values": READING,
    "sayso.stages.sources.schemas.layouts.multiple_choice": READING,
    "sayso.stages.sources.schemas.columns.values_as_text": READING,
    "sayso.stages.screen.job": {"screen"},
    "sayso.stages.deduplicate.pair_job": {"pairs"},
    "sayso.stages.deduplicate.signature_tables": {"pairs", "clusters"},
    "sayso.stages.sample.packed_rows": {"scatter", "subdivide", "gather", "sample"},
    "sayso.stages.sample.shuffle": set(),
    "sayso.stages.synthesize.job": {"synthesize"},
    "sayso.stages.sources.formats.parquet_bytes": {"synthesize"},
    "sayso.stages.synthesize.recorded_speech": {"synthesize"},
    "sayso.stages.synthesize.spoken_rows": {"mix", *TEST_SPLIT, "compose"},
    "sayso.stages.hold_out.job": TEST_SPLIT,
    "sayso.stages.compose.job": {"compose"},
    "sayso.manifests.ledger": set(),
    "sayso.manifests.records": set(),
    "sayso.manifests.filesystems": set(),
    "sayso.manifests.storage": set(),
    "sayso.pipeline.engine.engine": set(),
    "sayso.stages.mix.plan": set(),
    "sayso.pipeline.recipe": set(),
    "sayso.stages.publish.card": set(),
    "sayso.stages.speech.tokenizers.whispervq.training.train": set(),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of the source."""
    root = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / PACKAGE, root / PACKAGE, ignore=shutil.ignore_patterns("__pycache__", "*.model"))
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
    changed = with_other_constants([file], lambda: versions(source))
    assert {stage for stage in JOBS if changed[stage] != unchanged[stage]} == REDONE[module]


def with_other_constants(files, look):
    """What `look` finds while the last constant of each file is another one."""
    texts = {file: file.read_text() for file in files}
    for file, text in texts.items():
        tree = ast.parse(text)
        for constant in constants(tree)[-1:]:
            constant.value = constant.value + constant.value if isinstance(constant.value, str) else constant.value + 1
        file.write_text(ast.unparse(tree))
    code_version.cache_clear()
    found = look()
    for file, text in texts.items():
        file.write_text(text)
    return found


def test_every_module_that_reads_rows_is_in_the_key_of_ingest(source, unchanged):
    modules = [
        file for file in (source / PACKAGE / "stages/sources").rglob("*.py") if constants(ast.parse(file.read_text()))
    ]
    unseen = [
        file.stem
        for file in sorted(modules)
        if with_other_constants([file], lambda: {code_version(IngestJob.__module__, source)}) == unchanged["ingest"]
    ]
    # It opens recordings, which `synthesize` does.
    assert unseen == ["parquet_bytes"]


def test_commands_exports_and_what_the_doctor_looks_at_re_do_nothing(source, unchanged):
    files = [*(source / PACKAGE / "pipeline").rglob("*.py")]
    assert {"doctor", "export", "webdataset_shards"} <= {file.stem for file in files}
    assert with_other_constants(files, lambda: versions(source)) == unchanged


def constants(tree):
    """The texts and numbers of a module that are no docstrings and no descriptions."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "description":
            told |= {id(inner) for inner in ast.walk(node)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told]
    return [node for node in found if isinstance(node.value, str | int | float) and node.value not in ("", True, False)]


def test_comments_layout_docstrings_and_descriptions_re_do_nothing(unchanged, tmp_path):
    shutil.copytree(ROOT / PACKAGE, tmp_path / PACKAGE, ignore=shutil.ignore_patterns("__pycache__", "*.model"))
    for file in (tmp_path / PACKAGE).rglob("*.py"):
        tree = ast.parse(file.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "description":
                node.value = ast.Constant("in other words")
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
                node.body[0].value.value = "In other words."
        file.write_text(f"# In other words.\n{ast.unparse(tree)}\n")
    assert versions(tmp_path) == unchanged


SAY = "def say(text):\n    return split(text)\n"
SPLIT = "def split(text):\n    return text.split()\n"

IMPORTS = {
    "a name from a module": ("from sayso.words.split import split", ""),
    "a module": ("import sayso.words.split\nsplit = sayso.words.split.split", ""),
    "a module under another name": ("import sayso.words.split as words", ""),
    "a module from its package": ("from sayso.words import split", ""),
    "a name from here": ("from .words.split import split", ""),
    "a module from here": ("from .words import split", ""),
    "a name that the package passes on": (
        "from sayso.words import cut",
        "from sayso.words.split import split as cut",
    ),
    "a name that the package passes on from here": ("from sayso.words import cut", "from .split import split as cut"),
    "all that the package passes on": ("from sayso.words import *", "from sayso.words.split import *"),
    "a package that imports": ("import sayso.words", "from sayso.words import split"),
    "an import in a function": ("def later():\n    from sayso.words.split import split", ""),
    "an import where it is there": ("try:\n    import sayso.words.split\nexcept ImportError:\n    pass", ""),
}


@pytest.mark.parametrize(("said", "package"), IMPORTS.values(), ids=IMPORTS)
def test_whatever_way_a_module_is_imported_its_change_is_seen(tmp_path, said, package):
    def version(split):
        (tmp_path / "sayso" / "words").mkdir(parents=True, exist_ok=True)
        (tmp_path / "sayso" / "__init__.py").write_text("")
        (tmp_path / "sayso" / "words" / "__init__.py").write_text(package)
        (tmp_path / "sayso" / "say.py").write_text(f"{said}\n\n{SAY}")
        (tmp_path / "sayso" / "words" / "split.py").write_text(split)
        code_version.cache_clear()
        return code_version("sayso.say", tmp_path)

    assert version(SPLIT.replace("split()", "split(',')")) != version(SPLIT)


def test_a_package_that_does_something_counts_for_all_of_its_modules(tmp_path):
    package = tmp_path / "sayso"
    package.mkdir()
    (package / "say.py").write_text(SAY)

    def version(package_text):
        (package / "__init__.py").write_text(package_text)
        code_version.cache_clear()
        return code_version("sayso.say", tmp_path)

    assert version("import os\nKNOWN = 1\n") == version("KNOWN = 2\n")
    assert version("if TYPE_CHECKING:\n    import os\nelse:\n    def __getattr__(name): ...\n") == version("")
    assert version("import os\nos.environ['SPLIT'] = ','\n") != version("")


def test_a_module_without_source_has_no_version(tmp_path):
    with pytest.raises(ModuleNotFoundError, match=r"there is no source of sayso\.say below"):
        code_version("sayso.say", tmp_path)


@pytest.mark.parametrize("part", PARTS)
def test_no_module_is_imported_by_a_name_that_is_made_while_running(part):
    for file in (ROOT / PACKAGE / part).rglob("*.py"):
        called = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        names = {getattr(function, "attr", getattr(function, "id", "")) for function in called}
        # What the package itself looks up is for those who import it, and no module of its own does.
        assert file == ROOT / PACKAGE / "pipeline/package/__init__.py" or not names & {
            "import_module",
            "__import__",
            "exec",
        }, file


def test_what_stages_read_beside_their_code_is_in_the_key_by_its_content():
    files = [file for name in ("filters", "stages") for file in (ROOT / PACKAGE / name).rglob("*.*")]
    data = {file.name for file in files if file.suffix not in (".py", ".md") and file.parent.name != "__pycache__"}
    weights = {"word_classes.bin", "refusals.bin", "missing.bin"}
    # `models_used` has the sha256 of the first two, and the code that of the others.
    assert data - weights == {
        "whispervq-tiny-en.model",
        "default-speaker.npy",
        "english.tiktoken",
        "multilingual.tiktoken",
    }
