"""What can happen to a file, and which kind of file of a run or of a dataset it happens to."""

import re
from pathlib import Path


def flip(path, numbers):
    """One bit of the file is another one."""
    content = bytearray(path.read_bytes())
    place = numbers.randrange(len(content))
    content[place] ^= 1 << numbers.randrange(8)
    path.write_bytes(content)


def truncate(path, numbers):
    """The file ends too early."""
    content = path.read_bytes()
    path.write_bytes(content[: numbers.randrange(1, len(content))])


def empty(path, numbers):
    """The file is there, and nothing is in it."""
    path.write_bytes(b"")


def append(path, numbers):
    """There is more in the file than was written."""
    with path.open("ab") as file:
        file.write(numbers.randbytes(numbers.randrange(1, 200)))


def delete(path, numbers):
    """The file is gone."""
    path.unlink()


FAULTS = {fault.__name__: fault for fault in (flip, truncate, empty, append, delete)}

# Of these a file may go at any time, and nobody misses it.
ATTEMPTS = "attempts"

# In this order; the first that fits is the kind. A stage's name takes the place of the group.
KINDS = (
    (r"plan\.json", "plan"),
    (r"lease-\d{6}\.json", "lease of a run that goes on"),
    (r"work/([a-z]+)/.*\.parquet", "{} rows"),
    (r"manifests/([a-z]+)/.*\.verdicts\.parquet", "{} verdicts"),
    (r"manifests/([a-z]+)/.*\.record\.json", "{} record"),
    (r"attempts/.*\.parquet", ATTEMPTS),
    (r"(?:dataset/)?data/.*\.parquet", "published shard"),
    (r"(?:dataset/)?ichigo/.*\.parquet", "published shard of ichigo"),
    (r"(?:dataset/)?files\.json", "list of files"),
    (r"(?:dataset/)?README\.md", "card"),
    (r"(?:dataset/)?[a-z]+\.svg", "picture"),
)


def kind_of(name):
    """The kind of a file by its name below the folder. Raises ValueError for one of no kind: it belongs in `KINDS`."""
    for form, kind in KINDS:
        if found := re.fullmatch(form, name):
            return kind.format(*found.groups())
    raise ValueError(f"{name} is of no kind of file that a run has")


def files_by_kind(folder):
    """The files below a folder, by kind; each kind and its files in order."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            found.setdefault(kind_of(str(path.relative_to(folder))), []).append(path)
    return dict(sorted(found.items()))
