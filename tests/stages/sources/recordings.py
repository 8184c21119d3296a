"""Recordings for tests: a tone for each, of any length, in the formats that people keep speech in."""

import io

import numpy as np
import soundfile

SUBTYPES = {".flac": ("FLAC", "PCM_16"), ".wav": ("WAV", "PCM_16"), ".opus": ("OGG", "OPUS"), ".mp3": ("MP3", None)}


def tone(seconds=0.5, rate=16_000, channels=1, hertz=220):
    """Samples (samples, channels) of a tone, in float32."""
    wave = 0.2 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave.astype(np.float32)[:, None], channels, axis=1)


def encoded(samples, rate=16_000, suffix=".flac"):
    """Samples as the bytes of a file."""
    file, (kind, subtype) = io.BytesIO(), SUBTYPES[suffix]
    soundfile.write(file, samples, rate, format=kind, subtype=subtype)
    return file.getvalue()


def write(path, samples=None, rate=16_000):
    """A recording in a file, of the format that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(tone(rate=rate) if samples is None else samples, rate, path.suffix))
