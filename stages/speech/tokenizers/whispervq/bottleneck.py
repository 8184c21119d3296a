"""WhisperVQ's own layers: Whisper's encoder output → codes, and codes → what Whisper's decoder listens to.

The architecture is WhisperSpeech's RQBottleneckTransformer with one quantizer (mean over two frames, MLP, cosine
codebook; back: code vectors at 50/s, learnt positions, transformer blocks with rotary positions). It reads
checkpoints {config, tunables, state_dict} as `WhisperSpeech 0.8.9` writes them with vector_quantize_pytorch
1.6.22 and as the "-fixed" files of jan-hq/WhisperVQ are laid out, and Ichigo's own Lightning files.
"""

import copy
import math
from typing import Any, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.tokenizers.whispervq.lightning import MERGED_CODES, MERGED_MASK, as_published, is_lightning

# What Whisper's encoder makes of one window of sound.
FRAMES, WINDOW_SECONDS = 1500, 30
# What training leaves in a checkpoint and nothing here needs.
IGNORED = {"val_true", "val_total", "rq.layers.0._codebook.initted", "rq.layers.0._codebook.cluster_size",
           "rq.layers.0._codebook.embed_avg"}  # fmt: skip
FIXED_LAYOUT = {f"rq.project_{way}.": f"rq.layers.0.project_{way}." for way in ("in", "out")}
RENAMED = {"rq.layers.0._codebook.embed": "codebook", "positional_embedding.weight": "positions"}
MOVED = {
    "rq.layers.0.project_in.": "project_in.",
    "rq.layers.0.project_out.": "project_out.",
    "_out_blocks.": "blocks.",
}


class Rotary(nn.Module):
    """The angles per frame of rotary positions (Su et al. 2021)."""

    inv_freq: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("inv_freq", 10_000.0 ** -(torch.arange(0, width, 2) / width))


