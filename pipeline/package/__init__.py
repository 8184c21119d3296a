"""Say instructions aloud, at scale: text-instruction datasets become checked speech-token datasets."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.manifests.errors import ExitCode as ExitCode
    from sayso.manifests.errors import SaysoError as SaysoError
    from sayso.manifests.reports.explanation import Explanation as Explanation
    from sayso.manifests.reports.funnel import StageFlow as StageFlow
    from sayso.manifests.reports.status import Status as Status
    from sayso.manifests.verify.run import Verification as Verification
    from sayso.pipeline.api import StoredRun as StoredRun
    from sayso.pipeline.api import cost as cost
    from sayso.pipeline.api import open as open
    from sayso.pipeline.api import run as run
    from sayso.pipeline.cost import Cost as Cost
    from sayso.pipeline.cost import ShardsToDo as ShardsToDo
    from sayso.pipeline.progress import CostKnown as CostKnown
    from sayso.pipeline.progress import Event as Event
    from sayso.pipeline.progress import ShardDone as ShardDone
    from sayso.pipeline.progress import StageFinished as StageFinished
    from sayso.pipeline.progress import StagePlanned as StagePlanned
    from sayso.pipeline.progress import Warned as Warned
    from sayso.pipeline.recipe import Recipe as Recipe
    from sayso.pipeline.recipe import load_recipe as load_recipe

    __version__: str
else:
    # Looked up when they are asked for: importing sayso should cost nothing.
    _NAMES = {
        "sayso.manifests.errors": ("ExitCode", "SaysoError"),
        "sayso.manifests.reports.explanation": ("Explanation",),
        "sayso.manifests.reports.funnel": ("StageFlow",),
        "sayso.manifests.reports.status": ("Status",),
        "sayso.manifests.verify.run": ("Verification",),
        "sayso.pipeline.api": ("StoredRun", "cost", "open", "run"),
        "sayso.pipeline.cost": ("Cost", "ShardsToDo"),
        "sayso.pipeline.progress": ("CostKnown", "Event", "ShardDone", "StageFinished", "StagePlanned", "Warned"),
        "sayso.pipeline.recipe": ("Recipe", "load_recipe"),
    }
    _HOMES = {name: module for module, names in _NAMES.items() for name in names}
    __all__ = [*_HOMES, "__version__"]  # noqa: PLE0604, for they are texts

    def __getattr__(name):
        if name == "__version__":
            # The installed package knows it.
            from importlib.metadata import version

            return version("sayso")
        if name in _HOMES:
            from importlib import import_module

            return getattr(import_module(_HOMES[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return __all__
