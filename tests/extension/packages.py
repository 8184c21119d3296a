"""Packages that add something to sayso, installed for a test and gone after it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sayso.manifests.plugins import forget_plugins

HERE = Path(__file__).parent


def install(source: Path, folder: Path) -> Path:
    """Install a package with pip, from a folder with a `pyproject.toml` into another folder; nothing is fetched."""
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    with TemporaryDirectory() as scratch:
        # Where a package is built, setuptools leaves what it made.
        copy = shutil.copytree(source, Path(scratch) / source.name)
        subprocess.run(
            [sys.executable, "-m", "pip", "install", *options, "--target", folder, copy],
            check=True,
            stdin=subprocess.DEVNULL,
        )
    return folder


def write_package(folder: Path, name: str, module: str, points: str, version: str = "1.0") -> Path:
    """Put a module and the metadata of a package into a folder as an installer would, with these entry points."""
    (folder / f"{name.replace('-', '_')}.py").write_text(module)
    metadata = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (metadata / "entry_points.txt").write_text(points)
    return folder


@contextmanager
def on_path(folder: Path) -> Iterator[None]:
    """Have what is installed in a folder found in this process and in those that it starts."""
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("PYTHONPATH", str(folder), prepend=":")
        forget_plugins()
        try:
            yield
        finally:
            for name in set(sys.modules) - before:
                if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
                    del sys.modules[name]
    forget_plugins()
