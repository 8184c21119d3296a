"""The text side without the packages of the extra `speech`: it imports none of them, and says which extra has them."""

import subprocess
import sys

from sayso.stages.speech.packages import MODULES

# Packages that are not imported before they are needed, whether they are there or not.
LATE = sorted({*MODULES, "datasets", "langdetect", "whisper", "whisperspeech"})
ABSENT = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {absent}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_command_line_and_a_recipe_import_no_package_of_speech():
    found = run(
        "import sys, sayso.pipeline.cli.app, sayso.pipeline.run\n"
        "from sayso.pipeline.recipe import find_recipe, load_recipe\n"
        "load_recipe(find_recipe('demo'))\n"
        f"print([name for name in {LATE} if name in sys.modules])"
    )
    assert found.stdout == "[]\n", found.stderr


def test_doctor_says_of_each_part_of_speech_which_extra_has_what_it_lacks():
    found = run(ABSENT.format(absent=sorted(MODULES)) + "from sayso.pipeline.cli import app; app(['doctor', 'demo'])")
    assert "Traceback" not in found.stdout + found.stderr
    assert found.returncode == 4
    missing = [line for line in found.stdout.splitlines() if line.startswith("missing")]
    assert len(missing) == 2
    assert all(line.endswith("is not installed; pip install 'sayso[speech]'") for line in missing)
    assert "source everyday: 1 files, read as alpaca" in found.stdout


def test_what_needs_speech_ends_in_one_sentence_without_it():
    code = (
        "from sayso.pipeline.recipe import find_recipe, load_recipe\n"
        "from sayso.stages.speech.engines import models_used\n"
        "config = load_recipe(find_recipe('demo')).synthesize\n"
        "try:\n    models_used(config.voices, config.tokenizer)\n"
        "except Exception as error:\n    print(type(error).__name__, error)"
    )
    told = run(ABSENT.format(absent=sorted(MODULES)) + code).stdout
    assert told.startswith("SpeechModelError")
    assert "torch is not installed; pip install 'sayso[speech]'" in told
