"""Whisper's model (Radford et al. 2022), with the names that its released checkpoints have.

In float32 its outputs are those of openai-whisper bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Longest of the sines that stand for the positions of sound, in positions.
LONGEST_WAVE = 10_000


@dataclass
class ModelDimensions:
    """The sizes of a Whisper, by the names that checkpoints have for them."""

    n_mels: int
    n_audio_ctx: int
    n_audio_state: int
    n_audio_head: int
    n_audio_layer: int
    n_vocab: int
    n_text_ctx: int
    n_text_state: int
    n_text_head: int
    n_text_layer: int


@dataclass
class LayerCache:
    """What a layer of the decoder has already: keys and values of the word pieces so far, and those of the sound."""

    own: tuple[Tensor, Tensor] | None = None
    sound: tuple[Tensor, Tensor] | None = None


class LayerNorm(nn.LayerNorm):
    """A layer norm that works in float32, whatever comes in."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.float()).type(x.dtype)


class MultiHeadAttention(nn.Module):
    """Attention with biases, but for the keys."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.n_head = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        """What x (rows, count, width) attends to in the whole context (rows, positions, width)."""
        return self.attend(x, self.key(context), self.value(context))

    def attend(self, x: Tensor, keys: Tensor, values: Tensor, causal: bool = False) -> Tensor:
        """The same for keys and values (rows, positions, width); `causal` where x is all of the context's positions."""
        query, keys, values = (self._heads(part) for part in (self.query(x), keys, values))
        mixed = F.scaled_dot_product_attention(query, keys, values, is_causal=causal)
        return self.out(mixed.transpose(1, 2).flatten(2))

    def _heads(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.n_head, -1)).transpose(1, 2)


class EncoderLayer(nn.Module):
    """Attention to the whole sound, and a perceptron."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attn = MultiHeadAttention(width, heads)
        self.attn_ln = LayerNorm(width)
        self.mlp = _perceptron(width)
        self.mlp_ln = LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        normal = self.attn_ln(x)
        x = x + self.attn(normal, normal)
        return x + self.mlp(self.mlp_ln(x))


class DecoderLayer(nn.Module):
    """Attention to the word pieces so far, to the sound, and a perceptron."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.attn = MultiHeadAttention(width, heads)
        self.attn_ln = LayerNorm(width)
        self.cross_attn = MultiHeadAttention(width, heads)
        self.cross_attn_ln = LayerNorm(width)
        self.mlp = _perceptron(width)
        self.mlp_ln = LayerNorm(width)

    def forward(self, x: Tensor, sound: Tensor, cache: LayerCache) -> Tensor:
        """The layer's output for x (rows, count, width), all word pieces or the one after those of the cache."""
        normal = self.attn_ln(x)
        own = self.attn.key(normal), self.attn.value(normal)
        if cache.own is not None:
            own = torch.cat([cache.own[0], own[0]], 1), torch.cat([cache.own[1], own[1]], 1)
        if cache.sound is None:
            cache.sound = self.cross_attn.key(sound), self.cross_attn.value(sound)
        cache.own = own
        x = x + self.attn.attend(normal, *own, causal=x.shape[1] > 1)
        x = x + self.cross_attn.attend(self.cross_attn_ln(x), *cache.sound)
        return x + self.mlp(self.mlp_ln(x))


class AudioEncoder(nn.Module):
    """From log-mels to what the decoder attends to."""

    positional_embedding: Tensor

    def __init__(self, mels: int, positions: int, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(mels, width, kernel_size=3, padding=1)
        self.conv2 = nn.Conv1d(width, width, kernel_size=3, stride=2, padding=1)
        self.register_buffer("positional_embedding", sinusoids(positions, width))
        self.blocks = cast("Sequence[EncoderLayer]", nn.ModuleList([EncoderLayer(width, heads) for _ in range(layers)]))
        self.ln_post = LayerNorm(width)

    def forward(self, mel: Tensor) -> Tensor:
        """(rows, positions, width) of log-mels (rows, mels, 2 · positions)."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).permute(0, 2, 1)
        x = (x + self.positional_embedding).to(x.dtype)
        for block in self.blocks:
            x = block(x)
        return self.ln_post(x)


class TextDecoder(nn.Module):
    """From word pieces and sound to the word piece that comes next."""

    def __init__(self, vocabulary: int, positions: int, width: int, heads: int, layers: int) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, width)
        self.positional_embedding = nn.Parameter(torch.zeros(positions, width))
        self.blocks = cast("Sequence[DecoderLayer]", nn.ModuleList([DecoderLayer(width, heads) for _ in range(layers)]))
        self.ln = LayerNorm(width)

    def forward(self, pieces: Tensor, sound: Tensor, caches: Sequence[LayerCache] | None = None) -> Tensor:
        """Logits (rows, count, vocabulary), in float32, of what follows each of the pieces (rows, count).

        With `caches`, one for each layer, pieces are all that there are at first, then each time the next one.
        """
        caches = caches or [LayerCache() for _ in self.blocks]
        before = caches[0].own[0].shape[1] if caches[0].own else 0
        x = self.token_embedding(pieces) + self.positional_embedding[before : before + pieces.shape[1]]
        x = x.to(sound.dtype)
        for block, cache in zip(self.blocks, caches, strict=True):
            x = block(x, sound, cache)
        return (self.ln(x) @ self.token_embedding.weight.to(x.dtype).T).float()


class Whisper(nn.Module):
    """An encoder and a decoder of these sizes."""

    def __init__(self, dims: ModelDimensions) -> None:
        super().__init__()
        self.dims = dims
        self.encoder = AudioEncoder(
            dims.n_mels, dims.n_audio_ctx, dims.n_audio_state, dims.n_audio_head, dims.n_audio_layer
        )
        self.decoder = TextDecoder(
            dims.n_vocab, dims.n_text_ctx, dims.n_text_state, dims.n_text_head, dims.n_text_layer
        )

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return next(self.parameters()).device

    @property
    def is_multilingual(self) -> bool:
        """Whether it was trained on other languages than English, which the vocabulary tells."""
        return self.dims.n_vocab >= 51865


def sinusoids(positions: int, width: int) -> Tensor:
    """Sines, then cosines, of wave lengths from 2π to 2π · 10,000 (positions, width)."""
    step = math.log(LONGEST_WAVE) / (width // 2 - 1)
    angles = torch.arange(positions)[:, None] * torch.exp(-step * torch.arange(width // 2))[None, :]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def _perceptron(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
