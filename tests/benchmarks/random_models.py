"""All models of the speech side with random weights, as checkpoints in the published formats, so nothing is fetched.

What they say is noise, and takes as long as speech: T2S does not end by itself, S2A gives no code that is no sound, and
Whisper's decoder ends after a stated number of word pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
import yaml
from torch import nn
from whisperspeech.s2a_delar_mup_wds_mlang import SADelARTransformer
from whisperspeech.s2a_delar_mup_wds_mlang import Tunables as S2ATunables
from whisperspeech.t2s_up_wds_mlang_enclm import TSARTransformer
from whisperspeech.t2s_up_wds_mlang_enclm import Tunables as T2STunables

from sayso.stages.speech.tokenizers.whispervq.bottleneck import Bottleneck, to_checkpoint
from sayso.stages.speech.voices.whisperspeech.s2a_model import FRAMES_PER_TOKEN
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SPEAKER_WIDTH
from sayso.stages.speech.voices.whisperspeech.vocoder import CODES, Vocos
from sayso.stages.speech.whisper.model import ModelDimensions, Whisper
from sayso.stages.speech.whisper.word_pieces import WordPieces

# A logit that is never drawn; half precision holds it times any of the models' own factors.
NEVER = -1e4
# Before the first word piece: start, language, task, and that there are no timestamps.
PROMPT = 4
# How much louder than the rest of what Whisper's decoder reads: is it the end yet?
LOUD = 200.0


@dataclass(frozen=True)
class Shapes:
    """How large each model is. `codebooks` are those of the vocoder's table, more than S2A fills."""

    t2s: dict[str, int]
    s2a: dict[str, int]
    vocoder: dict[str, int]
    codebooks: int
    quantizer: dict[str, int]
    whisper: ModelDimensions

    @property
    def longest(self) -> int:
        """The most semantic tokens that both models take."""
        s2a = min(self.s2a["stoks_len"] - 1, (self.s2a["ctx_n"] - 1) // FRAMES_PER_TOKEN)
        return min(self.t2s["stoks_len"] - 1, s2a)


SHAPES = {
    # t2s-small, s2a-q4-tiny, vocos-encodec-24khz, and WhisperVQ v3-7lang on Whisper medium.
    "released": Shapes(
        t2s={"depth": 12, "n_head": 12, "ttoks_len": 550, "ttoks_codes": 256, "stoks_len": 750, "stoks_codes": 513,
             "stoks_width": 64},
        s2a={"depth": 4, "n_head": 6, "ctx_n": 2250, "stoks_len": 750, "stoks_codes": 513, "stoks_width": 64,
             "spk_width": SPEAKER_WIDTH, "atoks_width": 128, "quantizers": 4},
        vocoder={"input_channels": 128, "dim": 384, "intermediate_dim": 1152, "num_layers": 8},
        codebooks=16,
        quantizer={"vq_codes": 512, "codebook_dim": 64, "n_head": 16, "head_width": 64},
        whisper=ModelDimensions(80, 1500, 1024, 16, 24, 51865, 448, 1024, 16, 24),
    ),
    "micro": Shapes(
        t2s={"depth": 2, "n_head": 4, "head_width": 16, "ffn_mult": 2, "ttoks_len": 200, "ttoks_codes": 256,
             "stoks_len": 100, "stoks_codes": 65, "stoks_width": 32},
        s2a={"depth": 2, "n_head": 4, "head_width": 16, "ffn_mult": 2, "ctx_n": 330, "stoks_len": 110,
             "stoks_codes": 65, "stoks_width": 16, "spk_width": SPEAKER_WIDTH, "atoks_width": 32, "quantizers": 4},
        vocoder={"input_channels": 16, "dim": 24, "intermediate_dim": 48, "num_layers": 3},
        codebooks=4,
        quantizer={"vq_codes": 512, "codebook_dim": 64, "n_head": 4, "head_width": 16},
        whisper=ModelDimensions(80, 1500, 64, 4, 1, 51865, 64, 64, 4, 1),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Checkpoints:
    """Where the models of one run lie, each as the product's loaders take it."""

    t2s: str
    s2a: str
    vocoder: str
    quantizer: str
    whisper: str


def write_checkpoints(shapes: Shapes, word_pieces: int, folder: Path) -> Checkpoints:
    """Write each model into a folder; Whisper's decoder ends after so many word pieces. 2.6 GB in released shapes."""
    torch.manual_seed(0)
    return Checkpoints(
        t2s=write_t2s(shapes, folder / "t2s.model"),
        s2a=write_s2a(shapes, folder / "s2a.model"),
        vocoder=_vocoder(shapes, folder / "vocoder"),
        quantizer=_quantizer(shapes, folder / "quantizer.model"),
        whisper=_whisper(shapes, word_pieces, folder / "whisper.pt"),
    )


def write_t2s(shapes: Shapes, path: Path) -> str:
    return _saved(TSARTransformer(**shapes.t2s, tunables=T2STunables()), path)


def write_s2a(shapes: Shapes, path: Path) -> str:
    return _saved(SADelARTransformer(**shapes.s2a, tunables=S2ATunables()), path)


def never_ending(model: TSARTransformer) -> TSARTransformer:
    """A loaded T2S model, of the product or of the package, that goes on until it is stopped."""
    model.embeddings.embedding.bias_out[-1] = NEVER
    return model


def always_sound(model: SADelARTransformer) -> SADelARTransformer:
    """A loaded S2A model, of the product or of the package, without the two codes that stand for no sound."""
    for embedding in model.embds.embeddings:
        embedding.bias_out[CODES:] = NEVER
    return model


def _saved(model: nn.Module, path: Path) -> str:
    """The checkpoint of a new model, its queries not zero as training starts with but random like the rest."""
    for name, weights in model.named_parameters():
        if "query.weight" in name:
            nn.init.normal_(weights, std=weights.shape[1] ** -0.5)
    model.save_model(path)
    return str(path)


def _vocoder(shapes: Shapes, folder: Path) -> str:
    width = shapes.vocoder["dim"]
    config = {
        "feature_extractor": {
            "class_path": "vocos.feature_extractors.EncodecFeatures",
            "init_args": {"encodec_model": "encodec_24khz", "bandwidths": [1.5, 3.0, 6.0, 12.0]},
        },
        "backbone": {
            "class_path": "vocos.models.VocosBackbone",
            "init_args": {**shapes.vocoder, "adanorm_num_embeddings": 4},
        },
        "head": {
            "class_path": "vocos.heads.ISTFTHead",
            "init_args": {"dim": width, "n_fft": 1280, "hop_length": 320, "padding": "same"},
        },
    }
    model = Vocos(config, codebook_rows=shapes.codebooks * CODES, max_batch_size=1)
    _lively(model, gain=2.0)
    nn.init.normal_(model.codebooks)
    published = {"codebooks": "feature_extractor.codebook_weights", "head.window": "head.istft.window"}
    folder.mkdir()
    state = {published.get(key, key): value for key, value in model.state_dict().items()}
    torch.save(state, folder / "pytorch_model.bin")
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return str(folder)


def _quantizer(shapes: Shapes, path: Path) -> str:
    config: dict[str, Any] = {**shapes.quantizer, "q_depth": 1, "depth": 1, "ffn_mult": 4, "use_cosine_sim": True,
                              "downsample": 2, "whisper_model_name": "medium"}  # fmt: skip
    tunables = {"query_mult": 2, "rope": True, "mask_embs": True, "downsample_conv": False, "downsample_mean": True}
    bottleneck = Bottleneck(config, tunables)
    _lively(bottleneck, gain=2.0)
    nn.init.normal_(bottleneck.positions, std=0.3)
    # The last one is the mask code, which would end a row; at zero it is never the nearest.
    bottleneck.codebook[:, :-1] = F.normalize(torch.randn_like(bottleneck.codebook[:, :-1]), dim=-1)
    torch.save(to_checkpoint(bottleneck, torch.float32), path)
    return str(path)


def _whisper(shapes: Shapes, word_pieces: int, path: Path) -> str:
    """In half precision, as it is released. The end is what the decoder's positions say, from the last piece on."""
    model = Whisper(shapes.whisper)
    end = WordPieces(model).end
    _lively(model.encoder, gain=1.5)
    with torch.no_grad():
        nn.init.normal_(model.decoder.token_embedding.weight, std=0.05)
        ended = torch.arange(model.dims.n_text_ctx) >= PROMPT - 1 + word_pieces
        sign = torch.where(ended, LOUD, -LOUD)
        model.decoder.positional_embedding[:] = sign[:, None] * model.decoder.token_embedding.weight[end]
    torch.save({"dims": vars(model.dims), "model_state_dict": model.half().state_dict()}, path)
    return str(path)


def _lively(model: nn.Module, gain: float) -> None:
    """Weights large enough that what comes out depends on what goes in, as with new ones it hardly does."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv1d):
            nn.init.normal_(layer.weight, std=gain * layer.weight[0].numel() ** -0.5)
