"""WhisperSpeech's text-to-semantic model, `TSARTransformer`, with the names that its checkpoints have."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from sayso.stages.speech.voices.whisperspeech.layers import Decoder, EncoderLayer, FlexEmbeddings
from sayso.stages.speech.whisper.languages import LANGUAGES
from sayso.stages.speech.whisper.model import sinusoids

# WhisperSpeech's own list, which is Whisper's first one.
LANGUAGES_KNOWN = LANGUAGES[:99]
# Characters a second that are beyond the last of the bins.
MOST_CPS = 20


@dataclass(frozen=True)
class T2STunables:
    """The settings of a checkpoint; what old files leave out is as it was then."""

    output_mult: float = 0.35
    query_mult: float = 1
    encoder_depth_ratio: float = 0.25
    causal_encoder: bool = True
    cps_input: bool = True
    cps_bins: int = 32
    padding_token_offset: int = -1


class Encoder(nn.Module):
    """From the bytes of a text to what the decoder attends to."""

    positional_embedding: Tensor

    def __init__(
        self, layers: int, width: int, heads: int, length: int, codes: int, own_width: int, scale: float, factor: int
    ) -> None:
        super().__init__()
        self.embedding = FlexEmbeddings(codes, width, own_width)
        self.register_buffer("positional_embedding", sinusoids(length, width))
        made = [EncoderLayer(width, heads, scale, factor) for _ in range(layers)]
        self.layers = cast("Sequence[EncoderLayer]", nn.ModuleList(made))
        self.ln_post = nn.LayerNorm(width)

    def forward(self, texts: Tensor, languages: Tensor, causal: bool) -> Tensor:
        """(rows, bytes, width) of texts (rows, bytes) in languages (rows, 1, width)."""
        x = self.embedding(texts) + languages
        x = x + self.positional_embedding[: texts.shape[1]]
        for layer in self.layers:
            x = layer(x, causal)
        return self.ln_post(x)


class SemanticEmbedding(nn.Module):
    """Semantic tokens and their places."""

    positional_embedding: Tensor

    def __init__(self, length: int, codes: int, width: int, own_width: int) -> None:
        super().__init__()
        self.embedding = FlexEmbeddings(codes, width, own_width, special=nn.Embedding(1, width))
        self.register_buffer("positional_embedding", sinusoids(length, width))


class TSARTransformer(nn.Module):
    """An encoder of text and a decoder of semantic tokens, of the sizes in a checkpoint's config."""

    def __init__(
        self,
        depth: int = 6,
        n_head: int = 6,
        head_width: int = 64,
        ffn_mult: int = 4,
        ttoks_len: int = 200,
        ttoks_codes: int = 256,
        ttoks_width: int | None = None,
        stoks_len: int = 1500,
        stoks_codes: int = 1024,
        stoks_width: int | None = None,
        tunables: T2STunables = T2STunables(),
    ) -> None:
        super().__init__()
        self.ttoks_len, self.stoks_len, self.stoks_codes, self.tunables = ttoks_len, stoks_len, stoks_codes, tunables
        self.width = width = n_head * head_width
        self.base_width = 3 * head_width
        self.lang_embeddings = nn.Embedding(len(LANGUAGES_KNOWN), width)
        self.cps_embeddings = nn.Embedding(tunables.cps_bins, width) if tunables.cps_input else None
        scale = tunables.query_mult * 8 / math.sqrt(head_width)
        encoder_depth = int(depth * 2 * tunables.encoder_depth_ratio)
        self.encoder = Encoder(
            encoder_depth, width, n_head, ttoks_len, ttoks_codes, ttoks_width or width, scale, ffn_mult
        )
        self.embeddings = SemanticEmbedding(stoks_len, stoks_codes, width, stoks_width or width)
        self.decoder = Decoder(depth * 2 - encoder_depth, width, n_head, scale, ffn_mult)

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return self.lang_embeddings.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """What its weights are stored in."""
        return self.lang_embeddings.weight.dtype

    def run_encoder(self, texts: Tensor, languages: Tensor, cps: Tensor) -> tuple[Tensor, Tensor]:
        """What the decoder attends to, (rows, bytes, width), and what it adds to its input for the speed (rows, width).

        Texts are (rows, bytes), languages and characters a second (rows,).
        """
        assert self.cps_embeddings is not None
        encoded = self.encoder(texts, self.lang_embeddings(languages)[:, None], self.tunables.causal_encoder)
        bins = self.tunables.cps_bins
        return encoded, self.cps_embeddings((cps / MOST_CPS * bins).long().clamp(max=bins - 1))
