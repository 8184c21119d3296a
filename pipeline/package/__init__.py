"""Say instructions aloud, at scale: text-instruction datasets become checked speech-token datasets."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.manifests.errors import ExitCode, SaysoError
    from sayso.manifests.reports.explanation import Explanation
    from sayso.manifests.reports.funnel import StageFlow
    from sayso.manifests.reports.status import Status
    from sayso.manifests.verify.run import Verification
    from sayso.pipeline.api import StoredRun, cost, open, run
    from sayso.pipeline.cost import Cost, ShardsToDo
    from sayso.pipeline.progress import CostKnown, Event, ShardDone, StageFinished, StagePlanned, Warned
    from sayso.pipeline.recipe import Recipe, load_recipe

    __version__: str
else:
    # Looked up when they are asked for: importing sayso should cost nothing.
    _HOMES = {
        "ExitCode": "sayso.manifests.errors",
        "SaysoError": "sayso.manifests.errors",
        "Explanation": "sayso.manifests.reports.explanation",
        "StageFlow": "sayso.manifests.reports.funnel",
        "Status": "sayso.manifests.reports.status",
        "Verification": "sayso.manifests.verify.run",
        "StoredRun": "sayso.pipeline.api",
        "cost": "sayso.pipeline.api",
        "open": "sayso.pipeline.api",
        "run": "sayso.pipeline.api",
        "Cost": "sayso.pipeline.cost",
        "ShardsToDo": "sayso.pipeline.cost",
        "CostKnown": "sayso.pipeline.progress",
        "Event": "sayso.pipeline.progress",
        "ShardDone": "sayso.pipeline.progress",
        "StageFinished": "sayso.pipeline.progress",
        "StagePlanned": "sayso.pipeline.progress",
        "Warned": "sayso.pipeline.progress",
        "Recipe": "sayso.pipeline.recipe",
        "load_recipe": "sayso.pipeline.recipe",
    }

    def __getattr__(name):
        if name == "__version__":
            # The installed package knows it.
            from importlib.metadata import version

            return version("sayso")
        if name in _HOMES:
            from importlib import import_module

            return getattr(import_module(_HOMES[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Cost",
    "CostKnown",
    "Event",
    "ExitCode",
    "Explanation",
    "Recipe",
    "SaysoError",
    "ShardDone",
    "ShardsToDo",
    "StageFinished",
    "StageFlow",
    "StagePlanned",
    "Status",
    "StoredRun",
    "Verification",
    "Warned",
    "__version__",
    "cost",
    "load_recipe",
    "open",
    "run",
]


def __dir__() -> list[str]:
    return __all__
