"""Whisper's word pieces: byte pairs of text, and what it says beside text (a start, an end, languages, times).

The pairs are those of its two released vocabularies (MIT), in `vocabularies/`, a line for each: base64 and rank.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

import tiktoken

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.hashes import sha256_of
from sayso.stages.speech.whisper.languages import LANGUAGES
from sayso.stages.speech.whisper.model import Whisper

FOLDER = Path(__file__).parent / "vocabularies"
# What they must be: what is said hangs on them.
SHA256 = {
    "english": "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
    "multilingual": "b34b360dbb493e781e479794586d661700670d65564001f23024971d1f2fa126",
}
# How GPT-2 cuts text before it looks for pairs (Radford et al. 2019).
WORDS = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
# From 0 to 30 s in steps of 20 ms.
TIMES = [f"<|{place * 0.02:.2f}|>" for place in range(1501)]
# What stands in transcripts for what nobody said, such as speakers and music: never by itself, nor after a space.
_UNSPOKEN = "<< >> <<< >>> -- --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪"
UNSPOKEN = (*'"#()*+/:;<=>@[\\]^_`{|}~「」『』', *_UNSPOKEN.split())
# These are several pieces each, of which the first is theirs alone.
MUSIC = "♩♪♫♬♭♮♯"


class WordPieces:
    """The pieces of the vocabulary that a Whisper was trained with.

    `language` is what it is to hear, and `before` is text that it takes for what was said before. Raises
    SpeechModelError for a language that it does not know.
    """

    def __init__(self, whisper: Whisper, language: str = "en", before: str = "") -> None:
        self._multilingual = whisper.is_multilingual
        self._language, self._before, self._places = language, before.strip(), whisper.dims.n_text_ctx
        # Vocabularies of a kind differ by the number of their languages.
        languages = whisper.dims.n_vocab - 51765 - self._multilingual
        self._encoding = _encoding("multilingual" if self._multilingual else "english", languages)
        self.end = self._encoding.eot_token
        if language not in (LANGUAGES[:languages] if self._multilingual else ("en",)):
            known = "the Whisper that was loaded knows" if self._multilingual else "a Whisper of English alone knows"
            raise SpeechModelError(f"{known} no language {language!r}: name another Whisper, or another language")

    @cached_property
    def prompt(self) -> tuple[int, ...]:
        """What Whisper is given first: what came before, and that a language is to be transcribed, without times.

        Of what came before it is the end that counts, in half of the places that there are for text.
        """
        task = (f"<|{self._language}|>", "<|transcribe|>") if self._multilingual else ()
        asked = map(self._special, ("<|startoftranscript|>", *task, "<|notimestamps|>"))
        if not self._before:
            return tuple(asked)
        before = self.encode(f" {self._before}")[1 - self._places // 2 :]
        return (self._special("<|startofprev|>"), *before, *asked)

    @cached_property
    def never(self) -> tuple[int, ...]:
        """The pieces that are not to be said at all."""
        asked = ("transcribe", "translate", "startoftranscript", "startofprev", "startoflm", "nospeech")
        found = {self._special(f"<|{name}|>") for name in asked}
        # Within a word these are fine, before one they begin a list or a quotation.
        found |= {self.encode(" -")[0], self.encode(" '")[0]}
        for text in [start + symbol for symbol in (*UNSPOKEN, *MUSIC) for start in ("", " ")]:
            pieces = self.encode(text)
            if len(pieces) == 1 or text.strip() in MUSIC:
                found.add(pieces[0])
        return tuple(sorted(found))

    @cached_property
    def not_first(self) -> tuple[int, ...]:
        """The pieces that nothing can begin with."""
        return (*self.encode(" "), self.end)

    def encode(self, text: str) -> list[int]:
        """The pieces of a text; what looks like a special one is text."""
        return self._encoding.encode_ordinary(text)

    def decode(self, pieces: Sequence[int]) -> str:
        """The text of pieces, without times."""
        first_time = self._special(TIMES[0])
        return self._encoding.decode([piece for piece in pieces if piece < first_time])

    def _special(self, name: str) -> int:
        return self._encoding.encode_single_token(name)


@cache
def _encoding(name: str, languages: int) -> tiktoken.Encoding:
    path = FOLDER / f"{name}.tiktoken"
    if sha256_of(path) != SHA256[name]:
        raise SpeechModelError(f"{path} is not the vocabulary that came with sayso: install sayso again")
    pairs = map(bytes.split, path.read_bytes().splitlines())
    ranks = {base64.b64decode(pair): int(rank) for pair, rank in pairs}
    beside = [
        *("<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in LANGUAGES[:languages])),
        *("<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
        *TIMES,
    ]
    special = {text: len(ranks) + place for place, text in enumerate(beside)}
    return tiktoken.Encoding(name, pat_str=WORDS, mergeable_ranks=ranks, special_tokens=special)
