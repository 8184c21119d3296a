"""The recipe: one YAML file that says everything a run does, checked before anything is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from sayso.manifests.suggestions import suggestion
from sayso.pipeline.old_names import with_new_names
from sayso.pipeline.recipe_faults import faults
from sayso.pipeline.recipe_file import RecipeError, read_yaml
from sayso.pipeline.resources import Resources
from sayso.pipeline.voices.voice_bank import with_bank
from sayso.stages.compose.compose import Compose
from sayso.stages.decontaminate.decontaminate import Decontaminate
from sayso.stages.deduplicate.deduplicate import Deduplicate
from sayso.stages.mix.inaudible import INAUDIBLE
from sayso.stages.publish.config import Card
from sayso.stages.rows.mixture import Mixture
from sayso.stages.sample.sample import Sample
from sayso.stages.screen.screen import Screen
from sayso.stages.sources.hub_datasets import HubDataset
from sayso.stages.sources.source import Source
from sayso.stages.synthesize.synthesize import Synthesize

BUNDLED = Path(__file__).parent / "recipes"


class Recipe(BaseModel):
    """Everything a run does: where rows come from, what may stay, how it is said, what is published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, description="what the dataset is called")
    seed: int = Field(default=0, ge=0, lt=2**63, description="every random choice is drawn from it and the row's id")
    sources: tuple[Source, ...] = Field(min_length=1, description="in order of priority for duplicates")
    screen: Screen = Screen()
    decontaminate: Decontaminate = Decontaminate()
    deduplicate: Deduplicate = Deduplicate()
    sample: Sample = Sample()
    mixture: Mixture = Mixture()
    synthesize: Synthesize = Synthesize()
    compose: Compose = Compose()
    card: Card = Card()
    resources: Resources = Resources()

    @field_validator("sources")
    @classmethod
    def _source_names_are_unique(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        names = [source.name for source in sources]
        twice = sorted({name for name in names if names.count(name) > 1})
        if INAUDIBLE in names:
            raise ValueError(f"no source can be called {INAUDIBLE!r}: rows that are made have that name")
        if twice:
            raise ValueError(f"two sources are called {twice[0]!r}; a row's id is made from its source's name")
        return sources

    @model_validator(mode="after")
    def _sample_names_sources(self) -> Recipe:
        names = {source.name for source in self.sources}
        for key in ("shares", "weights", "caps"):
            for name in getattr(self.sample, key):
                if name not in names:
                    told = suggestion(name, names)
                    raise ValueError(f"sample.{key} names {name!r}, which is no source of this recipe{told}")
        return self

    # Where relative paths of sources begin.
    _folder: Path = PrivateAttr(default_factory=Path.cwd)

    @property
    def folder(self) -> Path:
        """Where the relative paths in it begin: the folder of its file, or the working directory where it has none."""
        return self._folder

    @property
    def source_names(self) -> tuple[str, ...]:
        """The names of the sources, in order of priority."""
        return tuple(source.name for source in self.sources)

    @property
    def hubs(self) -> tuple[HubDataset, ...]:
        """The datasets of the Hub that are read."""
        return tuple(one.hub for one in (*self.sources, *self.decontaminate.against) if one.hub)

    def with_limit(self, rows: int) -> Recipe:
        """The same recipe with at most the first `rows` rows of each source. Raises RecipeError for less than one."""
        if rows < 1:
            raise RecipeError(f"limit: give at least 1 row of each source (it is {rows})")
        sources = tuple(
            source.model_copy(update={"limit": rows if source.limit is None else min(rows, source.limit)})
            for source in self.sources
        )
        return self.model_copy(update={"sources": sources})

    def with_resources(self, *, workers: int | None = None, **given: Any) -> Recipe:
        """The same recipe with other `resources`: `batch=8`, or `speech={"gpus": 0.5}` for one key of those below it.

        `workers`: how many may be at work in text, and in speech. None leaves what the recipe says.
        Raises RecipeError where there is no such resource, or not of that amount.
        """
        changed = self.resources.model_dump()
        if workers is not None:
            given = {"text": {"workers": workers}, "speech": {"workers": workers}, **given}
        for key, value in given.items():
            if value is not None:
                changed[key] = {**changed[key], **value} if isinstance(value, dict) and key in changed else value
        try:
            resources = Resources.model_validate(changed)
        except ValidationError as error:
            raise RecipeError(faults("resources", error, TypeAdapter(Resources))) from None
        return self.model_copy(update={"resources": resources})

    @property
    def speaks_on_gpu(self) -> bool:
        """Whether a voice or the tokenizer computes on a GPU."""
        devices = [self.synthesize.tokenizer.computes_on, *(voice.computes_on for voice in self.synthesize.voices)]
        return any(device.startswith("cuda") for device in devices)

    @property
    def resources_of_run(self) -> Resources:
        """`resources` with what the recipe leaves open and its models decide: whether speech takes a GPU."""
        if self.resources.speech.gpus is not None:
            return self.resources
        speech = self.resources.speech.model_copy(update={"gpus": float(self.speaks_on_gpu)})
        return self.resources.model_copy(update={"speech": speech})


def find_recipe(reference: str) -> Path:
    """The path of a recipe given as a path, or as the name of one that comes with sayso ("demo").

    Raises RecipeError listing the bundled names when there is neither.
    """
    path, bundled = Path(reference), BUNDLED / f"{reference}.yaml"
    try:
        if path.is_file():
            return path
        if "/" not in reference and bundled.is_file():
            return bundled
    except OSError as error:
        raise RecipeError(f"{reference[:80]} cannot be read: {error.strerror}") from None
    told = suggestion(reference, sorted(found.stem for found in BUNDLED.glob("*.yaml")))
    raise RecipeError(f"{reference}: there is no such file, nor a recipe of that name with sayso{told}")


def load_recipe(reference: str | Path) -> Recipe:
    """Read and check the recipe of `find_recipe`, and the bank of voices that it names.

    Old names in them give a warning (OldName). Raises RecipeError with one line for each key that is wrong.
    """
    path = find_recipe(str(reference))
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise RecipeError(f"{path}: a recipe is a mapping of keys such as name, sources and screen")
    try:
        recipe = Recipe.model_validate(with_bank(with_new_names(content, path), path))
    except ValidationError as error:
        raise RecipeError(faults(path, error, TypeAdapter(Recipe))) from None
    recipe._folder = path.parent.resolve()
    return recipe
