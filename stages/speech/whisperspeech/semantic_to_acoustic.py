"""Semantic tokens → EnCodec codes, 75 a second in each codebook, for many rows at once.

The codebooks are a delay pattern: at step s the model gives codebook j its code for frame s - 1 - j, so a row of n
tokens takes 3n - 1 steps, and its codebooks are shifted against each other at the end. WhisperSpeech leaves off the
last four of the 3n frames, and so does this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor
from whisperspeech.s2a_delar_mup_wds_mlang import SADelARTransformer

from stages.speech.protocols import CannotSay, Tokens
from stages.speech.whisperspeech.batching import Batches
from stages.speech.whisperspeech.decoder import SlotDecoder
from stages.speech.whisperspeech.sampling import draw

FRAMES_PER_TOKEN = 3
LEFT_OFF = 4
SPEAKER_WIDTH = 192


@dataclass(frozen=True)
class Speech:
    """What to say as semantic tokens, in whose voice (an embedding of 192 numbers), and how codes are drawn."""

    tokens: Tokens
    speaker: npt.NDArray[np.float32]
    temperature: float
    seed: int


class SemanticToAcoustic:
    """An S2A model that works on `rows_together` rows at once."""

    def __init__(self, model: SADelARTransformer, rows_together: int) -> None:
        self._batches = Batches(lambda slots: _Rows(model, slots), rows_together)

    @torch.inference_mode()
    def generate(self, rows: Sequence[Speech]) -> list[Tensor | Exception]:
        """The codes of each row, (codebooks, 3 · tokens - 4) int64 on the model's device, or the error that it met.

        In float32 they are those of WhisperSpeech's `generate` for this row alone, drawn with another generator. Codes
        from 1024 on stand for no sound; they come out where the model puts them.
        """
        return self._batches.run(rows)


class _Rows:
    """The rows at work."""

    def __init__(self, model: SADelARTransformer, slots: int) -> None:
        self.model, self.slots = model, slots
        self.decoder = SlotDecoder(model.decoder, slots, model.ctx_n, model.stoks_len)
        self.start = model.codes + 1
        shape = (slots, model.quantizers, model.ctx_n)
        self.codes = torch.full(shape, self.start, dtype=torch.long, device=model.device)
        self.positions = torch.zeros(slots, dtype=torch.long, device=model.device)
        self.frames = [0] * slots
        self.temperatures = torch.zeros(slots, device=model.device)
        self.seeds = torch.zeros(slots, dtype=torch.long, device=model.device)

    def seat(self, slot: int, row: Speech) -> None:
        model, frames = self.model, FRAMES_PER_TOKEN * len(row.tokens)
        if frames <= LEFT_OFF:
            raise CannotSay(f"{len(row.tokens)} semantic tokens are too few for any sound")
        most = min(model.stoks_len - 1, (model.ctx_n - 1) // FRAMES_PER_TOKEN)
        if len(row.tokens) > most:
            raise CannotSay(f"{len(row.tokens)} semantic tokens, the model takes at most {most}")
        if int(row.tokens.max()) >= model.stoks_codes:
            raise CannotSay(f"semantic token {int(row.tokens.max())} is none of this model's {model.stoks_codes}")
        tokens = torch.from_numpy(row.tokens.astype(np.int64)).to(model.device)
        tokens = F.pad(tokens, (1, model.stoks_len - 1 - len(tokens)), value=model.stoks_codes - 1)[None]
        speaker = torch.from_numpy(row.speaker).to(model.device, model.dtype)
        self.decoder.seat(slot, _encoded(model, tokens, speaker))
        self.codes[slot], self.frames[slot] = self.start, frames
        self.positions[slot], self.temperatures[slot], self.seeds[slot] = 0, row.temperature, row.seed

    def step(self, slots: Sequence[int]) -> Mapping[int, Tensor | Exception]:
        model = self.model
        every = torch.arange(self.slots, device=model.device)
        at = self.codes[every, :, self.positions]
        x = torch.zeros(self.slots, model.width, dtype=model.dtype, device=model.device)
        for codebook, embedding in enumerate(model.embds.embeddings):
            x = x + embedding(at[:, codebook])
        positions = self.positions[slots].tolist()
        x = self.decoder.step(x, slots, positions)
        logits = model.head(x[:, None], embeddings=model.embds.embeddings)[slots, :, 0]
        logits = logits * (model.tunables.output_mult / (model.width / model.base_width))
        drawn, sound = self._draw(logits, slots)
        self.positions[slots] += 1
        # A codebook begins only when its delay is over.
        begun = torch.arange(model.quantizers, device=model.device) < self.positions[slots][:, None]
        self.codes[slots, :, self.positions[slots]] = torch.where(begun, drawn, self.start)
        ended: dict[int, Tensor | Exception] = {}
        for slot, count, good in zip(slots, positions, sound.tolist(), strict=True):
            if not good:
                ended[slot] = CannotSay(f"semantic tokens to acoustic codes: not a number at step {count + 1}")
            elif count + 2 == self.frames[slot]:
                ended[slot] = self._spoken(slot)
        self.positions[list(ended)] = 0
        return ended

    def _draw(self, logits: Tensor, slots: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Codes (rows, codebooks) of logits (rows, codebooks, codes): each codebook draws at a step of its own."""
        rows, codebooks = logits.shape[:2]
        steps = self.positions[slots][:, None] * codebooks + torch.arange(codebooks, device=logits.device)
        temperatures, seeds = self.temperatures[slots], self.seeds[slots]
        drawn, sound = draw(
            logits.flatten(0, 1),
            temperatures.repeat_interleave(codebooks),
            seeds.repeat_interleave(codebooks),
            steps.flatten(),
        )
        return drawn.view(rows, codebooks), sound.view(rows, codebooks).all(1)

    def _spoken(self, slot: int) -> Tensor:
        frames = self.frames[slot] - LEFT_OFF
        return torch.stack([row[1 + delay : 1 + delay + frames] for delay, row in enumerate(self.codes[slot])])


def _encoded(model: SADelARTransformer, tokens: Tensor, speaker: Tensor) -> Tensor:
    if hasattr(model, "cond_embeddings"):
        # The quality that WhisperSpeech itself asks of the models that were told about it: 60 dB of both.
        return model.run_encoder(tokens, [{"speaker": speaker, "snr": 60, "c50": 60}])[0]
    return model.run_encoder(tokens, speaker[None])[0]
