"""What a pattern names on this machine, through links: each real file once, however many ways lead to it."""

from __future__ import annotations

import glob
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from sayso.stages.sources.stores import SourceError


def matches(root: Path, pattern: str) -> list[Path]:
    """What a glob below `root` matches, sorted, hidden names passed over; `**` goes into each real folder once.

    Of several names of one file that is kept which leads through no link, else the first. A link that leads nowhere is
    a match, too. Raises SourceError where a folder cannot be listed.
    """
    real_root = os.path.realpath(root)
    kept: dict[str, Path] = {}
    for path in sorted(set(_expand(root, PurePosixPath(pattern).parts))):
        real = os.path.realpath(path) if path.exists() else str(path)
        if real not in kept or real == str(PurePosixPath(real_root, path.relative_to(root))):
            kept[real] = path
    return sorted(kept.values())


def _expand(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    if "**" not in parts:
        yield from (folder / name for name in glob.iglob(str(PurePosixPath(*parts)), root_dir=folder))
        return
    place = parts.index("**")
    for start in _expand(folder, parts[:place]) if place else [folder]:
        for below in _folders(start):
            yield from _expand(below, parts[place + 1 :] or ("*",))


def _folders(top: Path) -> Iterator[Path]:
    """A folder and all below it that are not hidden, those behind links last; none twice, so that loops end."""
    seen: set[str] = set()
    waiting = deque([top])
    while waiting:
        folder = waiting.popleft()
        real = os.path.realpath(folder)
        if real in seen or not folder.is_dir():
            continue
        seen.add(real)
        yield folder
        inside = [path for path in _list(folder) if not path.name.startswith(".") and path.is_dir()]
        waiting.extendleft(path for path in inside if not path.is_symlink())
        waiting.extend(path for path in inside if path.is_symlink())


def _list(folder: Path) -> Iterable[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise SourceError(f"{folder}: the folder cannot be listed ({error.strerror}); make it readable") from error
