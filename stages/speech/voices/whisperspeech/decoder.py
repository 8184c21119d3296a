"""WhisperSpeech's decoder for rows that are at different places: each row has a slot in the key-value caches.

On a CPU the bits of a row depend on that row alone, so that its tokens are the same beside any neighbours. Matrix
products always have one row for each slot, used or not: their sums depend on the number of rows, not on the other rows.
Attention is taken row by row, over exactly the positions that the row has, which is also faster there than a mask over
the longest row. Elsewhere a mask is used, and the last bits may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.stages.speech.devices.one_query import attend, kernel_on
from sayso.stages.speech.devices.one_query_cpu import OwnPositions
from sayso.stages.speech.voices.whisperspeech.layers import Decoder, MultiHeadAttention, rotated


class Cache:
    """Keys and values of one attention layer, (slots, heads, positions, head width), of the type that `like` has."""

    def __init__(self, attention: MultiHeadAttention, slots: int, positions: int, like: Tensor) -> None:
        shape = (slots, attention.n_head, positions, attention.n_state // attention.n_head)
        self.keys = torch.zeros(shape, dtype=like.dtype, device=like.device)
        self.values = torch.zeros_like(self.keys)


class Attention(Protocol):
    """How the rows of a step attend to what their caches hold; queries and results are (slots, heads, head width)."""

    def own(self, query: Tensor, cache: Cache) -> Tensor:
        """Each row listens to its own positions up to where it is."""
        ...

    def context(self, query: Tensor, cache: Cache) -> Tensor:
        """Each row listens to the encoder's positions, all of them."""
        ...


class Alone:
    """Row by row; `lengths[i]` is how many positions the row in `slots[i]` has. Other slots hear nothing."""

    def __init__(self, slots: Sequence[int], lengths: Sequence[int]) -> None:
        self.slots, self._own = slots, OwnPositions(slots, lengths)

    def own(self, query: Tensor, cache: Cache) -> Tensor:
        return self._own.attend(query, cache.keys, cache.values)

    def context(self, query: Tensor, cache: Cache) -> Tensor:
        all_of_them = OwnPositions(self.slots, [cache.keys.shape[2]] * len(self.slots))
        return all_of_them.attend(query, cache.keys, cache.values)


class Together:
    """All slots at once; those at `positions` (slots,) see what is up to there, of the first `longest` positions.

    Its shapes hang on `longest` alone, and it never looks at a number on the device.
    """

    def __init__(self, positions: Tensor, longest: int) -> None:
        self.positions, self.longest = positions, longest

    @cached_property
    def seen(self) -> Tensor:
        places = torch.arange(self.longest, device=self.positions.device)
        return (places <= self.positions[:, None])[:, None, None]

    def own(self, query: Tensor, cache: Cache) -> Tensor:
        if kernel_on(query.device, query.shape[-1]):
            return attend(query, cache.keys, cache.values, self.positions, self.longest)
        keys, values = cache.keys[:, :, : self.longest], cache.values[:, :, : self.longest]
        return F.scaled_dot_product_attention(query[:, :, None], keys, values, attn_mask=self.seen)[:, :, 0]

    def context(self, query: Tensor, cache: Cache) -> Tensor:
        if kernel_on(query.device, query.shape[-1]):
            return attend(query, cache.keys, cache.values, None, cache.keys.shape[2])
        return F.scaled_dot_product_attention(query[:, :, None], cache.keys, cache.values)[:, :, 0]


class SlotDecoder:
    """The decoder of T2S or S2A, one position for each slot at a time.

    `positions` is how far a row may get, `context` how many encoder positions it listens to. The caches take
    2 · layers · slots · (positions + context) · width numbers.
    """

    def __init__(self, decoder: Decoder, slots: int, positions: int, context: int) -> None:
        self.layers, self.ln_post = decoder.layers, decoder.ln_post
        like = self.ln_post.weight
        self.own = [Cache(layer.attn, slots, positions, like) for layer in self.layers]
        self.context = [Cache(layer.cross_attn, slots, context, like) for layer in self.layers]
        self.every = torch.arange(slots, device=self.own[0].keys.device)

    def prefill(self, slots: Tensor, encoded: Tensor) -> None:
        """Give slots to rows: their cross-attention's keys and values, of encoder output (rows, context, width).

        What is encoded beyond the slots only fills the group.
        """
        places = torch.arange(encoded.shape[1], device=encoded.device)
        for layer, own, context in zip(self.layers, self.own, self.context, strict=True):
            attention = layer.cross_attn
            keys, values = attention.kv(encoded).chunk(2, -1)
            keys, values = keys[: len(slots)], values[: len(slots)]
            context.keys[slots] = _heads(attention, keys, places, attention.key_subsampling)
            context.values[slots] = values.unflatten(-1, (attention.n_head, -1)).transpose(1, 2)
            # What a row before left behind must not count, not even as not-a-number times zero.
            own.keys[slots], own.values[slots] = 0, 0

    def step(self, x: Tensor, positions: Tensor, attention: Attention) -> Tensor:
        """The output (slots, width) for inputs x (slots, width), each at its place of `positions` (slots,).

        Those before must have been given already. What comes of a slot without a row does not count.
        """
        angles = _angles(self.layers[0].attn, positions)
        for layer, own, context in zip(self.layers, self.own, self.context, strict=True):
            parts = layer.attn.qkv(layer.attn_ln(x)).unflatten(-1, (3, layer.attn.n_head, -1))
            query, key = _rotate(parts[:, :2], angles).unbind(1)
            own.keys[self.every, :, positions] = key
            own.values[self.every, :, positions] = parts[:, 2]
            x = x + layer.attn.out(attention.own(query, own).flatten(1))
            query = layer.cross_attn.q(layer.cross_attn_ln(x)).unflatten(-1, (1, layer.cross_attn.n_head, -1))
            attended = attention.context(_rotate(query, angles)[:, 0], context)
            x = x + layer.cross_attn.out(attended.flatten(1))
            x = x + layer.mlp(layer.mlp_ln(x))
        return self.ln_post(x)


def _angles(attention: MultiHeadAttention, positions: Tensor) -> tuple[Tensor, Tensor] | None:
    """Cosines and sines of the rotary positions (slots,), each (slots, 1, 1, head width): one table for all layers."""
    rotary = attention.rotary
    return None if rotary is None else (rotary.cos[0, positions, None], rotary.sin[0, positions, None])


def _rotate(x: Tensor, angles: tuple[Tensor, Tensor] | None) -> Tensor:
    """x (slots, parts, heads, head width), each slot by angles of its own."""
    return x if angles is None else rotated(x, *angles)


def _heads(attention: MultiHeadAttention, x: Tensor, places: Tensor, subsampling: int) -> Tensor:
    """x (batch, positions, width) as (batch, heads, positions, head width), turned where positions are rotary."""
    x = x.unflatten(-1, (attention.n_head, -1))
    if attention.rotary is not None:
        x = attention.rotary.turn(x, places * subsampling)
    return x.transpose(1, 2)
