"""Quantizers as Ichigo's own trainer wrote them: Lightning files, whose keys begin with `model.`, without a config.

Their sizes are those of their tensors. What the tensors do not show is the same in all the variants that its package
`ichigo-whisper` 2.3.0 can make: the mean of two frames a code, rotary positions, a query scale of 2, and a Whisper for
each number of heads. Its one quantizer of 2,560 codes was merged of two, and has its mask code between them.
"""

from __future__ import annotations

from typing import Any

PREFIX = "model."
# Whisper medium has 16 heads, large-v3 20.
WHISPERS = {16: "medium", 20: "large-v3"}
# 0 to 2047, the mask code, and 2049 to 2560.
MERGED_CODES, MERGED_MASK = 2560, 2048
TUNABLES = {"query_mult": 2, "rope": True, "mask_embs": True, "downsample_conv": False, "downsample_mean": True}
# What training counts with.
_COUNTS = ("model._codebook_usage",)


def is_lightning(checkpoint: Any) -> bool:
    """Whether a loaded file is one: the trainer's state beside weights with the prefix, and no config."""
    state = checkpoint.get("state_dict") if isinstance(checkpoint, dict) else None
    return isinstance(state, dict) and "config" not in checkpoint and any(key.startswith(PREFIX) for key in state)


def as_published(checkpoint: dict[str, Any]) -> dict[str, Any]:
    """The same weights as {config, tunables, state_dict}. Raises ValueError where a tensor that tells a size lacks."""
    given = checkpoint["state_dict"]
    state = {key.removeprefix(PREFIX): value for key, value in given.items() if key not in _COUNTS}
    try:
        _, rows, dim = state["rq.layers.0._codebook.embed"].shape
        inner, width = state["mlp.0.weight"].shape
        head_width = 2 * len(state["_out_blocks.0.attn.rotary.inv_freq"])
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"it is a Lightning file of no quantizer of Ichigo's: {error}") from None
    codes, heads = rows - 1, width // head_width
    config = {
        "vq_codes": codes,
        "mask_code": MERGED_MASK if codes == MERGED_CODES else codes,
        "codebook_dim": dim,
        "q_depth": 1,
        "use_cosine_sim": True,
        "n_head": heads,
        "head_width": head_width,
        "ffn_mult": inner // width,
        "depth": len({key.split(".")[1] for key in state if key.startswith("_out_blocks.")}),
        "downsample": 2,
    }
    named = {"whisper_model_name": WHISPERS[heads]} if heads in WHISPERS else {}
    return {"config": config | named, "tunables": TUNABLES, "state_dict": state}
