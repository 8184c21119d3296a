"""The page of the recipe: every key with its type, default and meaning, from the models that check it."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sayso.filters import FILTERS
from sayso.pipeline.recipe import Recipe
from sayso.stages.screen.known_filters import AnyFilter
from sayso.stages.speech.tokenizers.any_tokenizer import TOKENIZERS
from sayso.stages.speech.voices.any_voice import VOICES
from tests.docs.tables import code, table, type_name

INTRODUCTION = """\
# The recipe

A YAML file that says everything a run does. Only `name` and `sources` are needed. A key that is not known, is of the
wrong type or is given twice is an error that names the file and the key; nothing is done then. Paths are relative to
the folder of the recipe. Names of earlier versions are read as those of today, with a warning for each.

```yaml
name: mine
sources:
  - name: facts
    paths: [facts.jsonl]
```

An editor that knows the JSON schema of recipes offers the keys, shows what they mean and marks what is wrong.
[`sayso recipe schema`](cli/recipe-schema.md) prints it; for an editor with a YAML language server, the first line of a
recipe names the file:

```yaml
# yaml-language-server: $schema=recipe.schema.json
name: mine
sources: [{name: facts, paths: [facts.jsonl]}]
```
"""

# The key that tells the models of a list apart.
_TOLD_APART_BY = {"filters": "filter", "recorded": "filter", "voices": "engine", "tokenizer": "engine"}
LIMITS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most", "min_length": "length at least"}


def page() -> str:
    """The whole page."""
    return INTRODUCTION + "".join(f"\n## {title}\n\n{_section(model, title)}\n" for title, model in _sections())


def _sections() -> list[tuple[str, type[BaseModel]]]:
    """The keys that hold other keys, as dotted paths, and the model of each, in the recipe's order."""
    found: list[tuple[str, type[BaseModel]]] = [("Top level", Recipe)]
    _descend(Recipe, "", found)
    return found


def _descend(model: type[BaseModel], path: str, found: list[tuple[str, type[BaseModel]]]) -> None:
    for name, field in model.model_fields.items():
        models = _models(field.annotation)
        many = "[]" if get_origin(field.annotation) is tuple else ""
        for inner in models:
            if len(models) > 1 and any(inner is known for _, known in found):
                continue
            chosen = f" {inner.model_fields[_TOLD_APART_BY[name]].default}" if len(models) > 1 else ""
            title = f"{path}{name}{many}{chosen}"
            found.append((title, inner))
            _descend(inner, f"{title}.", found)


def _models(annotation: Any) -> list[type[BaseModel]]:
    if annotation is AnyFilter:
        return list(FILTERS)
    for by_engine in (VOICES, TOKENIZERS):
        if annotation is by_engine.base:
            return [*by_engine.classes().values()]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


def _section(model: type[BaseModel], title: str) -> str:
    rows = [_row(name, field, title) for name, field in model.model_fields.items()]
    return f"{inspect.getdoc(model)}\n\n{table(('key', 'type', 'default', 'meaning'), rows)}"


def _row(name: str, field: FieldInfo, title: str) -> tuple[str, str, str, str]:
    key, path = field.alias or name, "" if title == "Top level" else f"{title}."
    models = _models(field.annotation)
    if len(models) > 1:
        kind = "list of filters" if models == list(FILTERS) else f"list of {key}"
    elif models:
        kind = f"list of {key}" if get_origin(field.annotation) is tuple else f"see {path}{key}"
    else:
        kind = _choices(field) or type_name(field.annotation).removesuffix(" or null")
    meaning = field.description or ("which filter this is" if key == "filter" else "")
    return f"`{key}`", f"{kind}{_limits(field)}", _default(field), meaning


def _choices(field: FieldInfo) -> str:
    """The texts that a key may hold, where its type does not tell them, as without any plugin."""
    if field.annotation is not str or not field.metadata:
        return ""
    found = TypeAdapter(Annotated[(str, *field.metadata)]).json_schema()  # type: ignore[valid-type]
    return " or ".join(f"`{text}`" for text in found.get("enum", ()))


def _limits(field: FieldInfo) -> str:
    limits = [
        f"{word} {getattr(limit, name):,}"
        for limit in field.metadata
        for name, word in LIMITS.items()
        if getattr(limit, name, None) is not None
    ]
    return f", {', '.join(limits)}" if limits else ""


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined:
        return "needed"
    if isinstance(value, BaseModel):
        return ""
    if isinstance(value, tuple) and value and all(isinstance(one, BaseModel) for one in value):
        return ", ".join(str(next(iter(one.model_dump().values()))) for one in value)
    if isinstance(value, tuple):
        return code(f"[{', '.join(map(str, value))}]")
    return "not set" if value in (None, "", {}) else code(str(value).lower() if isinstance(value, bool) else str(value))
