"""Parts of a recipe that the key `engine` tells apart: sayso's own, and those that other packages add."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Union

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError, core_schema

from sayso.manifests.plugins import PluginGroup
from sayso.manifests.suggestions import suggestion


@dataclass(frozen=True)
class ByEngine:
    """Validates a part of a recipe by the class of its engine, which is one of `base`: of `own`, or of a plugin.

    To be put beside the type, as in `Annotated[Voice, ByEngine(Voice, …)]`. Where a recipe names no engine it is
    `default`.
    """

    base: type[BaseModel]
    own: Mapping[str, type[BaseModel]]
    plugins: PluginGroup
    default: str

    def classes(self) -> dict[str, type[BaseModel]]:
        """The class of each engine that can be used, by its name."""
        return {**self.own, **{name: plugin.value for name, plugin in self.plugins.load_usable().items()}}

    def validate(self, given: Any) -> Any:
        """What is given, as an object of its engine's class."""
        if isinstance(given, self.base):
            return given
        if not isinstance(given, dict) or not isinstance(given.get("engine", ""), str):
            raise ValueError(f"keys are needed, and its engine is a text, as in `{{engine: {self.default}}}`")
        engine = given.get("engine", self.default)
        found = self.own[engine] if engine in self.own else self.plugins.find(engine)
        if found is None:
            told = {"instead": suggestion(engine, (*self.own, *self.plugins.installed()))}
            error = PydanticCustomError("unknown_engine", "there is no such engine{instead}", told)
            details = InitErrorDetails(type=error, loc=("engine",), input=engine)
            raise ValidationError.from_exception_data(self.base.__name__, [details])
        return found.model_validate({**given, "engine": engine})

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        of_all: Any = Union[tuple(self.classes().values())]  # noqa: UP007, for their number is not known here
        return handler(TypeAdapter(of_all).core_schema)


def engine_fault(found: Any, base: type[BaseModel], methods: tuple[str, ...]) -> str | None:
    """Why what a plugin gives is no engine; None where it is a class of `base` with these methods of its own."""
    if not (inspect.isclass(found) and issubclass(found, base)):
        return f"it is no class of {base.__module__}.{base.__name__}"
    missing = [name for name in methods if getattr(found, name) is getattr(base, name)]
    return f"it has no method `{missing[0]}`" if missing else None
