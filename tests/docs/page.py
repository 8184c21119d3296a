"""Documentation pages that are tried out: files written, commands run, promised output looked for.

The blocks of a page are taken in order. One with a title, as in ```yaml title="mine.yaml", is a file to write
(```diff changes the files it names). ```bash and ```python are run. The lines of a ```text block are what the
block run last must print: in that order, other lines may stand between, … stands for anything. Blocks of any
other kind, ```console among them, are there to be read.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
COMMANDS = Path(sys.executable).parent
# Where `sayso run` takes no cluster, which takes longer to start than a page's few rows take.
WITHOUT_CLUSTER = Path(__file__).parent / "command"
# What a page installs is put into its folder, and nothing is fetched.
INSTALLED = "installed"
PIP = {"NO_DEPS": "1", "NO_INDEX": "1", "NO_BUILD_ISOLATION": "0", "DISABLE_PIP_VERSION_CHECK": "1"}

_FENCE = re.compile(r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.M | re.S)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is to be written to, its text, and the page and line it is at."""

    language: str
    title: str | None
    text: str
    where: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page in order."""
    content = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(content):
        line = content.count("\n", 0, found.start()) + 1
        yield Block(found["language"], found["title"], found["text"], f"{page.name}:{line}")


def try_out(page: Iterable[Block], folder: Path, commands: Path = WITHOUT_CLUSTER) -> None:
    """Do in `folder` what the blocks say, with the command `sayso` of the folder `commands`.

    Raises AssertionError naming the page's line and what was printed.
    """
    printed = ""
    for block in page:
        if block.language == "diff":
            _run(["git", "apply", "-"], block, folder, commands)
        elif block.title:
            (folder / block.title).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "bash":
            printed = _run(["bash", "-euo", "pipefail", "-s"], block, folder, commands)
        elif block.language == "python":
            printed = _run([sys.executable, "-"], block, folder, commands)
        elif block.language == "text":
            _look_for(block.text, printed, block.where)


def _run(command: list[str], block: Block, folder: Path, commands: Path) -> str:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(map(str, (commands, COMMANDS, os.environ["PATH"]))),
        # First the folder, so that a page can show how to change a copy of the project, or install a package.
        "PYTHONPATH": os.pathsep.join(map(str, (folder / ".src", folder / INSTALLED, REPOSITORY / ".src"))),
        **{f"PIP_{option}": value for option, value in {**PIP, "TARGET": str(folder / INSTALLED)}.items()},
        "HF_HOME": str(folder / ".huggingface"),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    done = subprocess.run(
        command,
        input=block.text,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{block.where}: exit code {done.returncode}\n{done.stdout}"
    return done.stdout


def _look_for(promised: str, printed: str, where: str) -> None:
    lines = iter([_even(line) for line in printed.splitlines()])
    for promise in filter(None, map(_even, promised.splitlines())):
        pattern = re.compile(".*".join(re.escape(part) for part in re.split(" ?… ?", promise)))
        assert any(pattern.fullmatch(line) for line in lines), f"{where}: not printed: {promise}\n{printed}"


def _even(line: str) -> str:
    return " ".join(line.split())
