"""24 kHz → 16 kHz on the device where the audio is."""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.stages.speech.devices.streams import exact_convolutions

UP, DOWN = 2, 3
# Taps on each side at 48 kHz, and Kaiser's beta: 80 dB down within about 0.8 kHz (Kaiser 1974).
REACH, BETA = 144, 8.0
PASS = 0.95


def to_16_khz(audio: Tensor) -> Tensor:
    """Audio (samples,) at 24 kHz as ceil(samples · 2 / 3) samples at 16 kHz, in float32.

    A sinc low-pass at 7.6 kHz in a Kaiser window, in two phases: flat within 0.01 dB to 7.2 kHz, 80 dB down from 8 kHz.
    """
    count = -(-len(audio) * UP // DOWN)
    taps = _taps(audio.device)
    # Sample n of the result lies at DOWN · n of the audio stretched UP times, of which every other sample is zero.
    reach = REACH // UP
    padded = F.pad(audio.float()[None, None], (reach, reach + DOWN))
    # In TF32 what is left above 8 kHz would be louder than the filter lets through.
    with exact_convolutions:
        phases = F.conv1d(padded, taps, stride=DOWN)[0]
    return phases.T.flatten()[:count].contiguous()


@cache
def _taps(device: torch.device) -> Tensor:
    """One filter for each of the two results in three samples, (2, 1, taps): both look at the same piece of audio."""
    kernels = []
    for phase in range(UP):
        # Where the samples of the piece lie, from the result: in steps of the stretched audio.
        places = torch.arange(-REACH, REACH + UP * DOWN, UP, dtype=torch.float64) - phase * DOWN
        cutoff = PASS / DOWN
        kernels.append(UP * cutoff * torch.sinc(cutoff * places) * _kaiser(places))
    return torch.stack(kernels)[:, None].float().to(device)


def _kaiser(places: Tensor) -> Tensor:
    inside = (1 - (places / REACH).square()).clip(min=0).sqrt()
    window = torch.special.i0(BETA * inside) / torch.special.i0(torch.tensor(BETA, dtype=torch.float64))
    return torch.where(places.abs() <= REACH, window, 0.0)
