"""Whisper's log-mel spectrogram of a clip at 16 kHz."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sayso.stages.speech.protocols import SAMPLE_RATE

# Samples of a transform, and between one and the next: 25 and 10 ms.
N_FFT, HOP_LENGTH = 400, 160
# Samples and frames of the 30 s that Whisper hears at once.
N_SAMPLES = 30 * SAMPLE_RATE
N_FRAMES = N_SAMPLES // HOP_LENGTH
# Slaney's mel scale (Auditory Toolbox, 1998): linear up to 1,000 Hz, 15 mels, then 27 mels for a factor of 6.4.
LINEAR_HZ_A_MEL, KNEE_HZ, KNEE_MEL = 200 / 3, 1000.0, 15.0
LOG_STEP = np.log(6.4) / 27


def log_mel_spectrogram(clip: Tensor, mels: int = 80) -> Tensor:
    """(…, mels, samples // 160) of clips (…, samples), where they are.

    What is 8 decades below the loudest of all is cut off.
    """
    window = torch.hann_window(N_FFT).to(clip.device)
    waves = torch.stft(clip, N_FFT, HOP_LENGTH, window=window, return_complex=True)
    mel = mel_filters(clip.device, mels) @ waves[..., :-1].abs() ** 2
    logs = mel.clamp(min=1e-10).log10()
    return (torch.maximum(logs, logs.max() - 8.0) + 4.0) / 4.0


@cache
def mel_filters(device: torch.device, mels: int) -> Tensor:
    """The weights of each frequency in each mel band, (mels, 201): triangles of equal area, up to 8 kHz."""
    frequencies = np.arange(N_FFT // 2 + 1) * SAMPLE_RATE / N_FFT
    edges = _hertz(np.linspace(0.0, _mel(SAMPLE_RATE / 2), mels + 2))
    slopes = edges[:, None] - frequencies[None, :]
    widths = np.diff(edges)
    rising, falling = -slopes[:-2] / widths[:-1, None], slopes[2:] / widths[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    triangles *= (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return torch.from_numpy(triangles).to(device)


def _mel(hertz: float) -> float:
    """The mel of a frequency above the knee."""
    return KNEE_MEL + float(np.log(hertz / KNEE_HZ)) / LOG_STEP


def _hertz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mels < KNEE_MEL, LINEAR_HZ_A_MEL * mels, KNEE_HZ * np.exp(LOG_STEP * (mels - KNEE_MEL)))
