"""Heard words: what a transcript has otherwise than it was said, and whether a number, a no or a name is among it.

An error rate cannot tell a lost article from a lost "not". So the words of both sides are laid beside each other, and
where they differ, the words that carry the meaning are looked at by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, partial
from itertools import groupby, product
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from sayso.stages.speech.whisper.normalizer import normalizer_of

if TYPE_CHECKING:
    import jiwer

# Comparing costs the product of both lengths. Nobody says so many characters in the 30 s that an attempt has at most,
# so what stands beyond them can only make a text more wrong.
LONGEST_COMPARED = 2_000

# Words that say no, by language. In French "ne" is left out, for many leave it out when they speak.
NEGATIONS = {
    "en": "no not never none nothing nobody nowhere neither nor without cannot aint hardly barely unless except",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals nichts niemand nirgends ohne weder",
    "es": "no nunca jamás nada nadie ningún ninguno ninguna sin ni tampoco",
    "fr": "pas jamais rien personne aucun aucune sans ni",
    "it": "non mai niente nulla nessuno nessuna nessun senza né",
    "nl": "niet geen nooit niets niemand nergens zonder noch",
    "pl": "nie nigdy nic nikt nigdzie żaden żadna żadne ani bez",
    "pt": "não nunca jamais nada ninguém nenhum nenhuma sem nem",
    "vi": "không chẳng chả chưa đừng chớ",
}
PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non", "mis")
# Words that sound alike: a listener hears a number, or a no, in either.
SOUNDS_LIKE_NUMBER = {
    **{"one": "1", "won": "1", "two": "2", "to": "2", "too": "2", "for": "4", "four": "4", "fore": "4", "ate": "8"},
    **{"eight": "8", "oh": "0", "o": "0", "zero": "0", "half": "2", "quarter": "4", "i": "1", "ii": "2", "iii": "3"},
    **{"iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10", "xi": "11", "xii": "12"},
    **{"a": "1", "an": "1", "double": "", "second": "2"},
}
_ENGLISH_NEGATIONS = frozenset(NEGATIONS["en"].split())
SOUNDS_LIKE_NEGATION = {"know": "no", "knot": "not", "nun": "none", "nought": "not"}
# Words with two meanings more than these are not tried in every meaning.
MOST_AMBIGUOUS = 8
# A name that is written otherwise sounds the same: "Katherine", "Catharine".
SPELLINGS = (("ph", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("y", "i"), ("z", "s"), ("h", ""), ("e", ""))

# Of "in" and "un" before fewer letters, most are other words: "in", "inn"; "mis", "miss".
SHORTEST_STEM = 4
# There all nouns have a capital.
NOUNS_WITH_CAPITALS = ("de", "lb")
# "Who is Katherine Jones?" is no title, though most of its words have a capital.
FEW_NAMES = 4
LONG_WORD = 5
# "Amelia" may be heard as "a me Lia".
PARTS_OF_NAME = 3

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NO_FRACTION = re.compile(r"\.0+$")
# Letters of Latin, Greek and Cyrillic, and those of Latin with two marks, as in Vietnamese.
_LETTERS = [chr(code) for code in (*range(0x41, 0x530), *range(0x1E00, 0x1F00))]
_UPPER = "".join(letter for letter in _LETTERS if letter.isupper())
_LOWER = "".join(letter for letter in _LETTERS if letter.islower())
_NAME = re.compile(
    rf"(?<![.!?:;\n\"“] )(?<!^)(?<![\w'’.])(?:[{_UPPER}]['’])?[{_UPPER}][{_LOWER}]+(?:['’-]?[{_UPPER}{_LOWER}]+)*"
)
_CAPITAL = re.compile(rf"\b[{_UPPER}]")
_REPEATED = re.compile(r"(.)\1+")


class Comparison(NamedTuple):
    """How a transcript differs from what was said; words are those of Whisper's normalizer."""

    wer: float
    cer: float
    wrong_numbers: int
    """Places where other numbers were heard."""
    wrong_negations: int
    """Places where a "not" and its like, or the "un-" of a word, was lost or came in."""
    name_error: float
    """The largest share of a name's sounds that is wrong, 0 to 1."""
    lost_start: int
    """Words that are missing at the start, with nothing in their place."""
    lost_end: int
    """The same at the end."""
    lost_inside: int
    """The same between, of words that are long enough to mean something by themselves."""
    differs: str | None
    """The first place that is wrong of these, "said → heard", if any."""


