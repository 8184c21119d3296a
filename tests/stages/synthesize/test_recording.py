"""A recording holds what was said, one clip after the other."""

import io

import numpy as np
import soundfile
import torch

from sayso.stages.synthesize.recording import flac


def test_clips_come_back_one_after_the_other_to_16_bits():
    one, other = (torch.sin(torch.arange(800) * pitch) for pitch in (0.1, 0.3))
    samples, rate = soundfile.read(io.BytesIO(flac([one, other], 16_000)), dtype="float32")
    assert rate == 16_000
    assert np.abs(samples - torch.cat([one, other]).numpy()).max() < 1e-4


def test_what_is_louder_than_can_be_is_cut_off_and_does_not_turn_over():
    samples, _ = soundfile.read(io.BytesIO(flac([torch.tensor([-2.0, 2.0])], 16_000)), dtype="float32")
    assert samples.tolist() == [-32767 / 32768, 32767 / 32768]


def test_the_same_clips_are_the_same_bytes():
    clip = torch.linspace(-1, 1, 500)
    assert flac([clip], 16_000) == flac([clip], 16_000)
