"""Whisper's own normalizers: in English "20 %" and "twenty percent" are the same words, elsewhere "Où ?" and "où"."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

# Words that the package spells out, but the evaluation of Whisper's paper (Radford et al. 2022, appendix C) does not.
ONLY_OF_THE_PACKAGE = ("kinda", "sorta", "dunno", "cause")
# There each letter is a word: Chinese, Japanese, Thai, Lao and Burmese by the same appendix; Cantonese is written as
# Chinese is, and Khmer has no blanks between words either.
WITHOUT_BLANKS = ("zh", "yue", "ja", "th", "lo", "my", "km")


@cache
def normalizer_of(language: str) -> Callable[[str], str]:
    """What makes of a text the words that are compared, as in the evaluation of Whisper's paper.

    `language` is as Whisper calls it. The marks that stand for vowels, as in Hindi, are kept, at which the paper's own
    cuts words.
    """
    # Only who hears speech needs the package.
    from whisper_normalizer.basic import BasicTextNormalizer
    from whisper_normalizer.english import EnglishTextNormalizer

    if language != "en":
        return BasicTextNormalizer(split_letters=language in WITHOUT_BLANKS, preserve_marks=True)
    normalizer = EnglishTextNormalizer()
    for word in ONLY_OF_THE_PACKAGE:
        normalizer.replacers.pop(rf"\b{word}\b", None)
    return normalizer
