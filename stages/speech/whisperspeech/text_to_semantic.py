"""Text → semantic tokens, 25 a second, for many different texts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from whisperspeech import languages
from whisperspeech.t2s_up_wds_mlang_enclm import TSARTransformer

from stages.speech.protocols import CannotSay, Tokens
from stages.speech.whisperspeech.batching import Batches
from stages.speech.whisperspeech.decoder import SlotDecoder
from stages.speech.whisperspeech.sampling import draw


@dataclass(frozen=True)
class Utterance:
    """A text to say: its language code, characters a second, and how its tokens are drawn."""

    text: str
    language: str
    cps: float
    temperature: float
    seed: int


class TextToSemantic:
    """A T2S model that works on `rows_together` texts at once, each for at most `longest` tokens."""

    def __init__(self, model: TSARTransformer, rows_together: int, longest: int | None = None) -> None:
        # Upstream leaves the last position of its decoder unused.
        self.longest = min(longest or model.stoks_len - 1, model.stoks_len - 1)
        self.codes = model.stoks_codes
        self._batches = Batches(lambda slots: _Rows(model, slots, self.longest), rows_together)

    @torch.inference_mode()
    def generate(self, utterances: Sequence[Utterance]) -> list[Tokens | Exception]:
        """The semantic tokens of each text, up to its end or `longest`, or the error that it met.

        In float32 they are those of WhisperSpeech's `generate` for this text alone, drawn with another generator, but
        for one that ends at its very first token: WhisperSpeech does not look at that one and goes on.
        """
        return self._batches.run(utterances)


class _Rows:
    """The rows at work."""

    def __init__(self, model: TSARTransformer, slots: int, longest: int) -> None:
        self.model, self.slots, self.longest = model, slots, longest
        self.decoder = SlotDecoder(model.decoder, slots, longest, model.ttoks_len)
        self.end = model.stoks_codes + model.tunables.padding_token_offset
        # The first token of a row is the one that also ends it.
        self.tokens = torch.full((slots, longest + 1), self.end, dtype=torch.long, device=model.device)
        self.positions = torch.zeros(slots, dtype=torch.long, device=model.device)
        self.cps = torch.zeros(slots, model.width, dtype=model.dtype, device=model.device)
        self.temperatures = torch.zeros(slots, device=model.device)
        self.seeds = torch.zeros(slots, dtype=torch.long, device=model.device)

    def seat(self, slot: int, row: Utterance) -> None:
        text = _text_tokens(row.text, self.model.ttoks_len).to(self.model.device)
        language = torch.tensor([_language_id(row.language)], device=self.model.device)
        cps = torch.tensor([row.cps], device=self.model.device)
        encoded, _, cps_embedding = self.model.run_encoder(text[None], language, cps)
        self.decoder.seat(slot, encoded)
        self.cps[slot] = cps_embedding[0, 0]
        self.positions[slot], self.temperatures[slot], self.seeds[slot] = 0, row.temperature, row.seed

    def step(self, slots: Sequence[int]) -> Mapping[int, Tokens | Exception]:
        model = self.model
        every = torch.arange(self.slots, device=model.device)
        x = model.embeddings.embedding(self.tokens[every, self.positions])
        x = (x + model.embeddings.positional_embedding[self.positions] + self.cps).to(model.dtype)
        positions = self.positions[slots].tolist()
        logits = model.embeddings.embedding.unembed(self.decoder.step(x, slots, positions))
        logits = logits * model.tunables.output_mult / (model.width / model.base_width)
        drawn, sound = draw(logits[slots], self.temperatures[slots], self.seeds[slots], self.positions[slots])
        self.positions[slots] += 1
        self.tokens[slots, self.positions[slots]] = drawn
        ended: dict[int, Tokens | Exception] = {}
        for slot, count, token, good in zip(slots, positions, drawn.tolist(), sound.tolist(), strict=True):
            if not good:
                ended[slot] = CannotSay(f"text to semantic tokens: not a number at token {count + 1}")
            elif token == self.end:
                ended[slot] = self._spoken(slot, count)
            elif count + 1 == self.longest:
                ended[slot] = self._spoken(slot, self.longest)
        self.positions[list(ended)] = 0
        return ended

    def _spoken(self, slot: int, count: int) -> Tokens:
        return self.tokens[slot, 1 : count + 1].cpu().numpy().astype(np.uint16)


def _text_tokens(text: str, length: int) -> Tensor:
    """UTF-8 bytes with a zero before and zeros behind; WhisperSpeech crops a text that is too long and says nothing."""
    tokens = text.replace("\n", " ").strip().encode()
    if not tokens:
        raise CannotSay("there is no text to say")
    if len(tokens) > length - 1:
        raise CannotSay(f"the text has {len(tokens)} UTF-8 bytes, the model takes at most {length - 1}")
    return F.pad(torch.tensor(list(tokens)), (1, length - 1 - len(tokens)))


def _language_id(language: str) -> int:
    try:
        return languages.to_id(language)
    except ValueError:
        raise CannotSay(f"WhisperSpeech has no language {language!r}; it takes codes such as en, pl, de") from None
