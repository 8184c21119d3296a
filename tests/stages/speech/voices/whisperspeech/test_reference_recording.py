"""Recordings that a speaker can be made of, and those that are refused."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import torch

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.whisperspeech.reference_recording import read_recording


@pytest.fixture
def spoken(clips: list[torch.Tensor]) -> np.ndarray:
    """About three seconds, at 16 kHz, as loud as it should be."""
    clip = clips[3].numpy()
    return clip / np.abs(clip).max() / 2


def read(path: Path, samples: np.ndarray, rate: int = 16_000, subtype: str | None = None) -> np.ndarray:
    soundfile.write(path, samples, rate, subtype)
    return read_recording(path).numpy()


@pytest.mark.parametrize(
    ("name", "rate", "off"), [("a.wav", 44_100, 0.001), ("a.flac", 8_000, 0.1), ("a.mp3", 24_000, 0.1)]
)
def test_any_rate_and_format_becomes_16_khz_mono(
    spoken: np.ndarray, tmp_path: Path, name: str, rate: int, off: float
) -> None:
    other = soxr.resample(spoken, 16_000, rate)
    clip = read(tmp_path / name, np.stack([other * 1.5, other * 0.5], axis=1), rate)
    assert clip.dtype == np.float32
    shorter = min(len(clip), len(spoken))
    assert abs(len(clip) - len(spoken)) < 2_000
    assert np.abs(np.abs(clip).max() - np.abs(spoken[:shorter]).max()) < 2 * off


def test_the_first_30_seconds_are_taken(spoken: np.ndarray, tmp_path: Path) -> None:
    long = np.tile(spoken, 1 + 40 * 16_000 // len(spoken))
    np.testing.assert_allclose(read(tmp_path / "long.wav", long), long[: 30 * 16_000], atol=1e-4)


def test_what_is_not_there_or_no_audio(tmp_path: Path) -> None:
    with pytest.raises(SpeechModelError, match=r"there is no recording .*anna\.wav"):
        read_recording(tmp_path / "anna.wav")
    (tmp_path / "anna.wav").write_text("hello")
    with pytest.raises(SpeechModelError, match=r"anna\.wav cannot be read: .*WAV, FLAC, OGG and MP3 can"):
        read_recording(tmp_path / "anna.wav")


def test_what_nobody_could_be_known_by_is_refused_with_what_to_do(spoken: np.ndarray, tmp_path: Path) -> None:
    def refused(samples: np.ndarray, match: str, subtype: str | None = None) -> None:
        with pytest.raises(SpeechModelError, match=match):
            read(tmp_path / "anna.wav", samples.astype(np.float32), subtype=subtype)

    pause = np.zeros(16_000 * 5, np.float32)
    refused(pause[:0], r"anna\.wav is silent in its first 30 s; cut it so that it begins with speech")
    refused(np.tile(pause, 7), "is silent")
    refused(np.concatenate([np.tile(pause, 6), spoken]), "is silent")
    refused(pause + 0.2, "is silent")
    refused(np.stack([spoken, -spoken], axis=1), "is silent")
    refused(
        np.concatenate([pause, spoken[8_000:16_000], pause]),
        r"holds 0\.[45] s of sound, too little .*: 1 s is the least",
    )
    refused(
        (spoken * 100).clip(-0.8, 0.8), r"is cut off: \d\d% of its samples are as loud as the loudest; record it with"
    )
    refused(np.append(spoken, np.nan), "one of its samples is not a finite number", subtype="FLOAT")


def test_a_little_too_loud_is_not_refused(spoken: np.ndarray, tmp_path: Path) -> None:
    assert len(read(tmp_path / "loud.wav", (spoken * 4).clip(-1, 1))) == len(spoken)
