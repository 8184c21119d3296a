"""A row that ends whichever process screens it, by a `sitecustomize` for a run's processes: nothing is installed."""

import os
import signal
from pathlib import Path

POSITION = "facts.jsonl:2"
# Each process of Python imports it before anything else; it wraps the job of the screen where that is imported.
SITECUSTOMIZE = """
import importlib.util, os, sys

class Deadly:
    def find_spec(self, name, path=None, target=None):
        if name != "sayso.stages.screen.job":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module
        def exec_module(module):
            execute(module)
            judge = module.ScreenJob.judge
            def deadly(self, ledger, rows):
                if POSITION in rows["position"]:
                    with open(ENDED, "ab", buffering=0) as ended:
                        ended.write(b".")
                    os.kill(os.getpid(), SIGNAL)
                return judge(self, ledger, rows)
            module.ScreenJob.judge = deadly
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Deadly())
"""


def deadly_environment(folder):
    """The environment of a run in which the row is deadly, and the file that has a byte for each process it ended."""
    ended = Path(folder, "ended")
    ended.touch()
    named = f"POSITION, ENDED, SIGNAL = {POSITION!r}, {str(ended)!r}, {int(signal.SIGSEGV)}\n"
    Path(folder, "sitecustomize.py").write_text(named + SITECUSTOMIZE)
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH", "")]))}, ended
