"""WhisperSpeech's decoder for rows that are at different places: each row has a slot in the key-value caches.

On a CPU the bits of a row depend on that row alone, so that its tokens are the same beside any neighbours. Matrix
products always have one row for each slot, used or not: their sums depend on the number of rows, not on the other rows.
Attention is taken row by row, over exactly the positions that the row has, which is also faster there than a mask over
the longest row. Elsewhere a mask is used, and the last bits may differ.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor
from whisperspeech.modules import BaseDecoder, MultiHeadAttention, rope_rotate


class Cache:
    """Keys and values of one attention layer, (slots, heads, positions, head width)."""

    def __init__(self, attention: MultiHeadAttention, slots: int, positions: int) -> None:
        weight = attention.out.weight
        shape = (slots, attention.n_head, positions, attention.n_state // attention.n_head)
        self.keys = torch.zeros(shape, dtype=weight.dtype, device=weight.device)
        self.values = torch.zeros_like(self.keys)


class SlotDecoder:
    """The decoder of T2S or S2A, one position for each occupied slot at a time.

    `positions` is how far a row may get, `context` how many encoder positions it listens to. The caches take
    2 · layers · slots · (positions + context) · width numbers.
    """

    def __init__(self, decoder: BaseDecoder, slots: int, positions: int, context: int) -> None:
        self.layers, self.ln_post, self.slots = decoder.layers, decoder.ln_post, slots
        self.own = [Cache(layer.attn, slots, positions) for layer in self.layers]
        self.context = [Cache(layer.cross_attn, slots, context) for layer in self.layers]
        self._attend = _attend_each if self.own[0].keys.device.type == "cpu" else _attend_together

    def seat(self, slot: int, encoded: Tensor) -> None:
        """Give a slot to a row: its cross-attention's keys and values, of encoder output (1, context, width)."""
        places = torch.arange(encoded.shape[1], device=encoded.device)
        for layer, own, context in zip(self.layers, self.own, self.context, strict=True):
            attention = layer.cross_attn
            keys, values = attention.kv(encoded).chunk(2, -1)
            context.keys[slot] = _heads(attention, keys, places, attention.key_subsampling)[0]
            context.values[slot] = values.unflatten(-1, (attention.n_head, -1)).transpose(1, 2)[0]
            # What a row before left behind must not count, not even as not-a-number times zero.
            own.keys[slot], own.values[slot] = 0, 0

    def step(self, x: Tensor, slots: Sequence[int], positions: Sequence[int]) -> Tensor:
        """The output (all slots, width) for inputs x (all slots, width); only that of the occupied `slots` counts.

        `positions[i]` is where the row in `slots[i]` is; those before must have been given already.
        """
        where = torch.tensor(slots, device=x.device), torch.tensor(positions, device=x.device)
        places = torch.zeros(self.slots, dtype=torch.long, device=x.device)
        places[where[0]] = where[1]
        lengths = [position + 1 for position in positions]
        for layer, own, context in zip(self.layers, self.own, self.context, strict=True):
            query, key, value = layer.attn.qkv(layer.attn_ln(x)).chunk(3, -1)
            key, value = _head(layer.attn, key, places), value.unflatten(-1, (layer.attn.n_head, -1))
            own.keys[where[0], :, where[1]] = key[where[0]]
            own.values[where[0], :, where[1]] = value[where[0]]
            heard = self._attend(_head(layer.attn, query, places), own, slots, lengths)
            x = x + layer.attn.out(heard.flatten(1))
            query = _head(layer.cross_attn, layer.cross_attn.q(layer.cross_attn_ln(x)), places)
            heard = self._attend(query, context, slots, [context.keys.shape[2]] * len(slots))
            x = x + layer.cross_attn.out(heard.flatten(1))
            x = x + layer.mlp(layer.mlp_ln(x))
        return self.ln_post(x)


def _heads(attention: MultiHeadAttention, x: Tensor, places: Tensor, subsampling: int) -> Tensor:
    """x (batch, positions, width) as (batch, heads, positions, head width), turned where positions are rotary."""
    x = x.unflatten(-1, (attention.n_head, -1))
    if attention.rotary:
        x = rope_rotate(x, places * subsampling, *attention.rotary(x))
    return x.transpose(1, 2)


def _head(attention: MultiHeadAttention, x: Tensor, places: Tensor) -> Tensor:
    """x (slots, width) as (slots, heads, head width), each slot at a place of its own."""
    return _heads(attention, x[None], places, 1)[0].transpose(0, 1)


def _attend_each(query: Tensor, cache: Cache, slots: Sequence[int], lengths: Sequence[int]) -> Tensor:
    heard = torch.zeros_like(query)
    for slot, length in zip(slots, lengths, strict=True):
        row = slice(slot, slot + 1)
        heard[slot] = F.scaled_dot_product_attention(
            query[row, :, None], cache.keys[row, :, :length], cache.values[row, :, :length]
        )[0, :, 0]
    return heard


def _attend_together(query: Tensor, cache: Cache, slots: Sequence[int], lengths: Sequence[int]) -> Tensor:
    # A row that is not there looks at one position, for a softmax over nothing is not a number.
    counts = torch.ones(len(query), dtype=torch.long)
    counts[list(slots)] = torch.tensor(lengths)
    longest = min(-(-max(lengths) // 64) * 64, cache.keys.shape[2])
    seen = torch.arange(longest, device=query.device) < counts.to(query.device)[:, None]
    return F.scaled_dot_product_attention(
        query[:, :, None], cache.keys[:, :, :longest], cache.values[:, :, :longest], attn_mask=seen[:, None, None]
    )[:, :, 0]
