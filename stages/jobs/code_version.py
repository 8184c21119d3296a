"""The version of the code that a stage's result depends on."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# The folder that the package `sayso` lies in, and what it has inside.
ROOT = Path(__file__).parents[3]
PACKAGE = "sayso"
PARTS = ("filters", "stages", "manifests", "pipeline")
# These hand a job out, read the rows that it asks for and file what it made. They decide nothing about a row, and what
# they have written is known by its hash: a change here is no reason to say anything again.
_FILING = (
    *("attempt_files", "durable_files", "filesystems", "in_order", "ledger", "pieces", "reading", "records", "sealing"),
    "storage",
)
FILING = frozenset({"sayso.stages.jobs.job", *(f"sayso.manifests.{name}" for name in _FILING)})


@dataclass(frozen=True)
class _Module:
    """A module as far as it counts: its code, and the modules of this project that its imports name."""

    code: str
    imports: frozenset[str]
    only_defines: bool


@cache
def code_version(module: str, root: Path = ROOT) -> str:
    """A hash over a module below `root` and all modules of this project that it imports, directly or not.

    Comments, docstrings, layout and the `description` of a field do not count: rewording one must not cost a re-run of
    the speech. Nor do `FILING`, and a package's `__init__.py` from which nothing is taken, where all it does is to give
    names.
    """
    digest = hashlib.sha256()
    for name, code in sorted(_reachable(module, root).items()):
        digest.update(f"{name}\n{code}\n".encode())
    return digest.hexdigest()[:16]


@cache
def source_version() -> str:
    """A hash over all source of this project on this machine, comments and all; it takes some milliseconds."""
    digest = hashlib.sha256()
    for part in PARTS:
        for path in sorted((ROOT / PACKAGE / part).rglob("*.py")):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(ROOT).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _reachable(module: str, root: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found or name in FILING:
            continue
        read = _read(name, root)
        found[name] = read.code
        waiting.extend(read.imports)
        waiting.extend(package for package in _packages_of(name) if not _read(package, root).only_defines)
    return found


def _packages_of(name: str) -> Iterator[str]:
    """The packages that Python imports before a module of theirs."""
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _read(name: str, root: Path) -> _Module:
    path = _path(name, root)
    if path is None:
        raise ModuleNotFoundError(f"there is no source of {name} below {root}, so nobody can tell its version")
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return _parse(path.read_text(encoding="utf-8"), package, root)


@cache
def _parse(text: str, package: str, root: Path) -> _Module:
    tree = ast.parse(text)
    imports = frozenset(_imports(tree, package, root))
    tree = _what_counts(tree)
    return _Module(ast.dump(tree), imports, all(map(_defines, tree.body)))


def _path(name: str, root: Path) -> Path | None:
    base = root.joinpath(*name.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def _imports(tree: ast.Module, package: str, root: Path) -> Iterator[str]:
    """The modules of this project that are imported anywhere in a module of `package`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _is_ours(alias.name))
        elif isinstance(node, ast.ImportFrom):
            source = _source(node, package)
            if not _is_ours(source):
                continue
            names = [f"{source}.{alias.name}" for alias in node.names]
            modules = [name for name in names if _path(name, root)]
            yield from modules
            if len(modules) < len(names):
                yield source


def _source(node: ast.ImportFrom, package: str) -> str:
    """The full name of what is imported from, seen from `package` where dots lead it."""
    parts = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
    return ".".join([*parts, *([node.module] if node.module else [])])


def _is_ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == PACKAGE


def _defines(node: ast.stmt) -> bool:
    """Whether a statement only gives names, which changes nothing for the other modules of its package."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return all(isinstance(target, ast.Name) for target in targets)
    if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
        return all(map(_defines, (*node.body, *node.orelse)))
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Pass)


def _what_counts(tree: ast.Module) -> ast.Module:
    """The tree without docstrings and without the `description` of fields."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and "Field" in (getattr(node.func, name, None) for name in ("id", "attr")):
            node.keywords = [keyword for keyword in node.keywords if keyword.arg != "description"]
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]
    return tree
