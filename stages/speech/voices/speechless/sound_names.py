"""What the model says: tokens by their names, runs with their length before them, as the codes of sound tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from sayso.manifests.dataset.contract import SOUND_END, SOUND_START
from sayso.stages.speech.protocols import SynthesisError, Tokens

SOUND = re.compile(r"<\|sound_(\d{4,5})\|>")
_DURATION = re.compile(r"<\|duration_(?!00)(\d{2})\|>")
_NAME = re.compile(r"<\|[^<|>]*\|>")


def codes_of(names: Sequence[str]) -> Tokens:
    """The sound tokens that these names, up to the end, stand for; `<|duration_02|>` doubles the one behind it.

    Raises SynthesisError where there is no end, nothing before it, or what is neither sound nor the length of a run.
    """
    if not names:
        raise SynthesisError("it said nothing")
    ended = names[-1] == SOUND_END
    codes, lengths, length = list[int](), list[int](), 0
    for name in names[names[0] == SOUND_START : len(names) - ended]:
        if sound := SOUND.fullmatch(name):
            codes.append(int(sound[1]))
            lengths.append(length or 1)
            length = 0
        elif not length and (duration := _DURATION.fullmatch(name)):
            length = int(duration[1])
        else:
            raise SynthesisError(f"it said {name[:60]!r} where a sound token or the length of a run could stand")
    if not ended:
        raise SynthesisError(f"it had not ended after {len(names)} tokens")
    if length:
        raise SynthesisError("it ended behind the length of a run")
    if not codes:
        raise SynthesisError("it ended before it had said anything")
    return np.repeat(np.array(codes), lengths)


def split_names(text: str) -> list[str]:
    """The names of tokens in a text; what stands between them, blanks apart, is one of them as it is."""
    names, place = list[str](), 0
    for found in _NAME.finditer(text):
        names += [between] if (between := text[place : found.start()].strip()) else []
        names.append(found[0])
        place = found.end()
    return [*names, rest] if (rest := text[place:].strip()) else names
