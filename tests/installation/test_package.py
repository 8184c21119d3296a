"""What is built of this repository: a wheel with all that the folders hold, and its page on a package index."""

import re
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

import sayso

ROOT = Path(__file__).parents[2]
FOLDERS = ("filters", "manifests", "pipeline", "stages")
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a wheel, built of a copy of this tree with nothing of what may lie around in it."""
    tree = tmp_path_factory.mktemp("build") / "tree"
    tree.mkdir()
    for name in (*FOLDERS, ".src"):
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / name, tree / name, symlinks=True, ignore=ignored)
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    subprocess.run([sys.executable, "-c", BUILD, tree.parent], cwd=tree, check=True, capture_output=True)
    [built] = tree.parent.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def metadata(wheel: dict[str, bytes]) -> Message:
    return message_from_bytes(next(wheel[name] for name in wheel if name.endswith(".dist-info/METADATA")))


def test_the_wheel_holds_every_file_of_the_folders_and_nothing_else(wheel: dict[str, bytes]):
    package = {
        f"sayso/{path.relative_to(ROOT)}"
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and (ROOT / "pipeline/package") not in path.parents
    }
    top = {f"sayso/{path.name}" for path in (ROOT / "pipeline/package").iterdir() if path.is_file()}
    held = {name for name in wheel if ".dist-info/" not in name}
    assert held == package | top


def test_links_of_the_readme_lead_somewhere_from_a_package_index(metadata: Message):
    address = dict(value.split(", ") for value in metadata.get_all("Project-URL"))["Source"]
    targets = re.findall(r"\]\(([^)]*)\)", metadata.get_payload())
    assert [target for target in targets if not target.startswith("https://")] == []
    ours = [target.removeprefix(f"{address}/blob/main/") for target in targets if target.startswith(address)]
    assert len(ours) > 10
    assert [path for path in ours if not (ROOT / path.partition("#")[0]).exists()] == []


def test_there_is_one_version(metadata: Message):
    assert metadata["Version"] == sayso.__version__


def test_a_name_that_sayso_has_not_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'sayso' has no attribute 'nothing'"):
        sayso.nothing  # noqa: B018
