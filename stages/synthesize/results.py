"""What a voice or a sound tokenizer gave for a row, if it is what it should be: engines are others' code."""

from __future__ import annotations

import numpy as np

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.protocols import Clip, SynthesisError, Tokens


def clip_of(found: object) -> Clip:
    """A clip, as it is. Raises SynthesisError for what is none."""
    # Only who speaks needs the library.
    import torch

    if not isinstance(found, torch.Tensor):
        raise SynthesisError(f"the voice gave a {type(found).__name__}, which is no tensor")
    if found.ndim != 1 or found.dtype != torch.float32:
        shape = "×".join(map(str, found.shape)) or "no dimension"
        raise SynthesisError(f"the voice gave a tensor of {found.dtype} and {shape}, not mono samples of float32")
    return found


def tokens_of(found: object, sound: SoundFormat) -> Tokens:
    """The tokens of a row, if they are of this format. Raises SynthesisError where they are not."""
    tokens = np.asarray(found)
    if tokens.ndim != 1 or (tokens.size and tokens.dtype.kind not in "iu"):
        raise SynthesisError(f"the tokens are a {type(found).__name__} of {tokens.dtype}, not an array of integers")
    if not tokens.size:
        return tokens.astype(np.uint16)
    highest = max(sound.highest, sound.mask_code or 0)
    if tokens.min() < 0 or tokens.max() > highest:
        raise SynthesisError(f"a token of {tokens.min()} to {tokens.max()} is none of {sound.name}, 0 to {highest}")
    return tokens.astype(np.uint16, copy=False)


def of_length(tokens: Tokens | Exception, seconds: float, sound: SoundFormat) -> Tokens | Exception:
    """The tokens of a clip, or a SynthesisError where another number belongs to its length.

    None at all are those of silence, and a clip that is too long is cut; the gates look at both.
    """
    if isinstance(tokens, Exception) or not len(tokens) or seconds > sound.max_seconds:
        return tokens
    if sound.fits(len(tokens), seconds):
        return tokens
    told = f"{len(tokens)} tokens came of {seconds} s, and {sound.name} has {sound.tokens_per_second:g} a second"
    return SynthesisError(told)


def text_of(found: object) -> str:
    """A text, as it is. Raises SynthesisError for what is none."""
    if not isinstance(found, str):
        raise SynthesisError(f"the tokenizer heard a {type(found).__name__}, which is no text")
    return found
