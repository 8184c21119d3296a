"""Whisper's log-mels of clips, each in the window of 30 s that WhisperVQ was trained on, (mels, 3000).

Each is of its clip alone: Whisper cuts a batch off 8 decades below the loudest clip in it.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from sayso.stages.speech.protocols import Clip
from sayso.stages.speech.whisper.log_mel import (
    HOP_LENGTH,
    N_FFT,
    N_FRAMES,
    N_SAMPLES,
    log_mel_spectrogram,
    mel_filters,
)

# What WhisperSpeech's `encode_mel` fills the window with: silence in Whisper's log-mel of a clip that is all silent.
SILENT_MEL = -1.5
# A frame reaches half of the transform to both sides, and beyond the end of a clip no further than this.
AROUND, BEYOND = N_FFT // 2, N_FFT // 2 - HOP_LENGTH
# Clips that are taken at once, never more nor less: the last bits may hang on how many there are.
TOGETHER = 8


def padded_mel(clip: Clip, mels: int = 80) -> Tensor:
    """Whisper's log-mel of one clip, (mels, 3000), on the clip's device; of a longer one, its first 30 s.

    As WhisperSpeech cuts the mel and not the clip, what is cut off counts where it is the loudest.
    """
    mel = log_mel_spectrogram(clip, mels)[:, :N_FRAMES]
    return F.pad(mel, (0, N_FRAMES - mel.shape[-1]), value=SILENT_MEL)


def padded_mels(clips: Sequence[Clip], mels: int = 80) -> Tensor:
    """Those of clips on one device, (clips, mels, 3000), in some thirty steps for every eight of them.

    On a GPU that is far faster than thirty for each. The last bits may be others than those of `padded_mel`, but do not
    hang on the clips beside it.
    """
    # Longer ones, which are rare, would make the shapes hang on them.
    found = {place: padded_mel(clip, mels) for place, clip in enumerate(clips) if len(clip) > N_SAMPLES}
    others = [place for place in range(len(clips)) if place not in found]
    filled = [clips[place] for place in [*others, *others[:1] * (-len(others) % TOGETHER)]]
    lengths = torch.tensor([len(clip) for clip in filled]).to(clips[0].device)
    for start in range(0, len(filled), TOGETHER):
        group = slice(start, start + TOGETHER)
        found |= zip(others[group], _of_group(filled[group], lengths[group], mels), strict=False)
    return torch.stack([found[place] for place in range(len(clips))])


def _of_group(clips: Sequence[Clip], lengths: Tensor, mels: int) -> Tensor:
    """Those of clips of at most 30 s, whose `lengths` are on their device, too."""
    device = lengths.device
    sound = pad_sequence([*clips], batch_first=True)
    sound = F.pad(sound, (0, N_SAMPLES + AROUND - sound.shape[1]))
    # As Whisper's transform has it, a clip is reflected at both ends, each clip at its own.
    sound = torch.cat([sound[:, 1 : AROUND + 1].flip(1), sound], 1)
    ends, beyond = (AROUND + lengths)[:, None], torch.arange(BEYOND, device=device)
    sound = sound.scatter(1, ends + beyond, sound.gather(1, ends - 2 - beyond))
    window = torch.hann_window(N_FFT, device=device)
    waves = torch.stft(sound, N_FFT, HOP_LENGTH, window=window, center=False, return_complex=True)
    mel = mel_filters(device, mels) @ waves[..., :-1].abs() ** 2
    logs = mel.clamp(min=1e-10).log10()
    heard = (torch.arange(N_FRAMES, device=device) < (lengths // HOP_LENGTH)[:, None])[:, None]
    loudest = torch.where(heard, logs, -torch.inf).amax((1, 2), keepdim=True)
    return torch.where(heard, (torch.maximum(logs, loudest - 8.0) + 4.0) / 4.0, SILENT_MEL)
