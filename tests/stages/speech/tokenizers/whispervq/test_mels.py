"""Whisper's log-mels, one by one and many at once."""

import pytest
import torch

from sayso.stages.speech.tokenizers.whispervq.mels import SILENT_MEL, padded_mel, padded_mels
from sayso.stages.speech.whisper.log_mel import log_mel_spectrogram
from tests.stages.speech import accelerator
from tests.stages.speech.tokenizers.whispervq.quantizers import sounds


def test_a_quiet_clip_is_heard_as_if_it_were_alone(clips: list[torch.Tensor]) -> None:
    loud, quiet = clips[0], clips[1]
    length = min(len(loud), len(quiet))
    together = log_mel_spectrogram(torch.stack([loud[:length], quiet[:length]]))
    assert not torch.equal(together[1], padded_mel(quiet[:length])[:, : together.shape[-1]])


def test_the_mel_of_a_clip_is_computed_where_the_clip_is(clips: list[torch.Tensor]) -> None:
    mel = padded_mel(clips[0].to("meta"), mels=128)
    assert (mel.device.type, mel.shape) == ("meta", (128, 3000))


def test_many_at_once_are_those_of_each_clip_alone() -> None:
    clips = [*sounds(6), *(sounds(1)[0].repeat(20)[:length] for length in (1600, 1601, 1759, 480_000, 490_000))]
    for mels in (80, 128):
        for found, clip in zip(padded_mels(clips, mels), clips, strict=True):
            torch.testing.assert_close(found, padded_mel(clip, mels), rtol=0, atol=2e-5)
            assert (found[:, len(clip) // 160 :] == SILENT_MEL).all()


def test_of_a_longer_clip_all_is_heard_and_the_first_30_s_are_kept() -> None:
    # What comes after them is far louder, and Whisper cuts off what is 8 decades below the loudest.
    clip = torch.cat([1e-3 * sounds(1)[0].repeat(20)[:480_000], sounds(1)[0][:16_000]])
    expected = log_mel_spectrogram(clip)[:, :3000]
    assert torch.equal(padded_mel(clip), expected)
    assert torch.equal(padded_mels([sounds(1)[0], clip])[1], expected)
    assert not torch.equal(padded_mel(clip[:480_000]), expected)


def test_as_many_are_always_taken_at_once_so_that_no_bit_hangs_on_how_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    transform, shapes = torch.stft, set()

    def seen(sound: torch.Tensor, *rest: object, **more: object) -> torch.Tensor:
        shapes.add(tuple(sound.shape))
        return transform(sound, *rest, **more)

    monkeypatch.setattr(torch, "stft", seen)
    clips = sounds(9)
    alone, together = padded_mels(clips[4:5]), padded_mels(clips)
    assert torch.equal(together[4], alone[0])
    assert shapes == {(8, 480_400)}


def test_those_of_many_clips_are_asked_of_the_device_without_waiting() -> None:
    accelerator.register()
    clips = [clip.to(accelerator.NAME) for clip in sounds(3)]
    padded_mels(clips)
    accelerator.ASKED.clear()
    assert padded_mels(clips).device.type == accelerator.NAME
    assert not accelerator.ASKED
