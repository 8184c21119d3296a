"""Acoustics: gain, noise and rooms, computed on waves of 16 kHz mono samples in float64."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from sayso.stages.speech.protocols import SAMPLE_RATE, Clip

if TYPE_CHECKING:
    from torch import Tensor

Wave = npt.NDArray[np.float64]
Color = Literal["white", "pink"]

# Speech is where a frame of 20 ms is within 40 dB of the loudest one; the rest is pauses.
FRAME, QUIETEST = SAMPLE_RATE // 50, 1e-4
# Less power than the rounding of 16 bits has holds no speech, however loud the rest is.
FAINTEST = 1e-10
# The walls are some metres away: the first echo comes after the direct sound.
FIRST_ECHO = SAMPLE_RATE // 200


def amplify(wave: Wave, gain_db: float) -> Wave:
    """Louder by so many dB, or quieter."""
    return wave * 10 ** (gain_db / 20)


def with_noise(wave: Wave, snr_db: float, color: Color, random: np.random.Generator) -> Wave:
    """With noise under it that is so many dB below the speech; unchanged where there is no speech."""
    noise = random.standard_normal(len(wave))
    if color == "pink":
        hertz = np.fft.rfftfreq(len(noise), 1 / SAMPLE_RATE)
        noise = np.fft.irfft(np.fft.rfft(noise) * (hertz > 0) / np.sqrt(np.maximum(hertz, 20)), len(noise))
    return wave + noise * np.sqrt(speech_power(wave) / 10 ** (snr_db / 10) / np.mean(noise**2))


def room_response(rt60: float, direct_db: float, random: np.random.Generator) -> Wave:
    """What a room makes of a click at 0: the click, and from 5 ms on noise that is 60 dB down after `rt60` seconds."""
    count = max(FIRST_ECHO + 1, round(rt60 * SAMPLE_RATE))
    response = random.standard_normal(count) * 10 ** (-3 * np.arange(count) / (rt60 * SAMPLE_RATE))
    response[:FIRST_ECHO] = 0
    response *= np.sqrt(10 ** (-direct_db / 10) / np.sum(response**2))
    response[0] = 1
    return response


def in_room(wave: Wave, response: Wave) -> Wave:
    """As heard in a room of this response, as long and with as much power as before."""
    # A power of two, for other lengths may take many times longer.
    size = 1 << (len(wave) + len(response) - 2).bit_length()
    heard = np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(response, size), size)[: len(wave)]
    return heard * np.sqrt(np.mean(wave**2) / np.mean(heard**2))


def speech_power(wave: Wave) -> float:
    """The mean square of the frames that hold speech, 0 of silence."""
    starts = np.arange(0, len(wave), FRAME)
    powers = np.add.reduceat(wave**2, starts) / np.diff(starts, append=len(wave))
    return float(powers[powers >= powers.max() * QUIETEST].mean())


def silent_ends(clips: Sequence[Clip]) -> list[tuple[float, float]]:
    """Of each clip the seconds before the first frame that holds speech, and behind the last; all of it twice without.

    The clips stay on their device, which is waited for once.
    """
    if not clips:
        return []
    # Only who speaks needs the library.
    import torch

    found = torch.stack([_frames_of_speech(clip) for clip in clips]).tolist()
    return [_silent(len(clip) / SAMPLE_RATE, *frames) for clip, frames in zip(clips, found, strict=True)]


def _frames_of_speech(clip: Clip) -> Tensor:
    """The frames before any speech, and those up to its end, (2,) int64; the second is 0 where there is none."""
    import torch

    count = -(-max(len(clip), 1) // FRAME)
    whole = clip.new_zeros(count * FRAME)
    whole[: len(clip)] = clip
    powers = whole.view(-1, FRAME).square().mean(1)
    speech = (powers >= (powers.max() * QUIETEST).clamp(min=FAINTEST)).long()
    # Where several are the largest it is the first of them.
    return torch.stack([speech.argmax(), (count - speech.flip(0).argmax()) * speech.amax()])


def _silent(seconds: float, before: int, until: int) -> tuple[float, float]:
    if not until:
        return seconds, seconds
    return before * FRAME / SAMPLE_RATE, max(0.0, seconds - until * FRAME / SAMPLE_RATE)
