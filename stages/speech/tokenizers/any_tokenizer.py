"""The sound tokenizers of all engines: sayso's own, and those that other packages add."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from sayso.manifests.plugins import PluginGroup
from sayso.stages.speech.by_engine import ByEngine, engine_fault
from sayso.stages.speech.tokenizers.tokenizer import Tokenizer
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig

_OWN: dict[str, type[Tokenizer]] = {"whispervq": WhisperVQConfig}
_FAULT = partial(engine_fault, base=Tokenizer, methods=("sound_format", "load"))
TOKENIZERS = ByEngine(Tokenizer, _OWN, PluginGroup("sayso.tokenizers", tuple(_OWN), _FAULT), "whispervq")

AnyTokenizer = Annotated[Tokenizer, TOKENIZERS]
