"""Whisper's greedy decoder for a batch of rows on a device that is not the CPU: word pieces of what the rows hear.

What `whisper.greedy` gives, without its growing caches: keys and values have their places in memory
from the beginning, so a step has the same shapes as the one before, and on CUDA is recorded as a graph. The rows are at
the same position at any time; one that has ended says its end again until all have. What a row hears becomes keys and
values once, (rows, 1500, width) for each layer in the decoder's own precision: for Whisper medium 147 MB a row in half
precision.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.stages.speech.devices.cuda_graphs import Graphs
from sayso.stages.speech.devices.one_query import attend, kernel_on
from sayso.stages.speech.whisper.model import MultiHeadAttention, Whisper
from sayso.stages.speech.whisper.word_pieces import WordPieces

# Own positions are attended to in multiples of so many, and a graph is recorded for each multiple.
STRETCH = 64
# Steps after which the device is asked whether all rows have ended.
PATIENCE = 8


class GreedyDecoder:
    """Whisper's decoder for exactly `rows` rows that say at most `longest` word pieces each."""

    def __init__(self, whisper: Whisper, pieces: WordPieces, rows: int, longest: int) -> None:
        decoder, dims, device = whisper.decoder, whisper.dims, whisper.device
        self.rows, self.prompt, self.end = rows, pieces.prompt, pieces.end
        self.longest = min(longest, dims.n_text_ctx + 1 - len(self.prompt))
        self._decoder = decoder
        self._dtype = decoder.token_embedding.weight.dtype

        self._later = torch.zeros(1, dims.n_vocab, dtype=self._dtype, device=device)
        self._later[:, pieces.never] = -torch.inf
        self._at_first = self._later.clone()
        self._at_first[:, pieces.not_first] = -torch.inf
        places = -(-(len(self.prompt) + self.longest) // STRETCH) * STRETCH

        def cache(positions: int) -> Tensor:
            shape = (rows, dims.n_text_head, positions, dims.n_text_state // dims.n_text_head)
            return torch.zeros(shape, dtype=self._dtype, device=device)

        self._own = [(cache(places), cache(places)) for _ in decoder.blocks]
        self._context = [(cache(dims.n_audio_ctx), cache(dims.n_audio_ctx)) for _ in decoder.blocks]
        self._pieces = torch.full((rows, places), self.end, dtype=torch.long, device=device)
        self._limits = torch.zeros(rows, dtype=torch.long, device=device)
        # The place of the last word piece that there is.
        self._place = torch.zeros(1, dtype=torch.long, device=device)
        self._step = Graphs(self._advance, device) if device.type == "cuda" else self._advance

    def decode(self, features: Tensor, limits: Sequence[int]) -> list[list[int]]:
        """The word pieces of each row of features (rows, 1500, width), at most so many; its end is left off."""
        self._prefill(features)
        for cache in (cache for own in self._own for cache in own):
            cache.zero_()  # what rows before left behind must not count, not even as not-a-number times zero
        begun = len(self.prompt)
        self._pieces[:, :begun] = torch.tensor(self.prompt, device=self._pieces.device)
        # Rows that only fill the batch say nothing.
        self._limits[:] = torch.tensor([*limits, *[0] * (self.rows - len(limits))], device=self._limits.device)
        self._begin()
        most = min(max(limits), self.longest)
        for count in range(2, most + 1):
            ended = self._step(-(-(begun + count - 1) // STRETCH) * STRETCH)
            if count % PATIENCE == 0 and count < most and bool(ended):
                break
        decoded = self._pieces[: len(limits), begun : begun + most].tolist()
        return [_before(row[:limit], self.end) for row, limit in zip(decoded, limits, strict=True)]

    def _prefill(self, features: Tensor) -> None:
        features = features.to(self._dtype)
        for block, (keys, values) in zip(self._decoder.blocks, self._context, strict=True):
            keys.copy_(_heads(block.cross_attn, block.cross_attn.key(features)))
            values.copy_(_heads(block.cross_attn, block.cross_attn.value(features)))

    def _begin(self) -> None:
        """Read the prompt, all of it at once, and say the first word piece."""
        begun = len(self.prompt)
        places = torch.arange(begun, device=self._place.device)
        logits = self._logits(self._pieces[:, :begun], places, -(-begun // STRETCH) * STRETCH)
        self._place[0] = begun - 1
        self._append((logits + self._at_first).argmax(-1))

    def _advance(self, longest: int) -> Tensor:
        """Say the next word piece of each row, having at most `longest`; whether all rows have ended by it."""
        last = self._pieces.index_select(1, self._place)
        logits = self._logits(last, self._place, longest)
        return self._append(torch.where(last[:, 0] == self.end, self.end, (logits + self._later).argmax(-1)))

    def _append(self, pieces: Tensor) -> Tensor:
        self._place += 1
        over = self._place - len(self.prompt) >= self._limits
        pieces = torch.where(over, self.end, pieces)
        self._pieces.index_copy_(1, self._place, pieces[:, None])
        return (pieces == self.end).all()

    def _logits(self, pieces: Tensor, places: Tensor, longest: int) -> Tensor:
        """Of the piece after these (rows, count), which are at `places` (count,): (rows, vocabulary)."""
        decoder = self._decoder
        x = decoder.token_embedding(pieces) + decoder.positional_embedding[places]
        seen = torch.arange(longest, device=places.device) <= places[:, None]
        mask = torch.zeros(seen.shape, dtype=self._dtype, device=places.device).masked_fill(~seen, -torch.inf)
        for block, own, context in zip(decoder.blocks, self._own, self._context, strict=True):
            normal = block.attn_ln(x)
            for cache, new in zip(own, (block.attn.key(normal), block.attn.value(normal)), strict=True):
                cache.index_copy_(2, places, _heads(block.attn, new))
            keys, values = (cache[:, :, :longest] for cache in own)
            x = x + _attend(block.attn, normal, keys, values, mask, places)
            x = x + _attend(block.cross_attn, block.cross_attn_ln(x), *context)
            x = x + block.mlp(block.mlp_ln(x))
        return decoder.ln(x[:, -1]) @ decoder.token_embedding.weight.T


def _heads(attention: MultiHeadAttention, x: Tensor) -> Tensor:
    return x.unflatten(-1, (attention.n_head, -1)).transpose(1, 2)


def _attend(
    attention: MultiHeadAttention,
    x: Tensor,
    keys: Tensor,
    values: Tensor,
    mask: Tensor | None = None,
    places: Tensor | None = None,
) -> Tensor:
    """What x (rows, count, width), at `places` (count,), hears under the mask, or all of it without both."""
    query = _heads(attention, attention.query(x))
    if query.shape[2] == 1 and kernel_on(query.device, query.shape[-1]):
        last = None if places is None else places.expand(len(query))
        mixed = attend(query[:, :, 0], keys, values, last, keys.shape[2])[:, :, None]
    else:
        mixed = F.scaled_dot_product_attention(query, keys, values, attn_mask=mask)
    return attention.out(mixed.transpose(1, 2).flatten(2))


def _before(row: list[int], end: int) -> list[int]:
    return row[: row.index(end)] if end in row else row
