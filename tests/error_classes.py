"""Every class of errors that sayso defines, found by reading its modules."""

import ast
import builtins
import importlib
from functools import cache

from sayso.stages.jobs.code_version import PACKAGE, PARTS, ROOT

BUILTIN = {name for name, found in vars(builtins).items() if isinstance(found, type) and issubclass(found, Exception)}


@cache
def error_classes():
    """The classes by name. Warnings are none."""
    classes = {}
    for part in PARTS:
        for path in (ROOT / PACKAGE / part).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    classes[node.name] = (module, {ast.unparse(base) for base in node.bases})
    found = {name for name in BUILTIN if not name.endswith("Warning")}
    while more := {name for name, (_, bases) in classes.items() if bases & found} - found:
        found |= more
    return [getattr(importlib.import_module(classes[name][0]), name) for name in sorted(found & set(classes))]
