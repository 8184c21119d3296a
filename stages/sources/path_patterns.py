"""What a pattern of paths means: which part of it is a folder, and which names of a listing it matches."""

from __future__ import annotations

import glob
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from unicodedata import normalize

from fsspec.utils import glob_translate


def fixed_part(pattern: str, is_folder: Callable[[str], bool]) -> tuple[str, str]:
    """A pattern as the folder that every match lies in, and the rest.

    `is_folder`: whether there is a folder of this path. One that is there is meant, though its name looks like a glob.
    """
    parts = PurePosixPath(pattern).parts
    above = [str(PurePosixPath(*parts[:end])) for end in range(1, len(parts))]
    globbed = (i for i, folder in enumerate(above) if glob.has_magic(parts[i]) and not is_folder(folder))
    fixed = next(globbed, len(above))
    return str(PurePosixPath(*parts[:fixed])), str(PurePosixPath(*parts[fixed:]))


def spellings(pattern: str) -> list[str]:
    """A pattern as it is written, and with its accents composed and apart, as another system may have them."""
    return list(dict.fromkeys([pattern, normalize("NFC", pattern), normalize("NFD", pattern)]))


def matching(names: Sequence[str], pattern: str) -> list[str]:
    """Those of the names that a pattern means: itself, or those in its folder or of its glob that are not hidden."""
    return next(filter(None, (_matching(names, spelling) for spelling in spellings(pattern))), [])


def _matching(names: Sequence[str], pattern: str) -> list[str]:
    if pattern in names:
        return [pattern]
    root = PurePosixPath(folder_of(names, pattern))
    rest = str(PurePosixPath(pattern).relative_to(root))
    wanted = re.compile(glob_translate("**" if rest == "." else rest))
    below = {name: PurePosixPath(name).relative_to(root) for name in names if PurePosixPath(name).is_relative_to(root)}
    return [
        name
        for name, path in below.items()
        if wanted.match(str(path)) and not any(part.startswith(".") for part in path.parts)
    ]


def folder_of(names: Iterable[str], pattern: str) -> str:
    """The folder that a pattern starts from: the one that it names, by these names, else that of its fixed part."""
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
    asked = str(PurePosixPath(pattern))
    return asked if asked in folders else fixed_part(asked, folders.__contains__)[0]
