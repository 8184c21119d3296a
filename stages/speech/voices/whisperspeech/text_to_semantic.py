"""Text → semantic tokens, 25 a second, for many different texts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.stages.speech.devices.draw_kernel import draw
from sayso.stages.speech.devices.sampling import NOT_A_NUMBER
from sayso.stages.speech.protocols import SynthesisError, Tokens
from sayso.stages.speech.voices.whisperspeech.batching import ContinuousBatcher
from sayso.stages.speech.voices.whisperspeech.decoder import Attention, SlotDecoder
from sayso.stages.speech.voices.whisperspeech.stepping import SlotStates, fill_group, prefill_batch, stepping
from sayso.stages.speech.voices.whisperspeech.t2s_model import LANGUAGES_KNOWN, TSARTransformer


@dataclass(frozen=True)
class Utterance:
    """A text to say: its language code, characters a second, and how its tokens are drawn."""

    text: str
    language: str
    cps: float
    temperature: float
    seed: int


class TextToSemantic:
    """A T2S model that works on `max_batch_size` texts at once, each for at most `longest` tokens."""

    def __init__(self, model: TSARTransformer, max_batch_size: int, longest: int | None = None) -> None:
        # Upstream leaves the last position of its decoder unused.
        self.longest = min(longest or model.stoks_len - 1, model.stoks_len - 1)
        self.codes = model.stoks_codes
        self._batcher = ContinuousBatcher(
            lambda slots: _Rows(model, slots, self.longest), max_batch_size, _expected_seconds
        )

    @torch.inference_mode()
    def generate(self, utterances: Sequence[Utterance]) -> list[Tokens | Exception]:
        """The semantic tokens of each text, up to its end or `longest`, or the error that it met.

        In float32 they are those of WhisperSpeech's `generate` for this text alone, drawn with another generator, but
        for one that ends at its very first token: WhisperSpeech does not look at that one and goes on.
        """
        return self._batcher.run(utterances)


class _Rows:
    """The rows at work."""

    def __init__(self, model: TSARTransformer, slots: int, longest: int) -> None:
        self.model, self.slots, self.longest = model, slots, longest
        self.prefill_batch = prefill_batch(slots, model.device)
        self.decoder = SlotDecoder(model.decoder, slots, longest, model.ttoks_len)
        self.end = model.stoks_codes + model.tunables.padding_token_offset
        # The first token of a row is the one that also ends it.
        self.tokens = torch.full((slots, longest + 1), self.end, dtype=torch.long, device=model.device)
        self.cps = torch.zeros(slots, model.width, dtype=model.dtype, device=model.device)
        self.states = SlotStates(slots, model.device)
        self._ahead = stepping(self._advance, self.states.positions, longest)

    def check(self, row: Utterance) -> None:
        _text_tokens(row.text, self.model.ttoks_len)
        _language_id(row.language)

    def prefill(self, slots: Sequence[int], rows: Sequence[Utterance]) -> None:
        device, group = self.model.device, fill_group(rows, self.prefill_batch)
        texts = torch.stack([_text_tokens(row.text, self.model.ttoks_len) for row in group]).to(device)
        languages = torch.tensor([_language_id(row.language) for row in group], device=device)
        cps = torch.tensor([row.cps for row in group], device=device)
        encoded, cps_embedding = self.model.run_encoder(texts, languages, cps)
        places = torch.tensor(slots, device=device)
        self.decoder.prefill(places, encoded)
        self.cps[places], self.tokens[places, 0] = cps_embedding[: len(rows)], self.end
        self.states.begin(slots, [row.temperature for row in rows], [row.seed for row in rows])

    def step(self, slots: Sequence[int]) -> Mapping[int, Tokens | Exception]:
        counts = self.states.ahead(slots)
        drawn = self._ahead(slots, counts).tolist()
        ended: dict[int, Tokens | Exception] = {}
        for slot, count in zip(slots, counts, strict=True):
            if drawn[slot] == NOT_A_NUMBER:
                ended[slot] = SynthesisError(f"text to semantic tokens: not a number at token {count}")
            elif drawn[slot] == self.end:
                ended[slot] = self._spoken(slot, count - 1)
            elif count == self.longest:
                ended[slot] = self._spoken(slot, self.longest)
        self.states.end([*ended])
        return ended

    def _advance(self, attention: Attention) -> Tensor:
        """The next token of each slot, (slots,): its code, or NOT_A_NUMBER."""
        model, states = self.model, self.states
        x = model.embeddings.embedding(self.tokens[self.decoder.every, states.positions])
        x = (x + model.embeddings.positional_embedding[states.positions] + self.cps).to(model.dtype)
        logits = model.embeddings.embedding.unembed(self.decoder.step(x, states.positions, attention))
        logits = logits * model.tunables.output_mult / (model.width / model.base_width)
        drawn = draw(logits, states.temperatures, states.seeds, states.positions)
        states.advance()
        # The row ends here, but its slot goes on with a token that there is.
        self.tokens[self.decoder.every, states.positions] = torch.where(drawn == NOT_A_NUMBER, self.end, drawn)
        return drawn

    def _spoken(self, slot: int, count: int) -> Tokens:
        return self.tokens[slot, 1 : count + 1].cpu().numpy().astype(np.uint16)


def _expected_seconds(row: Utterance) -> float:
    return len(row.text) / row.cps


def _text_tokens(text: str, length: int) -> Tensor:
    """UTF-8 bytes with a zero before and zeros behind; WhisperSpeech crops a text that is too long and says nothing."""
    tokens = text.replace("\n", " ").strip().encode()
    if not tokens:
        raise SynthesisError("there is no text to say")
    if len(tokens) > length - 1:
        raise SynthesisError(f"the text has {len(tokens)} UTF-8 bytes, the model takes at most {length - 1}")
    return F.pad(torch.tensor(list(tokens)), (1, length - 1 - len(tokens)))


def _language_id(language: str) -> int:
    try:
        return LANGUAGES_KNOWN.index(language)
    except ValueError:
        raise SynthesisError(f"WhisperSpeech has no language {language!r}; it takes codes such as en, pl, de") from None
