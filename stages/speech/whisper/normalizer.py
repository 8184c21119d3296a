"""Whisper's own English normalizer, so that "20 %" and "twenty percent" are the same words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

# Words that the package spells out, but the evaluation of Whisper's paper (Radford et al. 2022, appendix C) does not.
ONLY_OF_THE_PACKAGE = ("kinda", "sorta", "dunno", "cause")


@cache
def english_normalizer() -> Callable[[str], str]:
    """What makes of a text the words that are compared, as in the evaluation of Whisper's paper."""
    # Only who hears speech needs the package.
    from whisper_normalizer.english import EnglishTextNormalizer

    normalizer = EnglishTextNormalizer()
    for word in ONLY_OF_THE_PACKAGE:
        normalizer.replacers.pop(rf"\b{word}\b", None)
    return normalizer
