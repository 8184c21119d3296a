"""The speech side's steps, measured one after the other: by the product in batches, and by WhisperSpeech row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sayso.stages.speech.protocols import Clip, Tokens
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.resampling import to_16_khz
from sayso.stages.speech.voices.whisperspeech.s2a_model import SADelARTransformer
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.t2s_model import TSARTransformer
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance
from sayso.stages.speech.voices.whisperspeech.vocoder import Vocos
from sayso.stages.speech.voices.whisperspeech.voice import read_speaker
from sayso.stages.speech.whisper.loading import load_whisper
from sayso.stages.speech.whisper.model import Whisper
from tests.benchmarks.devices import Cost, Device, measured
from tests.benchmarks.random_models import Checkpoints, always_sound, never_ending

# What a voice does, which WhisperSpeech has, too, and what the sound tokenizer does.
SAYING, CHECKING = ("T2S", "S2A", "vocoder"), ("encode", "decode back")
STEPS = SAYING + CHECKING
CPS, TEMPERATURE = 15.0, 0.7
SENTENCE = "which of the towns along the river has the oldest bridge and who built it in which year "


@dataclass(frozen=True)
class Models:
    """The models that are loaded once, and how the others are loaded."""

    t2s: TSARTransformer
    s2a: SADelARTransformer
    whisper: Whisper
    files: Checkpoints
    device: str
    precision: torch.dtype


@dataclass(frozen=True)
class Way:
    """How a package says rows one by one: what that is called, whose classes, and what they are set up with."""

    name: str
    package: str
    settings: Mapping[str, bool] = field(default_factory=dict)

    @property
    def missing(self) -> str | None:
        """What to do where the package is not installed."""
        return None if find_spec(self.package) else f"left out, for it needs pip install --no-deps {self.package}"


@dataclass(frozen=True)
class Spoken:
    """What came of the rows of a batch, in order, at each step."""

    semantic: list[Tokens]
    codes: list[Tensor]
    clips: list[Clip]
    sound: list[Tokens]
    texts: list[str]

    def unlike(self, other: Spoken) -> dict[str, int]:
        """By step, how many of the rows that both have first differ there, of those whose tokens or text differ."""
        differences = [self._differences(other, row) for row in range(min(len(self.texts), len(other.texts)))]
        first = Counter(
            next(step for step in STEPS if row[step])
            for row in differences
            if row["T2S"] or row["encode"] or row["decode back"]
        )
        return {step: first[step] for step in STEPS if first[step]}

    def _differences(self, other: Spoken, row: int) -> dict[str, bool]:
        return {
            "T2S": not np.array_equal(self.semantic[row], other.semantic[row]),
            "S2A": not torch.equal(self.codes[row], other.codes[row]),
            "vocoder": not torch.equal(self.clips[row], other.clips[row]),
            "encode": not np.array_equal(self.sound[row], other.sound[row]),
            "decode back": self.texts[row] != other.texts[row],
        }


def load_models(files: Checkpoints, device: str, precision: torch.dtype) -> Models:
    """Load what no batch size changes, by the product's own loaders."""
    return Models(
        t2s=never_ending(load_t2s(files.t2s, device, precision)),
        s2a=always_sound(load_s2a(files.s2a, device, precision)),
        whisper=load_whisper(files.whisper, device),
        files=files,
        device=device,
        precision=precision,
    )


def texts(rows: int, seconds: float) -> list[str]:
    """Different texts, each as long as is said in so many seconds; a row has the same one in any batch."""
    length = max(4, int(CPS * seconds))
    return [(f"{row} " + SENTENCE * (length // len(SENTENCE) + 1))[:length].strip() for row in range(rows)]


def measure_batch(models: Models, device: Device, rows: int, tokens: int, costs: dict[str, Cost]) -> Spoken:
    """Take a batch through all steps, each after it was warm; `costs` gets what a step takes of the whole batch.

    All that one worker holds is in memory at once. Raises OutOfMemory, or the error that a step or a row met; then
    `costs` has the steps before.
    """
    together = 1 if torch.device(models.device).type == "cpu" else rows  # as voices load it
    t2s, s2a = TextToSemantic(models.t2s, rows, tokens), SemanticToAcoustic(models.s2a, rows)
    vocoder = Vocos.load(models.files.vocoder, models.device, together)
    tokenizer = WhisperVQ.load(models.files.quantizer, models.whisper, models.device, rows, models.precision)
    speaker = read_speaker("default")
    said = [Utterance(text, "en", CPS, TEMPERATURE, 2 * row) for row, text in enumerate(texts(rows, tokens / 25))]

    def timed(step: str, work: Callable[[], Sequence[Any]]) -> list[Any]:
        results, costs[step] = measured(device, work, warm_up=work)
        return results

    semantic = timed("T2S", lambda: t2s.generate(said))
    speech = [Speech(row, speaker, TEMPERATURE, 2 * place + 1) for place, row in enumerate(semantic)]
    codes = timed("S2A", lambda: s2a.generate(speech))
    clips = timed("vocoder", lambda: _clips(vocoder, codes))
    sound = timed("encode", lambda: tokenizer.encode(clips))
    heard = timed("decode back", lambda: tokenizer.decode_text(sound))
    return Spoken(semantic, [row.cpu() for row in codes], [row.cpu() for row in clips], sound, heard)


def measure_package(models: Models, device: Device, rows: int, tokens: int, way: Way) -> dict[str, Cost]:
    """What the rows take one by one with the package's own T2S and S2A, set up as its Pipeline does.

    Its vocoder is of the same layers as the product's, which is taken here with one row at a time.
    """
    t2s = import_module(f"{way.package}.t2s_up_wds_mlang_enclm").TSARTransformer
    s2a = import_module(f"{way.package}.s2a_delar_mup_wds_mlang").SADelARTransformer
    t2s = t2s.load_model(models.files.t2s, device=models.device)
    s2a = s2a.load_model(models.files.s2a, device=models.device)
    for model in (t2s, s2a):
        model.optimize(dtype=models.precision, **way.settings)
    never_ending(t2s), always_sound(s2a)
    vocoder = Vocos.load(models.files.vocoder, models.device, max_batch_size=1)
    speaker = torch.from_numpy(read_speaker("default"))[None]
    settings: dict[str, Any] = {"T": TEMPERATURE, "show_progress_bar": False}

    def timed(rows: Sequence[Any], one: Callable[[Any], Any]) -> tuple[list[Any], Cost]:
        return measured(device, lambda: [one(row) for row in rows], warm_up=lambda: one(rows[0]))

    semantic, first = timed(
        texts(rows, tokens / 25), lambda text: t2s.generate(text, N=tokens + 1, cps=CPS, **settings)[0]
    )
    codes, second = timed(semantic, lambda row: s2a.generate(row, speaker, **settings)[0])
    _, third = timed(codes, lambda row: _clips(vocoder, [row])[0])
    return dict(zip(SAYING, (first, second, third), strict=True))


def _clips(vocoder: Vocos, codes: Sequence[Tensor]) -> list[Clip | Exception]:
    """16 kHz clips of codes, as `encode` takes them."""
    return [row if isinstance(row, Exception) else to_16_khz(row) for row in vocoder.decode(codes)]
