"""Utterances: a turn that is too long for a voice is said in parts, cut where a speaker would draw breath."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl
import xxhash

from sayso.stages.speech.protocols import SAMPLE_RATE, Clip, SynthesisError, Synthesizer
from sayso.stages.synthesize.batches import each
from sayso.stages.synthesize.results import clip_of

# Where a text may be cut, the best places first: after a sentence, after a clause, between words. Abbreviations are
# words by now; what goes on in lower case goes on with the sentence. Chinese and Japanese marks have no blank behind.
# Marks in a row are tried from the first of them only, or a long row would be gone through once for each.
_ENDS = (
    re.compile(r"(?<![.!?…])[.!?…]+[\"')\]]*\s+(?![a-z])|[。！？]+[」』）)]*\s*"),
    re.compile(r"(?<![,;:—])[,;:—]+[\"')\]]*\s+|[，、；：]+\s*"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True)
class Utterances:
    """How a turn is said: in utterances of at most so many UTF-8 bytes, with so many seconds of silence between."""

    max_bytes: int
    pause_seconds: float


def split(texts: pl.Series, max_bytes: int) -> list[list[str] | SynthesisError]:
    """The utterances of each text, in order, each of at most `max_bytes` UTF-8 bytes, neighbouring sentences together.

    A text that fits is one utterance as it is. A sentence that does not fit alone is cut at clauses, and where these
    do not fit at blanks; a text with a longer word gets SynthesisError.
    """
    parts: list[list[str] | SynthesisError] = [[text] for text in texts]
    for place in (texts.str.len_bytes() > max_bytes).arg_true():
        try:
            parts[place] = [part.strip() for part in _pack(texts[place], max_bytes, _ENDS)]
        except SynthesisError as error:
            parts[place] = error
    return parts


def synthesize_turns(
    turns: pl.DataFrame, voices: Mapping[str, Synthesizer], how: Utterances, seed: int, attempt: int
) -> tuple[list[Clip | Exception], pl.Series]:
    """A clip of each turn, or the first error that one of its utterances met; and how many utterances it has.

    Turns have `id`, `turn`, `spoken`, `speech.voice`, `speech.seed` and `speech.speed`. The first utterance is said
    with the turn's seed; those after it with seeds that follow from the recipe's `seed`, the id, the attempt, the turn
    and the utterance's number. A voice gets all that it has to say at once: it knows how many of them go together best.
    """
    parts = split(turns["spoken"], how.max_bytes)
    counts = [None if isinstance(found, SynthesisError) else len(found) for found in parts]
    every = _utterances(turns.with_row_index("row"), parts, seed, attempt)
    synthesized: dict[tuple[int, int], Clip | Exception] = {}
    for name, voice in voices.items():
        # Neighbours of about one length go together with little padding.
        mine = every.filter(pl.col("speech.voice") == name).sort(pl.col("text").str.len_chars(), "id", "turn", "number")
        wanted = mine.select("text", "seed", "speech.speed").rows()
        clips = each(wanted, partial(_synthesize, voice), clip_of)
        synthesized |= zip(mine.select("row", "number").rows(), clips, strict=True)
    clips_of_turns = [
        found
        if isinstance(found, SynthesisError)
        else _join([synthesized[row, n] for n in range(len(found))], how.pause_seconds)
        for row, found in enumerate(parts)
    ]
    return clips_of_turns, pl.Series("speech.utterances", counts, dtype=pl.Int64)


def _utterances(
    turns: pl.DataFrame, parts: Sequence[list[str] | SynthesisError], seed: int, attempt: int
) -> pl.DataFrame:
    """One row for each utterance: those of its turn, and its `number` (from 0), `text` and `seed`."""
    texts = pl.Series(
        "text", [[] if isinstance(found, SynthesisError) else found for found in parts], pl.List(pl.String)
    )
    every = turns.with_columns(texts, pl.int_ranges(texts.list.len()).alias("number"))
    every = every.filter(pl.col("text").list.len() > 0).explode("text", "number")
    places = every.select("id", "turn", "number", "speech.seed").rows()
    seeds = [
        xxhash.xxh3_64_intdigest(f"{row_id}/{attempt}/{turn}/{number}".encode(), seed=seed) & 0xFFFFFFFF
        if number
        else own
        for row_id, turn, number, own in places
    ]
    return every.with_columns(pl.Series("seed", seeds, dtype=pl.UInt32))


def _synthesize(voice: Synthesizer, wanted: Sequence[tuple[str, int, float]]) -> Sequence[Clip | Exception]:
    texts, seeds, speeds = zip(*wanted, strict=True)
    return voice.synthesize(texts, seeds, speeds)


def _join(clips: Sequence[Clip | Exception], pause_seconds: float) -> Clip | Exception:
    """Clips of one voice one after the other with silence between, or the first error among them."""
    # Only who speaks needs the library.
    import torch

    pieces: list[Clip] = []
    for clip in clips:
        if isinstance(clip, Exception):
            return clip
        pieces += [clip.new_zeros(round(pause_seconds * SAMPLE_RATE)), clip] if pieces else [clip]
    return torch.cat(pieces) if len(pieces) > 1 else pieces[0]


def _pack(text: str, max_bytes: int, ends: Sequence[re.Pattern[str]]) -> list[str]:
    """Parts of a text that fit, cut after the first of `ends`; a part that is too long, after the next ones, too."""
    if not ends:
        raise SynthesisError(
            f"a word of {_size(text)} bytes is longer than an utterance may be ({max_bytes} bytes, "
            "synthesize.max_utterance_bytes)"
        )
    packed: list[str] = []
    # Whether the last part so far is one that the next may join.
    open_ended = False
    for part in _cut(text, ends[0]):
        if _size(part) > max_bytes:
            packed += _pack(part, max_bytes, ends[1:])
            open_ended = False
        elif open_ended and _size(packed[-1] + part) <= max_bytes:
            packed[-1] += part
        else:
            packed.append(part)
            open_ended = True
    return packed


def _cut(text: str, end: re.Pattern[str]) -> list[str]:
    places = [0, *(found.end() for found in end.finditer(text)), len(text)]
    return [text[start:stop] for start, stop in itertools.pairwise(places) if start < stop]


def _size(text: str) -> int:
    """UTF-8 bytes, without the blank before the next part."""
    return len(text.rstrip().encode())
