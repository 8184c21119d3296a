"""Semantic tokens → EnCodec codes, 75 a second in each codebook, for many rows at once.

The codebooks are a delay pattern: at step s the model gives codebook j its code for frame s - 1 - j, so a row of n
tokens takes 3n - 1 steps, and its codebooks are shifted against each other at the end. WhisperSpeech leaves off the
last four of the 3n frames, and so does this. Of a model with more codebooks, as many are left off as it has, for so
many have no code in the last one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sayso.stages.speech.devices.draw_kernel import draw
from sayso.stages.speech.devices.sampling import NOT_A_NUMBER
from sayso.stages.speech.protocols import SynthesisError, Tokens
from sayso.stages.speech.voices.whisperspeech.batching import ContinuousBatcher
from sayso.stages.speech.voices.whisperspeech.decoder import Attention, SlotDecoder
from sayso.stages.speech.voices.whisperspeech.s2a_model import FRAMES_PER_TOKEN, SADelARTransformer
from sayso.stages.speech.voices.whisperspeech.stepping import SlotStates, fill_group, prefill_batch, stepping

LEFT_OFF = 4
SPEAKER_WIDTH = 192
# Steps after which the device is asked which rows have failed, even if none has ended.
PATIENCE = 64


@dataclass(frozen=True)
class Speech:
    """What to say as semantic tokens, in whose voice (an embedding of 192 numbers), and how codes are drawn."""

    tokens: Tokens
    speaker: npt.NDArray[np.float32]
    temperature: float
    seed: int


class SemanticToAcoustic:
    """An S2A model that works on `max_batch_size` rows at once."""

    def __init__(self, model: SADelARTransformer, max_batch_size: int) -> None:
        self.codebooks = model.quantizers
        self._batcher = ContinuousBatcher(
            lambda slots: _Rows(model, slots), max_batch_size, lambda row: len(row.tokens)
        )

    @torch.inference_mode()
    def generate(self, rows: Sequence[Speech]) -> list[Tensor | Exception]:
        """The codes of each row, (codebooks, 3 · tokens - 4) int64 on the model's device, or the error that it met.
        With more than four codebooks, as many frames are left off as there are codebooks.

        In float32 they are those of WhisperSpeech's `generate` for this row alone, drawn with another generator. Codes
        from 1024 on stand for no sound; they come out where the model puts them.
        """
        return self._batcher.run(rows)


class _Rows:
    """The rows at work."""

    def __init__(self, model: SADelARTransformer, slots: int) -> None:
        self.model, self.slots = model, slots
        self.prefill_batch = prefill_batch(slots, model.device)
        self.decoder = SlotDecoder(model.decoder, slots, model.ctx_n, model.stoks_len)
        self.start = model.codes + 1
        self.left_off = max(LEFT_OFF, model.quantizers)
        shape = (slots, model.quantizers, model.ctx_n)
        self.codes = torch.full(shape, self.start, dtype=torch.long, device=model.device)
        self.codebooks = torch.arange(model.quantizers, device=model.device)
        # The first step of a row at which a code was not a number, from 1; 0 where none was.
        self.failed = torch.zeros(slots, dtype=torch.long, device=model.device)
        self.frames, self.steps = [0] * slots, 0
        self.states = SlotStates(slots, model.device)
        self._ahead = stepping(self._advance, self.states.positions, model.ctx_n)

    def check(self, row: Speech) -> None:
        model = self.model
        if FRAMES_PER_TOKEN * len(row.tokens) <= self.left_off:
            raise SynthesisError(f"{len(row.tokens)} semantic tokens are too few for any sound")
        most = min(model.stoks_len - 1, (model.ctx_n - 1) // FRAMES_PER_TOKEN)
        if len(row.tokens) > most:
            raise SynthesisError(f"{len(row.tokens)} semantic tokens, the model takes at most {most}")
        if int(row.tokens.max()) >= model.stoks_codes:
            raise SynthesisError(f"semantic token {int(row.tokens.max())} is none of this model's {model.stoks_codes}")

    def prefill(self, slots: Sequence[int], rows: Sequence[Speech]) -> None:
        model, group = self.model, fill_group(rows, self.prefill_batch)
        tokens = np.full((len(group), model.stoks_len), model.stoks_codes - 1)
        for place, row in enumerate(group):
            tokens[place, 1 : 1 + len(row.tokens)] = row.tokens
        speakers = torch.from_numpy(np.stack([row.speaker for row in group])).to(model.device, model.dtype)
        places = torch.tensor(slots, device=model.device)
        self.decoder.prefill(places, model.run_encoder(torch.from_numpy(tokens).to(model.device), speakers))
        self.codes[places], self.failed[places] = self.start, 0
        for slot, row in zip(slots, rows, strict=True):
            self.frames[slot] = FRAMES_PER_TOKEN * len(row.tokens)
        self.states.begin(slots, [row.temperature for row in rows], [row.seed for row in rows])

    def step(self, slots: Sequence[int]) -> Mapping[int, Tensor | Exception]:
        counts = self.states.ahead(slots)
        self._ahead(slots, counts)
        complete = {slot for slot, count in zip(slots, counts, strict=True) if count + 1 == self.frames[slot]}
        self.steps += 1
        if not complete and self.steps % PATIENCE:
            return {}  # and nothing was asked of the device, which may still be at work
        failed = self.failed.tolist()
        ended = [slot for slot in slots if failed[slot] or slot in complete]
        self.states.end(ended)
        return {slot: _not_a_number(failed[slot]) if failed[slot] else self._spoken(slot) for slot in ended}

    def _advance(self, attention: Attention) -> Tensor:
        """The next code of each slot in each codebook, (slots, codebooks), or NOT_A_NUMBER."""
        model, states, every = self.model, self.states, self.decoder.every
        at = self.codes[every, :, states.positions]
        x = torch.zeros(self.slots, model.width, dtype=model.dtype, device=model.device)
        for codebook, embedding in enumerate(model.embds.embeddings):
            x = x + embedding(at[:, codebook])
        x = self.decoder.step(x, states.positions, attention)
        logits = model.head(x, model.embds.embeddings)
        drawn = self._draw(logits * (model.tunables.output_mult / (model.width / model.base_width)))
        states.advance()
        failed = (drawn == NOT_A_NUMBER).any(1) & (self.failed == 0)
        self.failed.copy_(torch.where(failed, states.positions, self.failed))
        # A codebook begins only when its delay is over.
        begun = (self.codebooks < states.positions[:, None]) & (drawn != NOT_A_NUMBER)
        self.codes[every, :, states.positions] = torch.where(begun, drawn, self.start)
        return drawn

    def _draw(self, logits: Tensor) -> Tensor:
        """Codes (slots, codebooks) of logits (slots, codebooks, codes): each codebook draws at a step of its own."""
        states, count = self.states, logits.shape[1]
        drawn = draw(
            logits.flatten(0, 1),
            states.temperatures.repeat_interleave(count),
            states.seeds.repeat_interleave(count),
            (states.positions[:, None] * count + self.codebooks).flatten(),
        )
        return drawn.view(logits.shape[:2])

    def _spoken(self, slot: int) -> Tensor:
        frames = self.frames[slot] - self.left_off
        return torch.stack([row[1 + delay : 1 + delay + frames] for delay, row in enumerate(self.codes[slot])])


def _not_a_number(step: int) -> SynthesisError:
    return SynthesisError(f"semantic tokens to acoustic codes: not a number at step {step}")
