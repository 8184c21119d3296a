"""The voices of all engines, told apart by the key `engine`: sayso's own, and those that other packages add."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, Union

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError, core_schema

from sayso.manifests.plugins import PluginGroup
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech

OWN: dict[str, type[Voice]] = {"hibari": Hibari, "whisperspeech": WhisperSpeech}


def _fault(found: Any) -> str | None:
    if not (inspect.isclass(found) and issubclass(found, Voice)):
        return "it is no class of sayso.stages.speech.voices.voice.Voice"
    if found.load is Voice.load:
        return "it has no method `load`"
    return None


VOICE_PLUGINS = PluginGroup("sayso.voices", tuple(OWN), _fault)


def engines() -> dict[str, type[Voice]]:
    """The class of each engine by its name. Raises PluginError where a package adds one that cannot be used."""
    return OWN | {name: plugin.value for name, plugin in VOICE_PLUGINS.load().items()}


def voice_of(given: Any) -> Voice:
    """The voice of the engine that the key `engine` names; hibari's, where there is none."""
    if isinstance(given, Voice):
        return given
    if not isinstance(given, dict) or not isinstance(given.get("engine", ""), str):
        raise ValueError("a voice is a mapping of keys such as name and engine, which is a text")
    engine = given.get("engine", Hibari.model_fields["engine"].default)
    # What other packages add is loaded only where it is asked for.
    known = OWN if engine in OWN else engines()
    if engine not in known:
        told = {"known": ", ".join(known)}
        error = PydanticCustomError("unknown_engine", "there is no such engine; there are {known}", told)
        details = InitErrorDetails(type=error, loc=("engine",), input=engine)
        raise ValidationError.from_exception_data("Voice", [details])
    return known[engine].model_validate({**given, "engine": engine})


class ByEngine:
    """Validates a voice by its engine, so that a voice of any engine may stand where this does."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(voice_of)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        of_all: Any = Union[tuple(engines().values())]  # noqa: UP007, for their number is not known here
        return handler(TypeAdapter(of_all).core_schema)


AnyVoice = Annotated[Voice, ByEngine()]
