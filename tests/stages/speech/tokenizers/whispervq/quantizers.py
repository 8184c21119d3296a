"""WhisperVQ checkpoints in the published format, and a Whisper for each, with random weights and narrow heads.

Of each published kind, what matters is kept: heads, codes, the codebook's width, mels, and the Whisper it names.
"""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from sayso.stages.speech.tokenizers.whispervq.bottleneck import Bottleneck, to_checkpoint
from sayso.stages.speech.whisper.model import ModelDimensions, Whisper

HEAD_WIDTH = 6
TUNABLES = {"query_mult": 2, "rope": True, "mask_embs": True, "downsample_conv": False, "downsample_mean": True}


@dataclass(frozen=True)
class Kind:
    """A kind of WhisperVQ: the Whisper it was trained on, with the heads and mels of that, and its codebook."""

    whisper: str
    heads: int
    mels: int
    vocabulary: int
    codes: int
    dim: int

    @property
    def width(self) -> int:
        return self.heads * HEAD_WIDTH


KINDS = {
    "tiny": Kind("tiny", 6, 80, 51865, 512, 64),
    "small": Kind("small", 12, 80, 51865, 512, 64),
    "v3-7lang and medium-en+pl": Kind("medium", 16, 80, 51865, 512, 64),
    "medium-256c-dim128": Kind("medium", 16, 80, 51865, 256, 128),
    "base-en+pl": Kind("base", 8, 80, 51865, 512, 64),
    "base.en-4096c": Kind("base.en", 8, 80, 51864, 4096, 32),
    "large-v2": Kind("large-v2", 20, 80, 51865, 512, 64),
    "large-v3": Kind("large-v3", 20, 128, 51866, 512, 64),
}
# Those that Ichigo's own trainer wrote, as its package names them.
ICHIGO = {
    "merge-medium-vi-2d-2560c-dim64.pth": Kind("medium", 16, 80, 51865, 2560, 64),
    "ichigo-asr-2502-en.ckpt": Kind("large-v3", 20, 128, 51866, 512, 64),
}


def micro_whisper(kind: Kind) -> Whisper:
    """One layer that listens and one that reads."""
    torch.manual_seed(5)
    width, heads = kind.width, kind.heads
    dims = ModelDimensions(kind.mels, 1500, width, heads, 1, kind.vocabulary, 64, width, heads, 1)
    whisper = Whisper(dims)
    for weights in whisper.decoder.parameters():
        nn.init.normal_(weights, std=0.2)
    for layer in whisper.encoder.modules():
        if isinstance(layer, nn.Linear | nn.Conv1d):
            nn.init.normal_(layer.weight, std=1.5 * layer.weight[0].numel() ** -0.5)
    return whisper.eval().requires_grad_(False)


def micro_quantizer(kind: Kind, path: Path, layout: str = "original", seed: int = 6) -> Path:
    """A checkpoint of this kind, of either layout: project_in and project_out in the first quantizer, or beside it."""
    torch.manual_seed(seed)
    config = {"vq_codes": kind.codes, "q_depth": 1, "depth": 1, "n_head": kind.heads, "head_width": HEAD_WIDTH,
              "ffn_mult": 4, "codebook_dim": kind.dim, "use_cosine_sim": True, "downsample": 2,
              "whisper_model_name": kind.whisper}  # fmt: skip
    bottleneck = Bottleneck(config, TUNABLES)
    for layer in bottleneck.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=2 * layer.weight.shape[1] ** -0.5)
    nn.init.normal_(bottleneck.positions, std=0.3)
    bottleneck.codebook[:] = F.normalize(torch.randn_like(bottleneck.codebook), dim=-1)
    checkpoint = to_checkpoint(bottleneck, torch.float32)
    if layout == "fixed":
        state = checkpoint["state_dict"]
        checkpoint["state_dict"] = {key.replace("rq.layers.0.project_", "rq.project_"): state[key] for key in state}
    torch.save(checkpoint, path)
    return path


def as_lightning(path: Path, to: Path) -> Path:
    """The same weights as Ichigo's trainer keeps them: with a prefix, beside its own state, and without a config."""
    state = torch.load(path, weights_only=True)["state_dict"]
    usage = torch.zeros(state["rq.layers.0._codebook.embed"].shape[1])
    kept = {f"model.{key}": value for key, value in state.items()} | {"model._codebook_usage": usage}
    checkpoint = {"callbacks": {"ModelCheckpoint{'monitor': 'val/loss'}": {"best_model_score": torch.tensor(1.5)}},
                  "epoch": 5, "global_step": 79_270, "hparams_name": "kwargs",
                  "hyper_parameters": {"phase": 2, "iterations": None, "lr0": 1e-3, "strategy": "ddp"},
                  "loops": {"fit_loop": {"state_dict": {}}}, "lr_schedulers": [{"last_epoch": 9}],
                  "optimizer_states": [{"state": {0: {"exp_avg": usage}}, "param_groups": [{"names": ["other"]}]}],
                  "pytorch-lightning_version": "2.4.0", "state_dict": OrderedDict(kept)}  # fmt: skip
    torch.save(checkpoint, to)
    return to


def sounds(count: int) -> list[torch.Tensor]:
    """Clips of 0.1 to 4 s: gliding tones in noise, the loudest a thousand times as loud as the quietest."""
    random = np.random.default_rng(7)
    clips = []
    for _ in range(count):
        time = np.arange(random.integers(1600, 64_000)) / 16_000
        glide = np.sin(2 * np.pi * (random.uniform(100, 2000) + 500 * np.sin(random.uniform(1, 9) * time)) * time)
        clip = glide * np.sin(7 * time) + random.normal(0, 0.1, len(time))
        clips.append(torch.from_numpy(clip * 10 ** random.uniform(-3, 0)).float())
    return clips
