"""ECAPA-TDNN, the encoder that WhisperSpeech's speakers are made with: a recording to the 192 numbers of its speaker.

SpeechBrain itself is not used: it needs a torchaudio, and its loader runs what the repository's YAML names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from sayso.stages.speech.protocols import Clip, SpeechModelError
from sayso.stages.speech.voices.whisperspeech.ecapa import ECAPA_TDNN, log_mels
from sayso.stages.speech.voices.whisperspeech.loading import in_short, read_safely
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SPEAKER_WIDTH
from sayso.stages.speech.weights.finding import find_file

MELS = 80
# Of the released model; all other sizes are those of the checkpoint's tensors, which do not show these.
DILATIONS = [1, 2, 3, 4, 1]


class SpeakerEncoder:
    """What makes a speaker of a recording, as SpeechBrain's `EncoderClassifier.encode_batch` does."""

    def __init__(self, model: ECAPA_TDNN, path: Path) -> None:
        self._model, self._path = model.eval().requires_grad_(False), path

    @classmethod
    def load(cls, ref: str) -> SpeakerEncoder:
        """The encoder of a checkpoint: a file, or a Hub file. Raises SpeechModelError."""
        path = find_file(ref)
        state = read_safely(path)
        try:
            model = ECAPA_TDNN(**_sizes(state))
            model.load_state_dict(state)
        except (ValueError, RuntimeError, AssertionError) as error:
            raise SpeechModelError(f"{path} is no speaker encoder of the released form: {in_short(error)}") from None
        return cls(model, path)

    @torch.inference_mode()
    def embed(self, clip: Clip) -> npt.NDArray[np.float32]:
        """The speaker of a clip, mono at 16 kHz: (192,). Raises SpeechModelError where it comes out as no numbers."""
        embedding = self._model(log_mels(clip, MELS)[None])[0].numpy().astype(np.float32)
        if not np.isfinite(embedding).all() or not embedding.any():
            raise SpeechModelError(f"{self._path} makes of this recording a speaker that is zero or not finite")
        return embedding


def _sizes(state: Any) -> dict[str, Any]:
    """The arguments of the model whose tensors these are. Raises ValueError where it is none of the released form."""
    if not isinstance(state, dict):
        raise ValueError("it holds no tensors by name")
    blocks = [f"blocks.{n}" for n in range(1, len(DILATIONS) - 1)]
    first, last = _shape(state, "blocks.0.conv.conv.weight"), _shape(state, "mfa.conv.conv.weight")
    inner = [_shape(state, f"{block}.res2net_block.blocks.0.conv.conv.weight") for block in blocks]
    parts = {key.split(".")[4] for key in state if str(key).startswith("blocks.1.res2net_block.blocks.")}
    sizes = {
        "input_size": first[1],
        "lin_neurons": _shape(state, "fc.conv.weight")[0],
        "channels": [first[0], *(_shape(state, f"{block}.tdnn1.conv.conv.weight")[0] for block in blocks), last[0]],
        "kernel_sizes": [first[2], *(shape[2] for shape in inner), last[2]],
        "dilations": DILATIONS,
        "attention_channels": _shape(state, "asp.tdnn.conv.conv.weight")[0],
        "res2net_scale": len(parts) + 1,
        "se_channels": _shape(state, "blocks.1.se_block.conv1.conv.weight")[0],
    }
    if (sizes["input_size"], sizes["lin_neurons"]) != (MELS, SPEAKER_WIDTH):
        raise ValueError(
            f"it makes {sizes['lin_neurons']} numbers of {sizes['input_size']} mel bands, not {SPEAKER_WIDTH} of {MELS}"
        )
    return sizes


def _shape(state: dict[str, Any], key: str) -> tuple[int, ...]:
    tensor = state.get(key)
    if not isinstance(tensor, torch.Tensor) or tensor.ndim != 3:
        raise ValueError(f"it has no weights {key}")
    return tuple(tensor.shape)
