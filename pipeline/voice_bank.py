"""A bank of voices: a file of its own, from which recipes choose by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.recipe_file import RecipeError, faults, read_yaml
from stages.speech.models import Voice

VOICES = TypeAdapter(tuple[Voice, ...])
# What a recipe may say of a voice of the bank; all else is the bank's to say.
CHOSEN = {"bank", "weight", "speeds"}


def with_bank(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """The content of the recipe at `path` with the voices of its bank in their places: all, where it names no voices.

    Raises RecipeError where the bank cannot be read or does not have a voice that is named.
    """
    synthesize = content.get("synthesize")
    if not isinstance(synthesize, dict):
        return content
    named, voices = synthesize.get("voice_bank"), synthesize.get("voices")
    bank = read_bank(path.parent / named) if isinstance(named, str) else None
    if bank is not None and voices is None:
        voices = list(bank.values())
    if isinstance(voices, list):
        voices = [_chosen(voice, bank, f"{path}: synthesize.voices[{n}]") for n, voice in enumerate(voices)]
        return {**content, "synthesize": {**synthesize, "voices": voices}}
    return content


def read_bank(path: Path) -> dict[str, dict[str, Any]]:
    """The voices of a bank by name, as a recipe would write them, with whole paths of speakers. Raises RecipeError."""
    content = read_yaml(path)
    if not isinstance(content, list) or not content:
        raise RecipeError(f"{path}: a bank is a list of voices, each with a name")
    try:
        voices = VOICES.validate_python(content)
    except ValidationError as error:
        raise RecipeError(faults(path, error, Voice)) from None
    found: dict[str, dict[str, Any]] = {}
    for voice, entry in zip(voices, content, strict=True):
        if voice.name in found:
            raise RecipeError(f"{path}: two voices are called {voice.name!r}")
        is_file = voice.speaker.endswith(".npy")
        speaker = {"speaker": str((path.parent / voice.speaker).resolve())} if is_file else {}
        found[voice.name] = {**entry, **speaker}
    return found


def _chosen(voice: Any, bank: Mapping[str, dict[str, Any]] | None, where: str) -> Any:
    """The bank's voice that a recipe names; one that it describes itself stays as it is."""
    if not isinstance(voice, dict) or "bank" not in voice:
        return voice
    if bank is None:
        raise RecipeError(f"{where}.bank: the recipe names no bank; set synthesize.voice_bank")
    name = str(voice["bank"])
    if name not in bank:
        raise RecipeError(f"{where}.bank: there is no voice {name!r}; the bank has {', '.join(bank)}")
    other = sorted(set(voice) - CHOSEN)
    if other:
        raise RecipeError(f"{where}.{other[0]}: of a voice of the bank, only weight and speeds are the recipe's to say")
    return {**bank[name], **{key: voice[key] for key in voice if key != "bank"}}
