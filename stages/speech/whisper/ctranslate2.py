"""Whisper weights in CTranslate2's `model.bin`, read as openai-whisper's state dict.

Layout, little endian: uint32 version, name, uint32 revision, uint32 count; then for each variable its name,
uint8 rank, uint32 × rank shape, uint8 type, uint32 bytes, data; last a uint32 count of aliases, each two names.
A name is a uint16 length and that many bytes, a closing NUL among them. Matrices are (out, in), as in torch.
"""

import re
import struct
from pathlib import Path

import numpy as np
import torch

TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}

PLAIN = {
    "encoder/position_encodings/encodings": "encoder.positional_embedding",
    "decoder/position_encodings/encodings": "decoder.positional_embedding",
    "decoder/embeddings/weight": "decoder.token_embedding.weight",
    "encoder/layer_norm": "encoder.ln_post",
    "decoder/layer_norm": "decoder.ln",
    "encoder/conv1": "encoder.conv1",
    "encoder/conv2": "encoder.conv2",
}
# What a stacked projection holds, in order; a plain one is a stack of one.
LAYER = {
    "self_attention/layer_norm": ["attn_ln"],
    "self_attention/linear_0": ["attn.query", "attn.key", "attn.value"],
    "self_attention/linear_1": ["attn.out"],
    "attention/layer_norm": ["cross_attn_ln"],
    "attention/linear_0": ["cross_attn.query"],
    "attention/linear_1": ["cross_attn.key", "cross_attn.value"],
    "attention/linear_2": ["cross_attn.out"],
    "ffn/layer_norm": ["mlp_ln"],
    "ffn/linear_0": ["mlp.0"],
    "ffn/linear_1": ["mlp.2"],
}
FIELDS = {"weight": "weight", "bias": "bias", "gamma": "weight", "beta": "bias"}
# Scalars that only tell CTranslate2 how to run; the tensors say the same.
SETTINGS = {"activation", "alibi", "alignment_heads", "alignment_layer", "num_heads", "pre_norm", "scale_embeddings",
            "start_from_zero_embedding"}  # fmt: skip


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path, self.data, self.at = path, path.read_bytes(), 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise ValueError(f"{self.path}: ends in the middle of a variable, the file is cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, kind: str) -> int:
        return int(struct.unpack("<" + kind, self.take(struct.calcsize(kind)))[0])

    def name(self) -> str:
        return self.take(self.number("H")).rstrip(b"\0").decode("ascii", errors="replace")


def read_variables(path: str | Path) -> dict[str, np.ndarray]:
    """Every variable of a `model.bin`, by its CTranslate2 name, in its stored type.

    Raises ValueError where the file is not a version 6 WhisperSpec, is cut short, or holds an unknown type.
    """
    reader = _Reader(Path(path))
    version, spec = reader.number("I"), reader.name()
    if version != 6 or spec != "WhisperSpec":
        raise ValueError(
            f"{path}: not a CTranslate2 Whisper model of version 6 (found {spec[:40]!r}, version {version})"
        )
    reader.number("I")
    variables = {}
    for _ in range(reader.number("I")):
        name = reader.name()
        shape = [reader.number("I") for _ in range(reader.number("B"))]
        kind = reader.number("B")
        if kind not in TYPES:
            raise ValueError(f"{path}: variable {name!r} has the unknown type {kind}")
        data = reader.take(reader.number("I"))
        values = np.frombuffer(data, TYPES[kind])
        if values.size != int(np.prod(shape, dtype=np.int64)):
            raise ValueError(
                f"{path}: variable {name!r} has {values.size} values, its shape {shape} needs another count"
            )
        variables[name] = values.reshape(shape)
    return variables


def whisper_state_dict(variables: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    """openai-whisper's state dict, float32, of the variables of a Whisper `model.bin`.

    The key projection has no bias in Whisper: its part of the stacked bias must be zero and is left out.
    Raises ValueError for a name that is not known and for weights that are quantized to integers.
    """
    state = {}
    for name, values in variables.items():
        if name.split("/")[-1] in SETTINGS:
            continue
        if values.dtype.kind != "f":
            raise ValueError(f"variable {name!r} is quantized ({values.dtype}); only float16 and float32 can be read")
        tensor = torch.from_numpy(values.astype(np.float32))
        for target, part in _targets(name, tensor):
            if target.endswith(".key.bias"):
                if part.any():
                    raise ValueError(f"variable {name!r} has a bias for the key, which Whisper has not")
            else:
                state[target] = part.contiguous()
    return state


def _targets(name: str, tensor: torch.Tensor) -> list[tuple[str, torch.Tensor]]:
    if name in PLAIN:
        return [(PLAIN[name], tensor)]
    stem, _, field = name.rpartition("/")
    if stem in PLAIN and field in FIELDS:
        return [(f"{PLAIN[stem]}.{FIELDS[field]}", tensor)]
    layer = re.fullmatch(r"(encoder|decoder)/layer_(\d+)/(.+)", stem)
    if not layer or layer[3] not in LAYER or field not in FIELDS:
        raise ValueError(f"variable {name!r} is none of Whisper's")
    parts = LAYER[layer[3]]
    return [
        (f"{layer[1]}.blocks.{layer[2]}.{part}.{FIELDS[field]}", piece)
        for part, piece in zip(parts, tensor.chunk(len(parts)), strict=True)
    ]
