"""What WhisperSpeech's two models are made of, with the names that their checkpoints have, for inference alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Positions that rotary tables have; no model was released that takes more.
ROTARY_POSITIONS = 2500


class Rotary(nn.Module):
    """Rotary positions (Su et al. 2021): tables of cosines and sines, (1, positions, 1, width) once they are filled.

    The sines have the sign of what they are multiplied by: no half of it need be negated then.
    """

    inv_freq: Tensor
    cos: Tensor
    sin: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("inv_freq", 1.0 / (10_000 ** (torch.arange(0, width, 2).float() / width)))
        self.register_buffer("cos", None, persistent=False)
        self.register_buffer("sin", None, persistent=False)

    def fill(self) -> None:
        """Fill the tables, in float32, before half precision can spoil the frequencies."""
        positions = torch.arange(ROTARY_POSITIONS, device=self.inv_freq.device).type_as(self.inv_freq)
        angles = torch.outer(positions, self.inv_freq).repeat(1, 2)[None, :, None]
        self.cos, self.sin = angles.cos(), angles.sin()
        self.sin[..., : len(self.inv_freq)].neg_()

    def turn(self, x: Tensor, positions: Tensor) -> Tensor:
        """x (rows, count, heads, width), each of the count by the angle of its position (count,)."""
        return rotated(x, self.cos[:, positions], self.sin[:, positions])


def rotated(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x (…, width) turned by angles of these tables."""
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([second, first], -1) * sin


class MultiHeadAttention(nn.Module):
    """The projections of an attention, which `merge` puts together: three of `qkv`, or `q` and two of `kv`."""

    qkv: nn.Linear
    q: nn.Linear
    kv: nn.Linear

    def __init__(
        self, width: int, heads: int, scale: float = 1, rotary: bool = False, cross: bool = False, subsampling: int = 1
    ) -> None:
        super().__init__()
        self.n_state, self.n_head = width, heads
        # Positions of the other side that one of the context's stands for.
        self.key_subsampling = subsampling
        self._scale, self._cross = math.sqrt(scale), cross
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.rotary = Rotary(width // heads) if rotary else None

    def merge(self) -> None:
        """Put the projections together, the scale of the scores in them, and give up the single ones."""
        query, key, value = (self.query, self._scale), (self.key, self._scale), (self.value, 1.0)
        if self._cross:
            self.q, self.kv = _merge([query]), _merge([key, value])
        else:
            self.qkv = _merge([query, key, value])
        del self.query, self.key, self.value

    def forward(self, x: Tensor, causal: bool) -> Tensor:
        """What x (rows, count, width) attends to in itself; where `causal`, to nothing behind."""
        query, key, value = (part.unflatten(-1, (self.n_head, -1)) for part in self.qkv(x).chunk(3, -1))
        if self.rotary is not None:
            positions = torch.arange(x.shape[1], device=x.device)
            query, key = self.rotary.turn(query, positions), self.rotary.turn(key, positions)
        query, key, value = (part.transpose(1, 2) for part in (query, key, value))
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=causal)
        return self.out(mixed.transpose(1, 2).flatten(2))


class EncoderLayer(nn.Module):
    """Attention and a perceptron."""

    def __init__(self, width: int, heads: int, scale: float, factor: int, rotary: bool = False) -> None:
        super().__init__()
        self.attn = MultiHeadAttention(width, heads, scale, rotary)
        self.attn_ln = nn.LayerNorm(width)
        self.mlp = _perceptron(width, factor)
        self.mlp_ln = nn.LayerNorm(width)

    def forward(self, x: Tensor, causal: bool) -> Tensor:
        x = x + self.attn(self.attn_ln(x), causal)
        return x + self.mlp(self.mlp_ln(x))


class DecoderLayer(nn.Module):
    """The weights of a layer of the decoder, which `SlotDecoder` runs."""

    def __init__(self, width: int, heads: int, scale: float, factor: int, rotary: bool, subsampling: int) -> None:
        super().__init__()
        self.attn = MultiHeadAttention(width, heads, scale, rotary)
        self.attn_ln = nn.LayerNorm(width)
        self.cross_attn = MultiHeadAttention(width, heads, scale, rotary, cross=True, subsampling=subsampling)
        self.cross_attn_ln = nn.LayerNorm(width)
        self.mlp = _perceptron(width, factor)
        self.mlp_ln = nn.LayerNorm(width)


class Decoder(nn.Module):
    """The layers of a decoder, and the norm after the last."""

    def __init__(
        self, layers: int, width: int, heads: int, scale: float, factor: int, rotary: bool = False, subsampling: int = 1
    ) -> None:
        super().__init__()
        made = [DecoderLayer(width, heads, scale, factor, rotary, subsampling) for _ in range(layers)]
        self.layers = cast("Sequence[DecoderLayer]", nn.ModuleList(made))
        self.ln_post = nn.LayerNorm(width)


class FlexEmbeddings(nn.Module):
    """Embeddings of codes in a width of their own, and of special ones after them in the model's, in and out."""

    merged_in: nn.Embedding
    merged_out: Tensor
    bias_out: Tensor | None

    def __init__(self, codes: int, width: int, own_width: int, special: nn.Embedding | None = None) -> None:
        super().__init__()
        self.main = nn.Embedding(codes, own_width)
        self.emb_to_hidden = nn.Linear(own_width, width) if own_width != width else None
        self.hidden_to_emb = nn.Linear(width, own_width) if own_width != width else None
        self.special = special
        self.register_buffer("merged_out", None, persistent=False)
        self.register_buffer("bias_out", None, persistent=False)

    @torch.no_grad()
    def merge(self) -> None:
        """Put the embeddings of all codes in one table for each way."""
        codes = self.main.weight
        into = codes if self.emb_to_hidden is None else self.emb_to_hidden(codes)
        out = codes if self.hidden_to_emb is None else codes @ self.hidden_to_emb.weight
        if self.hidden_to_emb is not None:
            self.bias_out = self.hidden_to_emb.bias @ codes.T
        if self.special is not None:
            into, out = torch.cat([into, self.special.weight]), torch.cat([out, self.special.weight])
            if self.bias_out is not None:
                self.bias_out = F.pad(self.bias_out, (0, len(self.special.weight)))
        self.merged_in, self.merged_out = nn.Embedding(len(into), into.shape[1], _weight=into), out.contiguous()

    def forward(self, tokens: Tensor) -> Tensor:
        """What goes into the model, (…, width), of tokens (…)."""
        return self.merged_in(tokens)

    def unembed(self, x: Tensor) -> Tensor:
        """Logits (…, codes and special ones) of what comes out, x (…, width)."""
        return F.linear(x, self.merged_out, self.bias_out)


def _merge(layers: Sequence[tuple[nn.Linear, float]]) -> nn.Linear:
    """One layer for several, the outputs of each times its factor."""
    weight = torch.cat([layer.weight * factor for layer, factor in layers])
    none = torch.zeros(len(layers[0][0].weight), device=weight.device)
    bias = torch.cat([none if layer.bias is None else layer.bias * factor for layer, factor in layers])
    merged = nn.Linear(weight.shape[1], weight.shape[0], device=weight.device)
    merged.weight, merged.bias = nn.Parameter(weight.detach()), nn.Parameter(bias.detach())
    return merged


def _perceptron(width: int, factor: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, factor * width), nn.GELU(), nn.Linear(factor * width, width))
