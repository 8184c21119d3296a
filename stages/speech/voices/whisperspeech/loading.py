"""WhisperSpeech checkpoints: from a file, a folder or the Hub to a model that is ready to generate."""

from __future__ import annotations

import pickle
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch

from sayso.stages.speech.devices.packed_linear import pack
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.whisperspeech.layers import FlexEmbeddings, MultiHeadAttention, Rotary
from sayso.stages.speech.voices.whisperspeech.s2a_model import S2ATunables, SADelARTransformer
from sayso.stages.speech.voices.whisperspeech.t2s_model import T2STunables, TSARTransformer
from sayso.stages.speech.weights.finding import find_file

# Settings of a checkpoint that only its training followed.
OF_TRAINING = {
    *("init_std", "embeddings_std", "embeddings_lr_scale", "embedding_projector_lr_scale", "eot_dropout_p"),
    *("lr0", "clip_gradient_norm", "weight_decay", "warmup_steps", "random", "random_finetune", "q0_loss_mult"),
}


def load_t2s(ref: str, device: str, dtype: torch.dtype) -> TSARTransformer:
    """A text-to-semantic model: a file, or a Hub file such as collabora/whisperspeech:t2s-small-en+pl.model.

    Raises SpeechModelError where it cannot be found, cannot be loaded safely, or is another kind of model.
    """
    path = find_file(ref)
    model = _built(TSARTransformer, T2STunables, _checkpoint(path), path)
    if model.tunables.cps_input is False:
        raise SpeechModelError(f"{path} takes no speed; WhisperSpeech itself cannot run such a model")
    offset = model.tunables.padding_token_offset
    if not 0 <= model.stoks_codes + offset <= model.stoks_codes:
        raise SpeechModelError(
            f"{path} ends with token {model.stoks_codes + offset} by its padding_token_offset {offset}, and has 0 to "
            f"{model.stoks_codes}; WhisperSpeech itself cannot run such a model"
        )
    return _ready(model, device, dtype)


def load_s2a(ref: str, device: str, dtype: torch.dtype) -> SADelARTransformer:
    """A semantic-to-acoustic model of either kind: a file, or a Hub file such as for T2S. Raises SpeechModelError."""
    path = find_file(ref)
    checkpoint = _checkpoint(path)
    state, config = checkpoint["state_dict"], checkpoint["config"]
    conditioned = any(key.startswith("cond_embeddings.") for key in state)
    if config.get("stoks_len", 750) == 1500:
        raise SpeechModelError(f"{path} takes 50 semantic tokens a second; only models of 25 are known here")
    # Not a tensor, but a part of the state that old files have only in their config.
    state.setdefault("_extra_state", {"speaker_map": config.get("speaker_map", {"1": 0})})
    checkpoint["config"] = config | {"conditioned": conditioned}
    model = _built(SADelARTransformer, S2ATunables, checkpoint, path)
    return _ready(model, device, dtype)


def read_safely(path: Path) -> Any:
    """What a torch file holds, weights only. Raises SpeechModelError."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, OSError, KeyError, IndexError) as error:
        raise SpeechModelError(
            f"{path} is not a torch checkpoint that can be loaded safely: {in_short(error)}"
        ) from error


def in_short(error: Exception) -> str:
    """The first of the many lines in which torch lists what does not fit."""
    lines = [line.strip() for line in str(error).splitlines() if not line.endswith(":")]
    return lines[0] if lines else type(error).__name__


def _checkpoint(path: Path) -> dict[str, Any]:
    found = read_safely(path)
    if not isinstance(found, dict) or not {"config", "tunables", "state_dict"} <= found.keys():
        raise SpeechModelError(f"{path} is not a checkpoint of the form {{config, tunables, state_dict}}")
    return found


def _built(model: Any, tunables: Any, checkpoint: dict[str, Any], path: Path) -> Any:
    """The model of a checkpoint, with the settings that files of its age leave out as they were then."""
    settings = {name: value for name, value in checkpoint["tunables"].items() if name not in OF_TRAINING}
    unknown = sorted(set(settings) - {field.name for field in fields(tunables)})
    if unknown:
        raise SpeechModelError(f"{path} is not for {model.__name__}: it has the setting {unknown[0]!r}")
    try:
        built = model(**checkpoint["config"], tunables=tunables(**settings))
        built.load_state_dict(checkpoint["state_dict"])
    except TypeError as error:
        raise SpeechModelError(f"{path} is not for {model.__name__}: {error}") from None
    except RuntimeError as error:
        raise SpeechModelError(f"{path}: its weights do not fit its config: {in_short(error)}") from None
    return built


def _ready(model: Any, device: str, dtype: torch.dtype) -> Any:
    """The model for inference, what can be merged merged; float32 is what angles are computed in."""
    model.eval().to(device)
    for module in [*model.modules()]:
        if isinstance(module, MultiHeadAttention | FlexEmbeddings):
            module.merge()
        elif isinstance(module, Rotary):
            module.fill()
    model.to(dtype).requires_grad_(False)
    pack(model)
    return model
