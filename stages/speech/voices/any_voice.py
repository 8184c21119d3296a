"""The voices of all engines: sayso's own, and those that other packages add."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from sayso.manifests.plugins import PluginGroup
from sayso.stages.speech.by_engine import ByEngine, engine_fault
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.speechless.config import Speechless
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech

_OWN: dict[str, type[Voice]] = {"hibari": Hibari, "speechless": Speechless, "whisperspeech": WhisperSpeech}
_FAULT = partial(engine_fault, base=Voice, methods=("load",))
VOICES = ByEngine(Voice, _OWN, PluginGroup("sayso.voices", tuple(_OWN), _FAULT), "hibari")

AnyVoice = Annotated[Voice, VOICES]
