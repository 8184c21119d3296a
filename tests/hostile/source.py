"""Where the source looks at text: every regular expression, and every loop that is compiled."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("filters", "stages", "manifests", "pipeline")
# The methods of Polars that take a regular expression, unless they are told that it is literal.
_OF_COLUMNS = {
    "contains",
    "count_matches",
    "extract",
    "extract_all",
    "extract_groups",
    "find",
    "replace",
    "replace_all",
}
_OF_RE = {"compile", "sub", "subn", "search", "match", "fullmatch", "split", "findall", "finditer"}


def patterns_and_loops() -> Iterator[str]:
    """The name of each: of a function, or of a module's constant, that has it, as in `filters.privacy.Privacy._find`.

    The second and later ones of Python's `re` in one place are numbered, those of Polars are together one: each
    function of columns is tried as a whole.
    """
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
            found = Counter(_found(ast.parse(path.read_text("utf-8")), module))
            for (name, numbered), count in found.items():
                yield name
                if numbered:
                    yield from (f"{name}#{number}" for number in range(2, count + 1))


def _found(node: ast.AST, name: str) -> Iterator[tuple[str, bool]]:
    """The name of each pattern and loop below a node, and whether more of its kind there are numbered."""
    for child in ast.iter_child_nodes(node):
        inside = f"{name}.{own}" if (own := _name(child)) else name
        if isinstance(child, ast.FunctionDef) and any(_called(each) == "rule" for each in child.decorator_list):
            yield inside, True
        if isinstance(child, ast.FunctionDef) and any("njit" in ast.unparse(each) for each in child.decorator_list):
            yield inside, False
        if isinstance(child, ast.Call):
            if _is_of_re(child):
                yield inside, True
            elif _is_of_columns(child):
                yield inside, False
        yield from _found(child, inside)


def _name(node: ast.AST) -> str | None:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        # What a function keeps in a variable belongs to the function.
        return target.id if isinstance(target, ast.Name) and target.id.isupper() else None
    return None


def _called(node: ast.AST) -> str | None:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None


def _is_of_re(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in _OF_RE
    )


def _is_of_columns(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _OF_COLUMNS
        and isinstance(function.value, ast.Attribute)
        and function.value.attr == "str"
        and not any(keyword.arg == "literal" for keyword in call.keywords)
    )