class Attention(nn.Module):
    """Self-attention with rotary positions; the scale is split over query and key."""

    def __init__(self, width: int, heads: int, query_mult: float) -> None:
        super().__init__()
        self.heads = heads
        self.scale = math.sqrt(query_mult * 8 / math.sqrt(width // heads))
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.rotary = Rotary(width // heads)

    def forward(self, x: Tensor) -> Tensor:
        angles = torch.arange(x.shape[1], device=x.device, dtype=torch.float32)[:, None] * self.rotary.inv_freq
        cos, sin = (torch.cat([turned] * 2, -1).to(x.dtype) for turned in (angles.cos(), angles.sin()))

        def heads(y: Tensor) -> Tensor:
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        def rotate(y: Tensor) -> Tensor:
            first, second = y.chunk(2, -1)
            return y * cos + torch.cat([-second, first], -1) * sin

        query, key = rotate(heads(self.query(x) * self.scale)), rotate(heads(self.key(x) * self.scale))
        mixed = F.scaled_dot_product_attention(query, key, heads(self.value(x)))
        return self.out(mixed.transpose(1, 2).flatten(2))


class Block(nn.Module):
    """A pre-norm transformer block."""

    def __init__(self, width: int, heads: int, ffn_mult: int, query_mult: float) -> None:
        super().__init__()
        self.attn_ln, self.mlp_ln = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = Attention(width, heads, query_mult)
        self.mlp = mlp(width, ffn_mult)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.attn_ln(x))
        return x + self.mlp(self.mlp_ln(x))


def mlp(width: int, mult: int) -> nn.Sequential:
    """Two linear layers with a GELU between, `mult` times as wide inside."""
    return nn.Sequential(nn.Linear(width, width * mult), nn.GELU(), nn.Linear(width * mult, width))


class Bottleneck(nn.Module):
    """The layers of one checkpoint. `config` and `tunables` are kept as the checkpoint has them.

    `codes` is how many codes there are beside `mask`, the one that stands for padding. Raises ValueError for a variant
    that no published checkpoint with 25 codes a second uses.
    """

    codebook: Tensor

    def __init__(self, config: dict[str, Any], tunables: dict[str, Any]) -> None:
        super().__init__()
        needed = {"q_depth": 1, "use_cosine_sim": True, "no_quantize": False}
        wrong = {key: config.get(key) for key, value in needed.items() if config.get(key, value) != value}
        wanted = {"rope": True, "mask_embs": True, "downsample_mean": True, "downsample_conv": False}
        wrong |= {key: tunables.get(key) for key, value in wanted.items() if tunables.get(key, False) != value}
        if wrong:
            raise ValueError(f"unsupported variant of WhisperVQ: {wrong}")
        self.config, self.tunables = config, tunables
        self.codes, self.downsample = int(config["vq_codes"]), int(config["downsample"])
        # The last of the codebook, but where two codebooks were merged.
        self.mask = int(config.get("mask_code", self.codes))
        if not 0 <= self.mask <= self.codes:
            raise ValueError(f"its mask_code {self.mask} is none of 0 to {self.codes}")
        self.width = width = int(config["n_head"]) * int(config["head_width"])
        ffn_mult, dim = int(config.get("ffn_mult", 4)), int(config["codebook_dim"])
        self.mlp_ln, self.mlp = nn.LayerNorm(width), mlp(width, ffn_mult)
        self.project_in, self.project_out = nn.Linear(width, dim), nn.Linear(dim, width)
        self.register_buffer("codebook", torch.zeros(1, self.codes + 1, dim))
        self.positions = nn.Parameter(torch.zeros(FRAMES, width))
        query_mult = tunables.get("query_mult", 1)
        heads, depth = int(config["n_head"]), int(config["depth"])
        self.blocks = nn.ModuleList(Block(width, heads, ffn_mult, query_mult) for _ in range(depth))
        self.ln_post = nn.LayerNorm(width)

    @property
    def sound_format(self) -> SoundFormat:
        """What the tokens of this checkpoint are like; a message is one window of Whisper."""
        places = FRAMES // self.downsample
        return SoundFormat(
            name="WhisperVQ",
            codes=self.codes,
            mask_code=self.mask,
            tokens_per_second=places / WINDOW_SECONDS,
            max_tokens=places,
        )

    def cast(self, precision: torch.dtype) -> Self:
        """These layers in another precision, as a copy; the angles of rotary positions stay in float32."""
        other = copy.deepcopy(self)
        for layer in other.modules():
            if isinstance(layer, nn.Linear | nn.LayerNorm):
                layer.to(precision)
        other.codebook = self.codebook.to(precision)
        other.positions = nn.Parameter(self.positions.to(precision), requires_grad=False)
        return other

    def project(self, features: Tensor) -> Tensor:
        """Unit vectors (batch, codes in time, dim) in the codebook's space, of features (batch, frames, width)."""
        x = features.unflatten(1, (-1, self.downsample)).mean(2)
        x = x + self.mlp(self.mlp_ln(x))
        return F.normalize(self.project_in(x), dim=-1)

    def quantize(self, features: Tensor) -> Tensor:
        """The nearest code by cosine, (batch, codes in time) int64. The mask code takes part, as it does upstream."""
        return (self.project(features) @ self.codebook[0].T).argmax(-1)

    def reconstruct(self, vectors: Tensor, start: int = 0) -> Tensor:
        """Features (batch, frames, width) for Whisper's decoder, of code vectors (batch, codes in time, dim).

        `start` is the frame of the 30 s window where they begin.
        """
        x = vectors.repeat_interleave(self.downsample, 1)
        x = self.project_out(x) + self.positions[start : start + x.shape[1]]
        for block in self.blocks:
            x = block(x)
        return self.ln_post(x)

    def dequantize(self, codes: Tensor) -> Tensor:
        """Features (batch, frames, width) of codes (batch, codes in time), the mask code where there is no sound."""
        return self.reconstruct(self.codebook[0][codes])


def from_checkpoint(checkpoint: Any) -> Bottleneck:
    """The layers of a loaded checkpoint, in float32, of any key layout and of any floating type.

    Raises ValueError where a part, a key or a shape is not what the config says.
    """
    if is_lightning(checkpoint):
        checkpoint = as_published(checkpoint)
    if not isinstance(checkpoint, dict) or not {"config", "state_dict"} <= checkpoint.keys():
        raise ValueError("it is not a checkpoint of the form {config, tunables, state_dict}, nor a Lightning file")
    config = dict(checkpoint["config"])
    if config.get("vq_codes") == MERGED_CODES and "mask_code" not in config:
        raise ValueError(
            f"it has {MERGED_CODES} codes and its config does not say which is the mask code: put `mask_code: "
            f"{MERGED_MASK}` there for Ichigo's merged quantizer, {MERGED_CODES} where the mask code comes last"
        )
    try:
        bottleneck = Bottleneck(config, dict(checkpoint.get("tunables") or {}))
    except KeyError as error:
        raise ValueError(f"its config lacks {error}") from None
    state = {}
    for key, value in checkpoint["state_dict"].items():
        if key not in IGNORED:
            state[_key_here(key)] = value.float()
    try:
        bottleneck.load_state_dict(state)
    except RuntimeError as error:
        raise ValueError(f"its weights do not fit its config: {error}") from None
    return bottleneck.eval().requires_grad_(False)


def to_checkpoint(bottleneck: Bottleneck, dtype: torch.dtype) -> dict[str, Any]:
    """The checkpoint of these layers in the original layout, weights as `dtype`; WhisperSpeech loads it too."""
    state = {_key_in_checkpoint(key): value.detach().to(dtype) for key, value in bottleneck.state_dict().items()}
    for key in [key for key in state if key.endswith("inv_freq")]:
        # Rounding these would turn far positions by whole radians.
        state[key] = bottleneck.state_dict()[_key_here(key)].clone()
    codebook = state["rq.layers.0._codebook.embed"]
    state |= {"rq.layers.0._codebook.embed_avg": codebook.clone(), "rq.layers.0._codebook.initted": torch.ones(1)}
    state |= {"rq.layers.0._codebook.cluster_size": torch.ones(1, codebook.shape[1])}
    state |= {"val_true": torch.zeros(1), "val_total": torch.zeros(1)}
    return {"config": bottleneck.config, "tunables": bottleneck.tunables, "state_dict": state}


def differing_tensors(one: Bottleneck, other: Bottleneck) -> list[str]:
    """The tensors that make two tokenizers mean different sounds by the same code, by their names in a checkpoint.

    Those that only read codes back for Whisper's decoder may differ.
    """
    ours, theirs = one.state_dict(), other.state_dict()
    return [
        _key_in_checkpoint(key)
        for key, value in ours.items()
        if key.startswith(("codebook", "project_in.", "mlp.", "mlp_ln."))
        and not (value.shape == theirs[key].shape and torch.equal(value.cpu(), theirs[key].cpu()))
    ]


def _key_here(key: str) -> str:
    for prefix, name in FIXED_LAYOUT.items():
        key = name + key.removeprefix(prefix) if key.startswith(prefix) else key
    for prefix, name in MOVED.items():
        key = name + key.removeprefix(prefix) if key.startswith(prefix) else key
    return RENAMED.get(key, key)


def _key_in_checkpoint(key: str) -> str:
    for name, ours in RENAMED.items():
        key = name if key == ours else key
    for name, ours in MOVED.items():
        key = name + key.removeprefix(ours) if key.startswith(ours) else key
    return key
