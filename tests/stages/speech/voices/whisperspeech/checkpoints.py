"""Checkpoints in WhisperSpeech's published format, with random weights that make lively models.

As a new model is initialized, its queries are zero and it says one token for ever. Here each output depends on the
text, on the tokens before and on the place, and the end comes up now and then.
"""

from pathlib import Path

import torch
import yaml
from torch import nn
from whisperspeech import s2a_delar_mup_wds_mlang as s2a
from whisperspeech import t2s_up_wds_mlang_enclm as t2s

from sayso.stages.speech.voices.whisperspeech.vocoder import Vocos

SEMANTIC_CODES = 65


def micro_t2s(path: Path, padding_token_offset: int = 0) -> Path:
    """Four heads of 16, texts of at most 199 bytes, at most 99 tokens."""
    torch.manual_seed(3)
    tunables = t2s.Tunables(padding_token_offset=padding_token_offset)
    model = t2s.TSARTransformer(depth=2, n_head=4, head_width=16, ffn_mult=2, ttoks_len=200, ttoks_codes=256,
                                stoks_len=100, stoks_codes=SEMANTIC_CODES, stoks_width=32,
                                tunables=tunables)  # fmt: skip
    lively(model)
    # The end: more often than one token of 66.
    nn.init.normal_(model.embeddings.embedding.special.weight, std=4.0)
    return saved(model, path)


def micro_s2a(path: Path, codebooks: int = 4) -> Path:
    """At most 109 semantic tokens."""
    torch.manual_seed(2)
    shapes = {**_micro_s2a(), "quantizers": codebooks}
    return saved(_sounding(s2a.SADelARTransformer(**shapes, tunables=s2a.Tunables())), path)


def micro_s2a_cond(path: Path) -> Path:
    """Of the second kind, which is told how clean the recording should be."""
    from whisperspeech import s2a_delar_mup_wds_mlang_cond as s2a_cond  # which needs more packages than the others

    torch.manual_seed(3)
    return saved(_sounding(s2a_cond.SADelARTransformer(**_micro_s2a(), tunables=s2a_cond.Tunables())), path)


def tiny_s2a(path: Path) -> Path:
    """One codebook and one head of 8: as little as a row of 8 s can be said with."""
    model = s2a.SADelARTransformer(depth=1, ctx_n=601, stoks_len=201, stoks_codes=SEMANTIC_CODES, stoks_width=8,
                                   spk_width=192, atoks_width=8, n_head=1, head_width=8, ffn_mult=1, quantizers=1,
                                   tunables=s2a.Tunables())  # fmt: skip
    return saved(model, path)


def _micro_s2a() -> dict[str, int]:
    return {"depth": 2, "ctx_n": 330, "stoks_len": 110, "stoks_codes": SEMANTIC_CODES, "stoks_width": 16,
            "spk_width": 192, "atoks_width": 32, "n_head": 4, "head_width": 16, "ffn_mult": 2,
            "quantizers": 4}  # fmt: skip


def _sounding(model: nn.Module) -> nn.Module:
    """Lively, and as good as never at a loss: the two codes that stand for no sound hardly ever come up."""
    lively(model)
    nn.init.zeros_(model.embds.embeddings[0].special.weight)
    return model


def lively(model: nn.Module) -> nn.Module:
    for module in model.modules():
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=4 / module.weight.shape[1] ** 0.5)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, std=0.3)
    return model


def saved(model: nn.Module, path: Path) -> Path:
    model.save_model(path)
    return path


def micro_vocos(folder: Path) -> Path:
    """A vocoder's config.yaml and pytorch_model.bin: EnCodec's frames of 320 samples, three blocks of width 24."""
    torch.manual_seed(4)
    config = {
        "feature_extractor": {"class_path": "vocos.feature_extractors.EncodecFeatures", "init_args": {}},
        "backbone": {
            "class_path": "vocos.models.VocosBackbone",
            "init_args": {"input_channels": 16, "dim": 24, "intermediate_dim": 48, "num_layers": 3,
                          "adanorm_num_embeddings": 4},
        },
        "head": {
            "class_path": "vocos.heads.ISTFTHead",
            "init_args": {"dim": 24, "n_fft": 1280, "hop_length": 320, "padding": "same"},
        },
    }  # fmt: skip
    model = Vocos(config, codebook_rows=4 * 1024, max_batch_size=1)
    for weights in model.parameters():
        nn.init.normal_(weights, std=0.3)
    nn.init.normal_(model.codebooks)
    published = {"codebooks": "feature_extractor.codebook_weights", "head.window": "head.istft.window"}
    state = {published.get(key, key): value for key, value in model.state_dict().items()}
    state["feature_extractor.encodec.decoder.bias"] = torch.zeros(3)  # of which the published file has many
    folder.mkdir(exist_ok=True)
    torch.save(state, folder / "pytorch_model.bin")
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    return folder
