"""The names of a run's and of a dataset's files. What is called otherwise is not ours: neither read nor replaced.

Every name that comes from outside, such as out of a record, a list or a repository, passes `check_name`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.errors import ExitCode, SaysoError

# ASCII alone, and neither a separator nor a dot at the start: no such name leads anywhere else.
STAGE = r"[a-z]{1,32}"
SHARD = r"[A-Za-z0-9][A-Za-z0-9._-]{0,179}"
StageName = Annotated[str, Field(pattern=rf"\A{STAGE}\z")]
ShardName = Annotated[str, Field(pattern=rf"\A{SHARD}\z")]
# What no file of ours has; a larger number comes from elsewhere and need not be reckoned with.
Size = Annotated[int, Field(ge=0, le=1 << 50)]

PLAN_NAME, LIST_NAME, CARD_NAME = "plan.json", "files.json", "README.md"
# The rows of a run that killed whatever process was given them.
KILLING_ROWS_NAME = "killing_rows.json"
# What a pull has brought into its folder, and from where.
PULLED_NAME = ".sayso-pull.json"
# What an export has made in its folder, and of which dataset.
EXPORTED_NAME = ".sayso-export.json"
PICTURES = ("funnel.svg", "lengths.svg", "errors.svg")
# Where the dataset lies in the folder of a run; it is whole by itself.
DATASET, MANIFESTS = "dataset/", "manifests/"
# Where what was synthesized is kept beside the run.
ATTEMPTS = "attempts/"
DATASET_FOLDERS = ("dataset", *(f"{DATASET}{folder}" for folder in CONFIG_FOLDERS.values()))

_RECORD = rf"manifests/{STAGE}/{SHARD}\.record\.json"
_VERDICTS = rf"manifests/{STAGE}/{SHARD}\.verdicts\.parquet"
_OF_CONFIGS = f"(?:{'|'.join(CONFIG_FOLDERS.values())})"
_PART = rf"{_OF_CONFIGS}/(?:train|test)-[0-9]{{5,9}}-of-[0-9]{{5,9}}\.parquet"
# Between which ids its rows are, when it was written (UTC), and the xxh3-128 of its bytes.
_OF_ATTEMPTS = r"[0-9a-f]{8}-[0-9a-f]{8}\.[0-9]{8}T[0-9]{12}Z\.[0-9a-f]{32}\.parquet"
_TOP = "|".join(map(re.escape, (LIST_NAME, CARD_NAME, *PICTURES)))


@dataclass(frozen=True)
class Forms:
    """The names of one kind of files: what the kind is called, and the pattern that each name has as a whole."""

    kind: str
    pattern: re.Pattern[str]

    def has(self, name: str) -> bool:
        """Whether a file of this kind is called so."""
        return self.pattern.fullmatch(name) is not None


PARTS = Forms("shard of a dataset", re.compile(_PART))
MANIFEST_FILES = Forms("plan, record or verdicts", re.compile(rf"plan\.json|{_RECORD}|{_VERDICTS}"))
PAGES = Forms("card or picture of a dataset", re.compile("|".join(map(re.escape, (CARD_NAME, *PICTURES)))))
DATASET_FILES = Forms("file of a dataset", re.compile(rf"{_TOP}|{_PART}"))
PULLED_FILES = Forms("file that is pulled", re.compile(rf"{_TOP}|{_PART}|{MANIFEST_FILES.pattern.pattern}"))
RUN_FILES = Forms(
    "file of a run",
    re.compile(
        rf"plan\.json|killing_rows\.json|work/{STAGE}/{SHARD}\.parquet|{_RECORD}|{_VERDICTS}|dataset/(?:{_TOP}|{_PART})"
        rf"|attempts/{_OF_ATTEMPTS}"
    ),
)
ATTEMPT_FILES = Forms("file of attempts", re.compile(_OF_ATTEMPTS))
# Who works in the folder of a run; it comes and goes with the driver, and no record knows it.
LEASES = Forms("lease of a run", re.compile(r"lease-[0-9]{6}\.json"))
# Where a killed process may have left a file that it had not finished.
_FOLDERS = re.compile(rf"|work/{STAGE}|manifests/{STAGE}|attempts|dataset|dataset/{_OF_CONFIGS}")
_TEMPORARY = re.compile(r"\.(.+)\.sayso-[0-9a-f]{32}\.tmp")

_MOST_BYTES = (
    (re.compile(r"(?:.*/)?(?:plan|files|killing_rows|\.sayso-(?:pull|export))\.json"), 64 << 20),
    (re.compile(r".*\.record\.json"), 16 << 20),
    (LEASES.pattern, 64 << 10),
    (re.compile(r"(?:.*/)?(?:README\.md|[a-z]+\.svg)"), 16 << 20),
)


class ForeignName(SaysoError, ValueError):
    """Raised for a name from outside that is not of a form that our files have, in a model, too."""

    exit_code = ExitCode.NOT_TRUE


def check_name(name: str, forms: Forms, where: str) -> None:
    """Raises ForeignName, saying `where` the name stands, unless it is one of these forms."""
    if not forms.has(name):
        raise ForeignName(f"{where} names {quote(name)}, which is no {forms.kind}; nothing of that name is touched")


def quote(name: str) -> str:
    """A name as a message can hold it: quoted, and cut where it is long."""
    return repr(name if len(name) <= 120 else name[:120] + "…")


def most_bytes(name: str) -> int | None:
    """How many bytes a text of this name may have; one with more is not read. None for tables: their lists say it."""
    return next((most for form, most in _MOST_BYTES if form.fullmatch(name)), None)


def temporary_name(name: str, token: str) -> str:
    """What a file is called while it is written, from the 32 hex digits of `token`."""
    return f".{name}.sayso-{token}.tmp"


def temporary_of(folder: str, name: str) -> str | None:
    """The name below a run's folder of the file that `name` in `folder` was to become, None for any other file."""
    whole = whole_name(name)
    if whole is None or not _FOLDERS.fullmatch(folder):
        return None
    path = f"{folder}/{whole}" if folder else whole
    return path if RUN_FILES.has(path) or LEASES.has(path) else None


def whole_name(name: str) -> str | None:
    """What a file with this temporary name was to be called, None where it is no temporary name of ours."""
    found = _TEMPORARY.fullmatch(name)
    return found[1] if found else None


def lease_name(number: int) -> str:
    """The name of the lease of this number."""
    return f"lease-{number:06d}.json"


def lease_number(name: str) -> int:
    """The number of a lease by its name."""
    return int(name[6:12])


def fault_of(error: ValidationError) -> str:
    """The first thing that is wrong with a file of ours, in a few words."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    more = f", and {error.error_count() - 1:,} more" if error.error_count() > 1 else ""
    return (f"{quote(place)}: " if place else "") + first["msg"].removeprefix("Value error, ")[:200] + more


def files_of(stage: str, shard: str) -> Sequence[str]:
    """Every file that a shard of a stage may have, its record last."""
    return tuple(_files_of(stage, shard))


def _files_of(stage: str, shard: str) -> Iterator[str]:
    yield f"work/{stage}/{shard}.parquet"
    yield f"manifests/{stage}/{shard}.verdicts.parquet"
    if stage == "compose":
        for folder in CONFIG_FOLDERS.values():
            name = f"{DATASET}{folder}/{shard}.parquet"
            if RUN_FILES.has(name):
                yield name
    yield f"manifests/{stage}/{shard}.record.json"
