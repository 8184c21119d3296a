"""A bank of voices: a file of its own, from which recipes choose by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sayso.pipeline.old_names import with_new_names
from sayso.pipeline.recipe_faults import faults
from sayso.pipeline.recipe_file import RecipeError, parse_yaml, read_yaml
from sayso.stages.speech.voices.any_voice import AnyVoice

VOICES = TypeAdapter(tuple[AnyVoice, ...])


class ChosenVoice(BaseModel):
    """What a recipe may say of a voice of its bank; all else is the bank's to say."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bank: str = Field(description="its name in the bank, which the recipe names in `voice_bank`")
    weight: float | None = Field(default=None, gt=0, description="how often it is chosen, instead of the bank's")
    speeds: tuple[float, ...] | None = Field(default=None, min_length=1, description="instead of the bank's")


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
        voices = [_choose(voice, bank, f"{path}: synthesize.voices[{n}]") for n, voice in enumerate(voices)]
        return {**content, "synthesize": {**synthesize, "voices": voices}}
    return content


def read_bank(path: Path) -> dict[str, dict[str, Any]]:
    """The voices of a bank by name, as a recipe would write them, with whole paths of speakers. Raises RecipeError."""
    return _voices(read_yaml(path), path)


def with_voice(text: str, path: Path, voice: Mapping[str, Any], notes: Sequence[str]) -> str:
    """The text of the bank at `path` with one voice more below the others, and notes on it; all else stays as it is.

    Raises RecipeError where the bank has a voice of this name, or would not be right with it.
    """
    before = parse_yaml(text, path) or []
    if before and voice["name"] in _voices(before, path):
        raise RecipeError(f"{path}: there is a voice {voice['name']!r} already; choose another name, or take it out")
    after = text + _lines(text, voice, notes)
    try:
        added = parse_yaml(after, path) == [*before, voice]
    except RecipeError:
        added = False
    if not added:
        raise RecipeError(
            f"{path}: no voice can be added below its last line; write it as a list, each voice with a `- name:`"
        )
    _voices([*before, voice], path)
    return after


def _lines(text: str, voice: Mapping[str, Any], notes: Sequence[str]) -> str:
    """A voice as further lines of a bank, indented as its voices are, with line ends like its own."""
    bank = yaml.compose(text, Loader=yaml.SafeLoader)
    indent = " " * (bank.start_mark.column if bank else 0)
    first, *others = yaml.safe_dump([dict(voice)], sort_keys=False, allow_unicode=True, width=100).rstrip().split("\n")
    lines = [first, *(f"  # {note}" for note in notes), *others]
    end = "\r\n" if "\r\n" in text else "\n"
    begin = "" if not text or text.endswith("\n") else end
    return begin + "".join(f"{indent}{line}{end}" for line in lines)


def _voices(content: Any, path: Path) -> dict[str, dict[str, Any]]:
    if not isinstance(content, list) or not content:
        raise RecipeError(f"{path}: a bank is a list of voices, each with a name")
    content = with_new_names(content, path, "synthesize.voices")
    try:
        voices = VOICES.validate_python(content)
    except ValidationError as error:
        raise RecipeError(faults(path, error, VOICES)) from None
    found: dict[str, dict[str, Any]] = {}
    for voice, entry in zip(voices, content, strict=True):
        if voice.name in found:
            raise RecipeError(f"{path}: two voices are called {voice.name!r}")
        file = voice.speaker_file
        speaker = {"speaker": str((path.parent / file).resolve())} if file is not None else {}
        found[voice.name] = {**entry, **speaker}
    return found


def _choose(voice: Any, bank: Mapping[str, dict[str, Any]] | None, where: str) -> Any:
    """The bank's voice that a recipe names; one that it describes itself stays as it is."""
    if not isinstance(voice, dict) or "bank" not in voice:
        return voice
    if bank is None:
        raise RecipeError(f"{where}.bank: the recipe names no bank; set synthesize.voice_bank")
    name = str(voice["bank"])
    if name not in bank:
        raise RecipeError(f"{where}.bank: there is no voice {name!r}; the bank has {', '.join(bank)}")
    other = sorted(set(voice) - ChosenVoice.model_fields.keys())
    if other:
        raise RecipeError(f"{where}.{other[0]}: of a voice of the bank, only weight and speeds are the recipe's to say")
    return {**bank[name], **{key: voice[key] for key in voice if key != "bank"}}