COLUMNS: dict[str, Any] = {
    "speech.wer": pl.Float64,
    "speech.cer": pl.Float64,
    "speech.wrong_numbers": pl.Int64,
    "speech.wrong_negations": pl.Int64,
    "speech.name_error": pl.Float64,
    "speech.lost_start": pl.Int64,
    "speech.lost_end": pl.Int64,
    "speech.lost_inside": pl.Int64,
    "speech.differs": pl.String,
}


class Place(NamedTuple):
    """A run of words that differ: what was said there, and what was heard, and whether it begins or ends the text."""

    said: Sequence[str]
    heard: Sequence[str]
    begins: bool
    ends: bool


class Rules(NamedTuple):
    """What in the words of a language carries the meaning."""

    numbers_differ: Callable[[Place], bool]
    negations_differ: Callable[[Place], bool]
    names_in: Callable[[str], frozenset[str]]


def compare_words(spoken: pl.Series, transcripts: pl.Series, language: str) -> pl.DataFrame:
    """The fields of `Comparison` as columns `speech.…`, a line for each transcript; null where nothing was heard."""
    rows = [
        (None,) * len(COLUMNS) if transcript is None else compare(text, transcript, language)
        for text, transcript in zip(spoken, transcripts, strict=True)
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def compare(spoken: str, transcript: str, language: str = "en") -> Comparison:
    """A transcript beside the text that was said, in a language as Whisper calls it.

    Both sides go through Whisper's own normalizer first, as in its paper's evaluation (Radford et al. 2022, appendix
    C), so that in English "20 %" and "twenty percent" are the same words. In languages without blanks a letter is one.
    """
    # Recipes have gates, too, and need it not.
    import jiwer

    spoken, transcript = spoken[:LONGEST_COMPARED], transcript[:LONGEST_COMPARED]
    normalize, rules = normalizer_of(language), rules_of(language)
    said, heard = normalize(spoken).split(), normalize(transcript).split()
    if said == heard or not said:
        rate = float(said != heard)
        return Comparison(rate, rate, 0, 0, 0.0, 0, 0, 0, None)
    aligned = jiwer.process_words(" ".join(said), " ".join(heard))
    # The normalizer may join or split words ("every day"): CER looks at the letters alone.
    cer = jiwer.cer("".join(said), "".join(heard))
    # Words that are only parted or joined otherwise, "with out", are no others.
    places = [
        place for place in _places(aligned.alignments[0], said, heard) if "".join(place.said) != "".join(place.heard)
    ]
    numbers = [] if _digits(said) == _digits(heard) else [place for place in places if rules.numbers_differ(place)]
    negations = [place for place in places if rules.negations_differ(place)]
    names = rules.names_in(spoken)
    wrong_names = [(_name_error(word, place.heard), place) for place in places for word in place.said if word in names]
    name_error, of_name = max(wrong_names, key=lambda found: found[0], default=(0.0, None))
    lost = [place for place in places if not (place.heard or place.begins or place.ends)]
    wrong = [*numbers, *negations, *([of_name] if of_name else []), *filter(_long_words, lost)]
    return Comparison(
        wer=round(aligned.wer, 4),
        cer=round(cer, 4),
        wrong_numbers=len(numbers),
        wrong_negations=len(negations),
        name_error=round(name_error, 2),
        lost_start=sum(len(place.said) for place in places if place.begins and not place.heard),
        lost_end=sum(len(place.said) for place in places if place.ends and not place.heard),
        lost_inside=sum(map(_long_words, lost)),
        differs=f"{' '.join(wrong[0].said)} → {' '.join(wrong[0].heard)}" if wrong else None,
    )


def _places(chunks: Sequence[jiwer.AlignmentChunk], said: Sequence[str], heard: Sequence[str]) -> Iterator[Place]:
    """Where the sides differ; neighbours are one place, for which word stands for which is not known there."""
    for equal, run in groupby(chunks, key=lambda chunk: chunk.type == "equal"):
        if not equal:
            parts = [*run]
            start, end = parts[0].ref_start_idx, parts[-1].ref_end_idx
            yield Place(
                said[start:end],
                heard[parts[0].hyp_start_idx : parts[-1].hyp_end_idx],
                begins=start == 0,
                ends=end == len(said),
            )


def _digits(words: Sequence[str]) -> str:
    """All numbers as one run of digits: it is no error to hear "19 19" for "1919"."""
    return "".join(number for word in words for number in _numbers(word))


def _numbers(word: str) -> list[str]:
    """The numbers in a word; the normalizer writes "seven point zero" as 7.0, and 7.0 as 7."""
    return [_NO_FRACTION.sub("", number) for number in _NUMBER.findall(word)]


@cache
def rules_of(language: str) -> Rules:
    """The rules of a language. Of one whose number words are not known, only numbers in digits are compared."""
    if language == "en":
        return Rules(_numbers_differ, _english_negations_differ, names_in)
    return Rules(
        _digits_differ,
        partial(_negations_differ, words=NEGATIONS.get(language, "").split()),
        _no_names if language in NOUNS_WITH_CAPITALS else partial(names_in, language=language),
    )


def _digits_differ(place: Place) -> bool:
    said, heard = _digits(place.said), _digits(place.heard)
    return said != heard and bool(said and heard)


def _negations_differ(place: Place, words: Collection[str]) -> bool:
    return sum(word in words for word in place.said) != sum(word in words for word in place.heard)


def _no_names(text: str) -> frozenset[str]:
    return frozenset()


def _numbers_differ(place: Place) -> bool:
    if _digits(place.said) == _digits(place.heard):
        return False
    return not _readings(place.said) & _readings(place.heard)


def _readings(words: Sequence[str]) -> set[str]:
    """Every run of digits that these words may be heard as."""
    choices, ambiguous = list[tuple[str, ...]](), 0
    for word in words:
        numbers = _numbers(word)
        if numbers:
            choices.append(("".join(numbers),))
        elif word in SOUNDS_LIKE_NUMBER and ambiguous < MOST_AMBIGUOUS:
            ambiguous += 1
            choices.append(("", SOUNDS_LIKE_NUMBER[word]))
    return {"".join(chosen) for chosen in product(*choices)}


def _english_negations_differ(place: Place) -> bool:
    said, heard = ([SOUNDS_LIKE_NEGATION.get(word, word) for word in side] for side in (place.said, place.heard))
    if _negations_differ(place._replace(said=said, heard=heard), _ENGLISH_NEGATIONS):
        return True
    # Word by word, for "on kind" may well be how "unkind" was heard.
    return len(place.said) == len(place.heard) and any(map(_is_opposite, place.said, place.heard))


def _long_words(place: Place) -> int:
    """The words of a place that mean something by themselves; "the" and "of" are left out where nothing was."""
    return sum(len(word) >= LONG_WORD for word in place.said)


def _is_opposite(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST_STEM and any(long == prefix + short for prefix in PREFIXES)


def names_in(text: str, language: str = "en") -> frozenset[str]:
    """The words with a capital inside of a sentence, as the normalizer writes them.

    None where most of many words have one, as in a title: there it tells nothing. A number in a name is a number.
    """
    capitals = len(_CAPITAL.findall(text))
    if capitals > FEW_NAMES and 2 * capitals > len(text.split()):
        return frozenset()
    words = (word for name in _NAME.findall(text) for word in normalizer_of(language)(name).split())
    return frozenset(word for word in words if not _NUMBER.search(word))


def _name_error(name: str, heard: Sequence[str]) -> float:
    """How much of a name's sounds is wrong in the words that come nearest to it."""
    from rapidfuzz.distance import Levenshtein

    starts = range(len(heard))
    runs = ("".join(heard[start : start + length]) for length in range(1, PARTS_OF_NAME + 1) for start in starts)
    near = max((Levenshtein.normalized_similarity(_sounds(name), _sounds(run)) for run in runs), default=0.0)
    return 1 - near


def _sounds(word: str) -> str:
    for written, heard in SPELLINGS:
        word = word.replace(written, heard)
    return _REPEATED.sub(r"\1", word)
