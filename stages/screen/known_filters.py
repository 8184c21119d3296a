"""The filters that a recipe can name: sayso's own, and those that other packages add."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Union

from pydantic import BaseModel, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sayso.filters import FILTERS
from sayso.filters.judging import Filter
from sayso.manifests.plugins import PluginGroup
from sayso.manifests.suggestions import suggestion
from sayso.stages.screen.filter_fault import filter_fault

OWN: dict[str, type[BaseModel]] = {one.model_fields["filter"].default: one for one in FILTERS}
FILTER_PLUGINS = PluginGroup("sayso.filters", OWN, filter_fault, lambda found: found.model_fields["filter"].default)


def filter_names() -> tuple[str, ...]:
    """The names of all filters, none of the packages' loaded."""
    return (*OWN, *FILTER_PLUGINS.installed())


def filter_class(name: object) -> type[BaseModel] | None:
    """The filter of this name, None where there is none. Raises PluginError where that of a package cannot be used."""
    if not isinstance(name, str):
        return None
    found: type[BaseModel] | None = OWN[name] if name in OWN else FILTER_PLUGINS.find(name)
    return found


def _validate(given: Any) -> Any:
    """A filter as it is, or made of the keys of a recipe."""
    if isinstance(given, dict) and "filter" not in given:
        raise ValueError(f"it needs the key filter, the name of one of {', '.join(filter_names())}")
    if isinstance(given, str):
        raise ValueError(f"keys are needed, as in `{{filter: {given}}}`")
    name = given["filter"] if isinstance(given, dict) else getattr(given, "filter", None)
    found = filter_class(name)
    if found is None:
        raise ValueError(f"there is no filter {name!r}{suggestion(name, filter_names())}")
    return _adapter((found, *OWN.values())).validate_python(given)


@lru_cache
def _adapter(classes: tuple[type[BaseModel], ...]) -> TypeAdapter[Any]:
    """Validates an object of one of some filters. The place of an error begins with the filter's name."""
    kinds: Any = Union[tuple(dict.fromkeys(classes))]  # noqa: UP007, for their number is not known here
    return TypeAdapter(Annotated[kinds, Field(discriminator="filter")])


class _ByName:
    """Validates a filter by the name that its key `filter` gives."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        added = (plugin.value for plugin in FILTER_PLUGINS.load_usable().values())
        return handler(_adapter((*OWN.values(), *added)).core_schema)


AnyFilter = Annotated[Filter, _ByName()]
