"""Recordings: what was said, as a file that players and the Hub read, without loss but for 16 bits a sample."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sayso.stages.speech.protocols import Clip


def flac(clips: Sequence[Clip], sample_rate: int) -> bytes:
    """Clips (mono, between -1 and 1; what is beyond is cut off), one after the other, as one FLAC file."""
    # Only who asks for audio needs the library.
    import torch

    samples = np.clip(torch.cat([*clips]).cpu().numpy(), -1, 1) * np.float32(np.iinfo(np.int16).max)
    return _file(np.rint(samples).astype(np.int16), sample_rate)


def join_flac(files: Sequence[bytes]) -> bytes:
    """What was said in FLAC files of one sample rate, at least one, one after the other as one file.

    It has the bytes that `flac` makes of all their clips.
    """
    import soundfile

    if len(files) == 1:
        return files[0]
    parts = [soundfile.read(io.BytesIO(file), dtype="int16") for file in files]
    return _file(np.concatenate([samples for samples, _ in parts]), parts[0][1])


def _file(samples: npt.NDArray[np.int16], sample_rate: int) -> bytes:
    import soundfile

    file = io.BytesIO()
    soundfile.write(file, samples, sample_rate, format="FLAC", subtype="PCM_16")
    return file.getvalue()
