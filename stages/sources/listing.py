"""The files that a source's paths name, on this machine or in a store."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from sayso.stages.sources.files import KNOWN_SUFFIXES, File, file_by_name, kind_of
from sayso.stages.sources.local_files import matches
from sayso.stages.sources.path_patterns import fixed_part, folder_of, matching, spellings
from sayso.stages.sources.schemas.layouts.recorded_speech import AUDIO_SUFFIXES
from sayso.stages.sources.stores import SourceError, is_remote_folder, list_remote_files

# What writers of datasets leave beside the data, and what is no data.
DESCRIPTIONS = frozenset(("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json"))
# A path that looks like the name of a dataset.
HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def list_files(patterns: Sequence[str], base: Path) -> list[File]:
    """Every file that the patterns name, in the order of the patterns and sorted within each.

    A pattern is a file, a folder (searched to the bottom) or a glob (`*`, `?`, `[…]`, `**`), a path seen from
    `base` or the URL of a store that fsspec knows; all are of one place. Folders and globs take files of a known
    suffix and skip hidden ones and descriptions of a dataset; a file named twice, or by links, comes once. Names
    are relative to the deepest folder that holds every pattern, so they are the same on another machine.

    Raises SourceError naming the pattern that matches nothing, the file whose format is not known, or the link that
    leads nowhere.
    """
    patterns = [pattern.removeprefix("file://") for pattern in patterns]
    remote = [pattern for pattern in patterns if "://" in pattern]
    if remote and (len(remote) < len(patterns) or len({pattern.split("://")[0] for pattern in remote}) > 1):
        raise SourceError(f"{remote[0]}: the paths of one source are in one place; make a source of each place")
    found = [(pattern, *(_match_store(pattern) if remote else _match(pattern, base))) for pattern in patterns]
    for pattern, root, files in found:
        if not files and not remote and (lists := [path.name for path in matches(Path(root), "**/*.tsv")]):
            raise SourceError(
                f"{pattern}: of a folder only the list validated.tsv is read, for others may have the same rows; name "
                f"the one that you want, out of {', '.join(sorted(lists)[:9])}"
            )
        if not files and (sound := _recording_in_store(pattern) if remote else _recording_below(Path(base, pattern))):
            raise SourceError(f"{pattern}: {only_recordings(sound, is_remote=bool(remote))}")
        if not files:
            where = "" if remote else f"looked in {base} "
            hub = f"; a dataset of the Hub is named as `hub: {{repository: {pattern}, files: [data]}}`"
            raise SourceError(
                f"{pattern}: no file matches ({where}for names ending in {KNOWN_SUFFIXES})"
                f"{hub if HUB_NAME.fullmatch(pattern) and not kind_of(pattern)[0] else ''}"
            )
    top = os.path.commonpath([root for _, root, _ in found])
    unique: dict[str, File] = {}
    for _, _, files in found:
        for file in files:
            unique.setdefault(file.path if file.is_remote else os.path.realpath(file.path), file)
    return [replace(file, name=PurePosixPath(file.name).relative_to(top).as_posix()) for file in unique.values()]


def _match(pattern: str, base: Path) -> tuple[str, list[File]]:
    """The folder that a pattern starts from, and the files on this machine that it matches."""
    found = str(base), list[File]()
    for spelling in spellings(pattern):
        found = _match_path(Path(os.path.normpath(base.absolute() / Path(spelling).expanduser())))
        if found[1]:
            break
    return found


def _match_path(path: Path) -> tuple[str, list[File]]:
    if path.is_file():
        return str(path.parent), [_local(path)]
    if path.is_dir():
        return str(path), _match_folder(path, "**")
    root, rest = fixed_part(str(path), os.path.isdir)
    return root, _match_folder(Path(root), rest)


def _match_folder(root: Path, pattern: str) -> list[File]:
    wanted = [path for path in matches(root, pattern) if _is_data(path.name, pattern) or not path.suffix]
    for path in wanted:
        if path.is_symlink() and not path.exists():
            raise SourceError(f"{path}: the link leads nowhere; put back what it leads to, or take the link away")
    return [_local(path) for path in wanted if path.suffix and path.is_file()]


def _local(path: Path) -> File:
    found = path.stat()
    return file_by_name(str(path), str(path), found.st_size, str(found.st_mtime_ns))


def _match_store(url: str) -> tuple[str, list[File]]:
    """The folder that a URL starts from, and the files of its store that it matches."""
    scheme, _, wanted = url.rstrip("/").partition("://")
    top = wanted
    if glob.has_magic(wanted) and not is_remote_folder(url):
        top = fixed_part(wanted, lambda folder: is_remote_folder(f"{scheme}://{folder}"))[0]
    found = {file.path: file for file in list_remote_files(f"{scheme}://{top}")}
    names = names_matching(found, wanted)
    files = [file_by_name(found[name].url, name, found[name].size, found[name].version) for name in names]
    return folder_of(found, wanted), files


def names_matching(names: Iterable[str], pattern: str) -> list[str]:
    """Those of a store's names, sorted, that a pattern means: the file, the folder's files or the glob's.

    In a folder or by a glob, names that are hidden, of no known suffix or of a description are passed over.
    """
    found = matching(sorted(names), pattern)
    return found if found == [pattern] else [name for name in found if _is_data(name, pattern)]


def _is_data(name: str, pattern: str) -> bool:
    """Whether a file found in a folder or by a glob is one of rows, as its name tells.

    Of the lists of Common Voice, which name the same clips several times, it is that of the validated ones, unless the
    pattern asks for such files.
    """
    last = PurePosixPath(name).name
    if kind_of(name)[0] == "tsv" and kind_of(pattern)[0] != "tsv":
        return last.startswith("validated.tsv")
    return kind_of(name)[0] is not None and last not in DESCRIPTIONS


def only_recordings(name: str, *, is_remote: bool) -> str:
    """What to do with a folder of recordings, of which this is one, that no file of rows names."""
    fetched = "fetch the folder, for recordings in files of their own are read on this machine alone, and "
    return (
        f"it holds recordings, such as {name}, and no list of what they say; {fetched if is_remote else ''}put one "
        "beside them, such as a metadata.csv with the columns file_name and transcription"
    )


def recording_among(names: Iterable[str]) -> str | None:
    """The first of some names that is one of a recording, None where none is."""
    return next((name for name in names if PurePosixPath(name).suffix.lower() in AUDIO_SUFFIXES), None)


def _recording_in_store(url: str) -> str | None:
    scheme, _, wanted = url.rstrip("/").partition("://")
    top = fixed_part(wanted, lambda _: False)[0] if glob.has_magic(wanted) else wanted
    there = sorted(file.path for file in list_remote_files(f"{scheme}://{top}"))
    return recording_among(PurePosixPath(name).name for name in matching(there, wanted))


def _recording_below(folder: Path) -> str | None:
    """The name of a recording in a folder or below, None where there is none, or where it is no folder."""
    if not folder.is_dir():
        return None
    every = (path.name for suffix in AUDIO_SUFFIXES for path in matches(folder, f"**/*{suffix}"))
    return next(every, None)
