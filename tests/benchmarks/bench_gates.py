"""How often the gates are wrong either way, on takes that were spoilt on purpose and on good ones: `bench_gates.py`.

The hundred texts of `takes.txt` are said by the bundled voice; each is good as it is, and is spoilt in one way. Nobody
listened to the good ones: what the voice or the tokenizer got wrong counts against the gates. Prints a Markdown table
with a row for each way. Each take is made once, so a row that a recipe says three times is dropped more seldom.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import soxr
import torch

from sayso.stages.speech.protocols import Clip
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.synthesize.acoustics import with_noise
from sayso.stages.synthesize.attempts import SpeechModels, SynthesisSettings, make_attempt, plan_attempt
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.measures import measure
from sayso.stages.synthesize.utterances import Utterances

VOICE = Hibari(name="heart")
NUMBERS = ("three", "five", "seven", "eleven", "sixteen", "twenty", "forty", "sixty", "ninety", "thousand")
NAMES = ("Berlin", "Peter", "Linda", "Japan", "Darwin", "Lisbon", "Wilson", "Kenya", "Hamlet", "Prague")
NUMBER = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|eighteen|nineteen|"
    r"(?:twenty|thirty|forty|sixty|seventy|eighty|ninety)(?:-\w+)?)\b"
)
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")
NEGATION = re.compile(
    r" (?:not|never|no|nothing|neither|without)\b|n't\b|(?<= )(?:im|un)(?=possible|kind)|(?<=can)not\b"
)


class Take(NamedTuple):
    """What should be said, what is said instead, and what is done to the clip."""

    kind: str
    text: str
    said: str
    spoil: Callable[[np.ndarray], np.ndarray]


def as_it_is(wave: np.ndarray) -> np.ndarray:
    return wave


def without_tail(wave: np.ndarray) -> np.ndarray:
    return wave[: int(len(wave) * 0.7)]


def without_start(wave: np.ndarray) -> np.ndarray:
    return wave[int(len(wave) * 0.3) :]


def in_noise(wave: np.ndarray) -> np.ndarray:
    return with_noise(wave.astype(np.float64), -5, "white", np.random.default_rng(0)).astype(np.float32)


def with_silence(wave: np.ndarray) -> np.ndarray:
    return np.concatenate([wave, np.zeros(int(len(wave) * 1.5), np.float32)])


def too_fast(wave: np.ndarray) -> np.ndarray:
    return soxr.resample(wave, 2.2, 1).astype(np.float32)


def too_slow(wave: np.ndarray) -> np.ndarray:
    return soxr.resample(wave, 1, 3).astype(np.float32)


def in_two_voices(wave: np.ndarray) -> np.ndarray:
    half = len(wave) // 2
    return np.concatenate([wave[:half], soxr.resample(wave[half:], 1.35, 1)]).astype(np.float32)


def without_word(text: str, draw: random.Random) -> str | None:
    words = text.split()
    inside = [number for number in range(1, len(words) - 1) if len(words[number]) > 4]
    if len(words) < 6 or not inside:
        return None
    cut = draw.choice(inside)
    return " ".join(words[:cut] + words[cut + 1 :])


def with_other(pattern: re.Pattern[str], others: Sequence[str]) -> Callable[[str, random.Random], str | None]:
    def changed(text: str, draw: random.Random) -> str | None:
        found = [*pattern.finditer(text)]
        if not found:
            return None
        place = draw.choice(found)
        other = draw.choice([word for word in others if word.lower() != place[0].lower()] or [""])
        return " ".join((text[: place.start()] + other + text[place.end() :]).split())

    return changed


IN_TEXT = {
    "a word is left out": without_word,
    "another number": with_other(NUMBER, NUMBERS),
    "another name": with_other(NAME, NAMES),
    "a not is lost": with_other(NEGATION, ()),
}
IN_CLIP = {
    "the last third is cut": without_tail,
    "the first third is cut": without_start,
    "noise, 5 dB louder": in_noise,
    "silence, 1.5 times as long": with_silence,
    "2.2 times as fast": too_fast,
    "3 times as slow": too_slow,
    "another voice halfway": in_two_voices,
}


def takes(texts: Sequence[str], seed: int) -> list[Take]:
    """Each text as it is, and each once in one of the ways that it can be spoilt in, all about equally often."""
    draw, made = random.Random(seed), Counter[str]()
    found = [Take("good", text, text, as_it_is) for text in texts]
    for text in texts:
        possible = {kind: said for kind, change in IN_TEXT.items() if (said := change(text, draw))}
        kinds = [*possible, *IN_CLIP]
        kind = min(kinds, key=lambda name: (made[name], name not in possible, draw.random()))
        made[kind] += 1
        found.append(Take(kind, text, possible.get(kind, text), IN_CLIP.get(kind, as_it_is)))
    return found


class Prepared:
    """A voice that says its takes: each text with the number of its take as the seed."""

    def __init__(self, clips: dict[str, list[Clip]]) -> None:
        self.clips = clips

    def synthesize(self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]) -> list[Clip]:
        return [self.clips[text].pop(0) for text in texts]


def judged(found: Sequence[Take]) -> pl.DataFrame:
    """What the gates measured and said of each take."""
    torch.set_num_threads(2)
    said = VOICE.load().synthesize([take.said for take in found], [0] * len(found), [1.0] * len(found))
    clips: dict[str, list[Clip]] = {}
    for take, clip in zip(found, said, strict=True):
        assert not isinstance(clip, Exception), clip
        clips.setdefault(take.text, []).append(torch.from_numpy(take.spoil(clip.numpy())))
    tokenizer = WhisperVQConfig().load()
    models = SpeechModels({VOICE.name: Prepared(clips)}, tokenizer)
    pending = pl.DataFrame(
        {"id": [f"{n:032x}" for n in range(len(found))], "turn": 1, "spoken": [take.text for take in found]}
    )
    settings = SynthesisSettings((VOICE,), 0, Utterances(549, 0.3), None)
    made = make_attempt(plan_attempt(pending, settings, 0), models, settings, 0, 16)
    attempts = measure(made, models.sound_format, settings.language)
    kinds = pl.Series("kind", [take.kind for take in found])
    gates = Gates()
    return attempts.with_columns(kinds, gates.reason(tokenizer.sound_format).alias("reason"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", type=Path, help="write what was measured of each take here, as Parquet")
    parser.add_argument("--seed", type=int, default=0, help="which text is spoilt in which way")
    options = parser.parse_args()
    texts = Path(__file__).with_name("takes.txt").read_text(encoding="utf-8").splitlines()
    measured = judged(takes(texts, options.seed))
    if options.save:
        measured.write_parquet(options.save)
    print("| takes | of them | dropped | why |\n| --- | ---: | ---: | --- |")
    for kind in ("good", *IN_TEXT, *IN_CLIP):
        of_kind = measured.filter(pl.col("kind") == kind)
        why = Counter(of_kind["reason"].drop_nulls()).most_common()
        told = ", ".join(f"{reason} {count}" for reason, count in why)
        print(f"| {kind} | {of_kind.height} | {of_kind['reason'].is_not_null().sum()} | {told} |")
    spoilt = measured.filter(pl.col("kind") != "good")
    print(f"| all that are spoilt | {spoilt.height} | {spoilt['reason'].is_not_null().sum()} | |")


if __name__ == "__main__":
    main()
