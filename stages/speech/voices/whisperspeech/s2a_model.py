"""WhisperSpeech's semantic-to-acoustic models, `SADelARTransformer`, with the names that their checkpoints have."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sayso.stages.speech.voices.whisperspeech.layers import Decoder, EncoderLayer, FlexEmbeddings
from sayso.stages.speech.whisper.languages import LANGUAGES
from sayso.stages.speech.whisper.model import sinusoids

# Codes of EnCodec in each codebook; after them come one for none and one for the start.
ACOUSTIC_CODES, SPECIAL_CODES = 1024, 2
# Semantic tokens are 25 a second, codes 75.
FRAMES_PER_TOKEN = 3
# Rows of the tables that conditioned models were trained with, the last for what is not known; and the rows of the
# quality that WhisperSpeech itself asks for: no language named, 60 dB of -10 to 70 in 10 bins, 60 dB of 0 to 60 in 6.
CONDITIONS = {"lang": (len(LANGUAGES[:99]) + 1, 99), "snr": (11, 8), "c50": (7, 5)}


@dataclass(frozen=True)
class S2ATunables:
    """The settings of a checkpoint; what old files leave out is as it was then."""

    output_mult: float = 5.6
    query_mult: float = 0.3
    encoder_depth_ratio: float = 0.25
    linear_heads: bool = True
    rope: bool = False
    causal_encoder: bool = False
    force_hidden_to_emb: bool = True


class AcousticEmbeddings(nn.Module):
    """Codes of each codebook, and their places; the special ones are the same in all."""

    def __init__(self, quantizers: int, width: int, own_width: int, positions: Tensor | None) -> None:
        super().__init__()
        special = nn.Embedding(SPECIAL_CODES, width)
        made = [FlexEmbeddings(ACOUSTIC_CODES, width, own_width, special) for _ in range(quantizers)]
        self.embeddings = cast("Sequence[FlexEmbeddings]", nn.ModuleList(made))
        if positions is not None:
            self.register_buffer("positional_embedding", positions)


class AcousticHead(nn.Module):
    """From the decoder's output to the logits of each codebook."""

    def __init__(self, quantizers: int, width: int) -> None:
        super().__init__()
        self._shape = (quantizers, width)
        self.splitter = nn.Sequential(nn.Linear(width, quantizers * width), nn.GELU())

    def forward(self, x: Tensor, embeddings: Sequence[FlexEmbeddings]) -> Tensor:
        """(rows, codebooks, codes) of x (rows, width)."""
        split = self.splitter(x).unflatten(-1, self._shape)
        return torch.stack([embedding.unembed(split[:, place]) for place, embedding in enumerate(embeddings)], 1)


class Condition(nn.Module):
    """What one thing that a conditioned model is told adds."""

    def __init__(self, rows: int, width: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(rows, width)


class SpeakerCondition(nn.Module):
    """What a speaker adds."""

    def __init__(self, own_width: int, width: int) -> None:
        super().__init__()
        self.spk_to_hidden = nn.Linear(own_width, width) if own_width != width else None


class SADelARTransformer(nn.Module):
    """An encoder of semantic tokens and a decoder of delayed codes, of the sizes in a checkpoint's config.

    A `conditioned` one is told of more than the speaker.
    """

    positional_embeddings: Tensor | None

    def __init__(
        self,
        depth: int = 3,
        ctx_n: int = 2250,
        stoks_len: int = 750,
        stoks_codes: int = 4097,
        stoks_width: int | None = None,
        spk_width: int | None = None,
        atoks_width: int | None = None,
        n_head: int = 3,
        head_width: int = 64,
        ffn_mult: int = 4,
        quantizers: int = 8,
        speaker_map: Mapping[str, int] | None = None,
        tunables: S2ATunables = S2ATunables(),
        conditioned: bool = False,
    ) -> None:
        super().__init__()
        self.ctx_n, self.stoks_len, self.stoks_codes, self.quantizers = ctx_n, stoks_len, stoks_codes, quantizers
        self.codes, self.tunables, self.conditioned = ACOUSTIC_CODES, tunables, conditioned
        self.width = width = n_head * head_width
        self.base_width = 3 * head_width
        own_width, speaker_width = stoks_width or width, spk_width or width
        positions = None if tunables.rope else sinusoids(ctx_n, width)
        self.register_buffer("positional_embeddings", positions)
        self.semantic_embedding = nn.Embedding(stoks_codes, own_width)
        self.emb_to_hidden = nn.Linear(own_width, width) if own_width != width else None
        if own_width != width and (tunables.causal_encoder or tunables.force_hidden_to_emb):
            self.hidden_to_emb = nn.Linear(width, own_width)
        if conditioned:
            found: dict[str, nn.Module] = {name: Condition(rows, width) for name, (rows, _) in CONDITIONS.items()}
            self.cond_embeddings = nn.ModuleDict({**found, "speaker": SpeakerCondition(speaker_width, width)})
        elif speaker_width != width:
            self.spk_to_hidden = nn.Linear(speaker_width, width)
        scale = tunables.query_mult * 8 / math.sqrt(head_width)
        encoder_depth = int(depth * 2 * tunables.encoder_depth_ratio)
        made = [EncoderLayer(width, n_head, scale, ffn_mult, tunables.rope) for _ in range(encoder_depth)]
        self.encoder = cast("Sequence[EncoderLayer]", nn.Sequential(*made))
        self.ln_post = nn.LayerNorm(width)
        self.embds = AcousticEmbeddings(quantizers, width, atoks_width or width, positions)
        self.decoder = Decoder(
            depth * 2 - encoder_depth, width, n_head, scale, ffn_mult, tunables.rope, subsampling=FRAMES_PER_TOKEN
        )
        self.head = AcousticHead(quantizers, width)
        # What training counts, and what it calls its speakers: parts of every checkpoint.
        self.register_buffer("val_true", torch.zeros(quantizers))
        self.register_buffer("val_total", torch.zeros(quantizers))
        self._speakers = speaker_map

    def get_extra_state(self) -> dict[str, Any]:
        return {"speaker_map": self._speakers}

    def set_extra_state(self, state: dict[str, Any]) -> None:
        self._speakers = state["speaker_map"]

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return self.semantic_embedding.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """What its weights are stored in."""
        return self.semantic_embedding.weight.dtype

    def run_encoder(self, tokens: Tensor, speakers: Tensor) -> Tensor:
        """What the decoder attends to, (rows, tokens, width), of semantic tokens and speakers (rows, 192)."""
        x = self.semantic_embedding(tokens)
        if self.emb_to_hidden is not None:
            x = self.emb_to_hidden(x)
        if self.positional_embeddings is not None:
            x = x + self.positional_embeddings
        for layer in self.encoder:
            x = layer(x, self.tunables.causal_encoder)
        return self.ln_post(x) + self._told(F.normalize(speakers, dim=-1))[:, None]

    def _told(self, speakers: Tensor) -> Tensor:
        """What is added for the speakers, and for the other conditions of a model that has them, (rows, width)."""
        if not self.conditioned:
            return self.spk_to_hidden(speakers) if hasattr(self, "spk_to_hidden") else speakers
        told = torch.zeros(len(speakers), self.width, dtype=self.dtype, device=self.device)
        for name, (_, row) in CONDITIONS.items():
            told = told + cast(Condition, self.cond_embeddings[name]).embed.weight[row]
        hidden = cast(SpeakerCondition, self.cond_embeddings["speaker"]).spk_to_hidden
        return told + (speakers if hidden is None else hidden(speakers))
