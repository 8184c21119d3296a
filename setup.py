"""The README as a package index shows it, where a link to a file of this repository needs the repository's address."""

import re
import tomllib
from pathlib import Path

from setuptools import setup

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
address = f"{project['urls']['Source']}/blob/main/"
readme = Path("README.md").read_text(encoding="utf-8")

setup(
    long_description=re.sub(r"\]\((?![a-z]+:|#)", f"]({address}", readme),
    long_description_content_type="text/markdown",
)
