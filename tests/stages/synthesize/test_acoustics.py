"""What is silent at the ends of clips, told of many at once."""

import pytest
import torch

from sayso.stages.synthesize.acoustics import silent_ends
from tests.stages.speech import accelerator


def clip(before: float, speech: float, behind: float) -> torch.Tensor:
    """Seconds of nearly nothing, of noise, and of nearly nothing."""
    random = torch.Generator().manual_seed(0)
    parts = [(before, 1e-4), (speech, 0.1), (behind, 1e-4)]
    return torch.cat([loudness * torch.randn(round(16_000 * seconds), generator=random) for seconds, loudness in parts])


CLIPS = {
    (0.2, 0.3): clip(0.2, 1.0, 0.3),
    (0.0, 0.0): clip(0.0, 0.5, 0.0),
    (0.04, 0.0): clip(0.04, 0.111, 0.0),
    (0.5, 0.5): torch.zeros(8000),
    (0.25, 0.25): torch.full((4000,), torch.nan),
}


def test_silence_is_measured_in_frames_and_a_clip_without_speech_is_silent_from_both_ends() -> None:
    for ends, found in zip(CLIPS, silent_ends([*CLIPS.values()]), strict=True):
        assert found == pytest.approx(ends)
    assert silent_ends([torch.zeros(0)]) == [(0.0, 0.0)]
    assert silent_ends([]) == []


def test_a_device_is_waited_for_once_for_all_clips() -> None:
    accelerator.register()
    there = [one.to(accelerator.NAME) for one in CLIPS.values()]
    accelerator.ASKED.clear()
    assert silent_ends(there) == silent_ends([*CLIPS.values()])
    assert accelerator.ASKED.total() == 1
