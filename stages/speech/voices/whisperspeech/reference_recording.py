"""The recording of a person that a speaker is made of: read, and refused where nobody could be known by it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
import torch

from sayso.stages.speech.protocols import SAMPLE_RATE, Clip, SpeechModelError

# What WhisperSpeech's own pipeline takes of a recording.
LONGEST = 30.0
SHORTEST = 1.0
# Full scale is 1: this is 60 dB below it, where 16 bits hold little more than their own noise.
SILENCE = 1e-3
# Speech comes near to its peak in less than a thousandth of its samples, in a hundredth where it is a little cut off.
MOST_AT_PEAK = 0.05
FRAME = SAMPLE_RATE // 50


def read_recording(path: Path) -> Clip:
    """The first 30 s of a recording of any rate and any channels that libsndfile reads, their mean, at 16 kHz.

    Raises SpeechModelError where it cannot be read, or is not finite, silent, cut off, or has less than 1 s of sound.
    """
    if not path.is_file():
        raise SpeechModelError(f"there is no recording {path}")
    try:
        with soundfile.SoundFile(path) as file:
            rate = file.samplerate
            samples = file.read(int(LONGEST * rate), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        reason = error.error_string.rstrip(".")
        raise SpeechModelError(f"{path} cannot be read: {reason}; WAV, FLAC, OGG and MP3 can") from None
    if not np.isfinite(samples).all():
        raise SpeechModelError(f"{path} cannot be used: one of its samples is not a finite number")
    mono = samples.mean(axis=1)
    _check_level(path, samples, mono)
    clip = soxr.resample(mono, rate, SAMPLE_RATE).astype(np.float32, copy=False)
    heard = _seconds_of_sound(clip)
    if heard < SHORTEST:
        raise SpeechModelError(
            f"{path} holds {heard:.1f} s of sound, too little to know a voice by: {SHORTEST:.0f} s is the least, "
            f"10 to {LONGEST:.0f} s are good"
        )
    return torch.from_numpy(clip)


def _check_level(path: Path, samples: npt.NDArray[np.float32], mono: npt.NDArray[np.float32]) -> None:
    if not len(mono) or np.abs(mono - mono.mean()).max() < SILENCE:
        raise SpeechModelError(f"{path} is silent in its first {LONGEST:.0f} s; cut it so that it begins with speech")
    loudness = np.abs(samples)
    at_peak = float((loudness >= 0.999 * loudness.max()).mean())
    if at_peak > MOST_AT_PEAK:
        raise SpeechModelError(
            f"{path} is cut off: {at_peak:.0%} of its samples are as loud as the loudest; record it with less gain"
        )


def _seconds_of_sound(clip: npt.NDArray[np.float32]) -> float:
    """How long it is not silent: in frames of 20 ms that are less than 40 dB below the loudest."""
    frames = clip[: len(clip) // FRAME * FRAME].reshape(-1, FRAME)
    if not len(frames):
        return 0.0
    level = np.sqrt(np.square(frames - frames.mean(axis=1, keepdims=True)).mean(axis=1))
    return float((level > level.max() / 100).sum()) * FRAME / SAMPLE_RATE
