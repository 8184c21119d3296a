"""A page for each command, from the records that its --help prints and from the models that its --json prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import typer
from pydantic import BaseModel

from sayso.manifests.reports.explanation import Explanation
from sayso.manifests.reports.funnel import StageFlow
from sayso.manifests.reports.status import Status
from sayso.manifests.verify.run import Verification
from sayso.pipeline.cli import app
from sayso.pipeline.cli.errors import EXIT_HELP
from sayso.pipeline.cost import Cost
from sayso.pipeline.doctor import Finding
from sayso.pipeline.export.export import Exported
from sayso.pipeline.hub.pull import Pulled
from sayso.pipeline.hub.push import Pushed
from sayso.pipeline.model_fetching import FetchedModels
from sayso.pipeline.voices.new_voice import AddedVoice
from sayso.stages.deduplicate.largest_clusters import Clusters
from sayso.stages.speech.voices.voice import Voice
from tests.docs.tables import table, type_name

# What --json prints: one of these, or a list of them.
ANSWERS: dict[str, tuple[str, type[BaseModel]]] = {
    "run": ("a list, one object a stage", StageFlow),
    "status": ("one object", Status),
    "funnel": ("a list, one object a stage", StageFlow),
    "explain": ("one object", Explanation),
    "clusters": ("one object", Clusters),
    "verify": ("one object", Verification),
    "push": ("one object", Pushed),
    "pull": ("one object", Pulled),
    "export": ("one object", Exported),
    "models fetch": ("one object", FetchedModels),
    "voices add": ("one object", AddedVoice),
    "voices list": ("a list, one object a voice", Voice),
    "doctor": ("a list, one object for each thing looked at", Finding),
}
# What it prints with one option more.
ANSWERS_WITH: dict[str, tuple[str, str, type[BaseModel]]] = {"run": ("--dry-run", "one object", Cost)}


def pages() -> dict[str, str]:
    """The name of each command, and its page."""
    group: Any = typer.main.get_command(app)
    parent = group.make_context("sayso", ["run"], resilient_parsing=True)
    return {
        name.replace(" ", "-"): _page(name, command, context) for name, command, context in _commands(group, parent)
    }


def _commands(group: Any, parent: Any) -> Iterator[tuple[str, Any, Any]]:
    """Each command with its whole name and the context that it is in; those of a group below the group's name."""
    for name, command in group.commands.items():
        if not hasattr(command, "commands"):
            yield name, command, parent
            continue
        inside = command.make_context(name, [*command.commands][:1], resilient_parsing=True, parent=parent)
        yield from ((f"{name} {inner}", found, context) for inner, found, context in _commands(command, inside))


def _page(name: str, command: Any, parent: Any) -> str:
    context = command.make_context(command.name, [], resilient_parsing=True, parent=parent)
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").replace("{", "").replace("}", "").split())
    arguments = [_record(parameter, context) for parameter in command.params if parameter.param_type_name == "argument"]
    options = [_record(parameter, context) for parameter in command.params if parameter.param_type_name == "option"]
    examples = re.split(r"\s+·\s+", command.epilog.partition(":")[2].strip())
    parts = [
        f"# `sayso {name}`",
        command.help.strip(),
        f"```console\n$ {usage}\n```",
        "```console\n" + "".join(f"$ {example}\n" for example in examples) + "```",
        *([table(("argument", "meaning"), arguments)] if arguments else []),
        table(("option", "meaning"), options),
        *_answer(name),
        *_answer_with(name),
        f"## Exit codes\n\n{EXIT_HELP.removeprefix('Exit codes: ')}",
    ]
    return "\n\n".join(parts) + "\n"


def _answer(name: str) -> list[str]:
    """What --json prints; nothing of a command that has no such option."""
    if name not in ANSWERS:
        return []
    shape, model = ANSWERS[name]
    return [f"## With `--json`\n\nPrints {shape}.", *_fields(model)]


def _record(parameter: Any, context: Any) -> tuple[str, str]:
    """An argument or option and its help, with the type words that mean nothing to people left out."""
    name, meaning = parameter.get_help_record(context)
    name = re.sub(r"<int range>", "N", re.sub(r"(?<=--address )<str>", "ADDRESS", name))
    name = re.sub(r" <(str|path)>$", "", name)
    choice = re.search(r"<([\w|]+)>", name)
    if choice:
        name = name.replace(choice[0], "STAGE")
        meaning += f" ({', '.join(choice[1].split('|'))})"
    return f"`{name}`", " ".join(meaning.split()).replace("[x>=1]", "[at least 1]")


def _answer_with(name: str) -> Iterator[str]:
    if name in ANSWERS_WITH:
        option, shape, model = ANSWERS_WITH[name]
        yield f"With `{option}` it prints {shape}."
        yield from _fields(model)


def _fields(model: type[BaseModel]) -> list[str]:
    """The fields of a model and, below it, of the models in it."""
    rows = [(f"`{name}`", type_name(field.annotation)) for name, field in model.model_fields.items()]
    inner = dict.fromkeys(found for field in model.model_fields.values() for found in _models(field.annotation))
    doc = " ".join((model.__doc__ or "").split())
    parts = [f"**{model.__name__}**: {doc}\n\n{table(('field', 'type'), rows)}"]
    return parts + [part for found in inner for part in _fields(found)]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _models(inner)]
