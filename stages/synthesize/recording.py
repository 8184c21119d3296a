"""Recordings: what was said, as a file that players and the Hub read, without loss but for 16 bits a sample."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np

from sayso.stages.speech.protocols import Clip


def flac(clips: Sequence[Clip], sample_rate: int) -> bytes:
    """Clips (mono, between -1 and 1; what is beyond is cut off), one after the other, as one FLAC file."""
    # Only who asks for audio needs the libraries.
    import soundfile
    import torch

    samples = np.clip(torch.cat([*clips]).cpu().numpy(), -1, 1) * np.float32(np.iinfo(np.int16).max)
    file = io.BytesIO()
    soundfile.write(file, np.rint(samples).astype(np.int16), sample_rate, format="FLAC", subtype="PCM_16")
    return file.getvalue()
