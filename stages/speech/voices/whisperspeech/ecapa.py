"""ECAPA-TDNN (Desplanques et al. 2020), which makes a speaker of a recording, with the names that checkpoints have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch
from torch import Tensor, nn

from sayso.stages.speech.protocols import SAMPLE_RATE

# Samples of a transform, and between one and the next: 25 and 10 ms.
WINDOW, HOP = 400, 160
# Decibels below the loudest that features reach down to.
RANGE_DB = 80.0


def log_mels(clip: Tensor, mels: int) -> Tensor:
    """Features (frames, mels) of a clip at 16 kHz, in decibels around their mean over the frames."""
    waves = torch.stft(clip, WINDOW, HOP, window=torch.hamming_window(WINDOW), pad_mode="constant", return_complex=True)
    decibels = 10 * torch.log10((torch.view_as_real(waves).pow(2).sum(-1).T @ _triangles(mels)).clamp(min=1e-10))
    decibels = torch.maximum(decibels, decibels.max() - RANGE_DB)
    return decibels - decibels.mean(0)


@cache
def _triangles(mels: int) -> Tensor:
    """The weight of each frequency in each band, (201, mels): triangles as wide to both sides as the lower one is."""
    highest = 2595 * torch.log10(torch.tensor(1 + SAMPLE_RATE / 2 / 700, dtype=torch.float64)).item()
    edges = 700 * (10 ** (torch.linspace(0, highest, mels + 2) / 2595) - 1)
    frequencies = torch.linspace(0, SAMPLE_RATE // 2, WINDOW // 2 + 1)
    slope = (frequencies[:, None] - edges[1:-1]) / edges.diff()[:-1]
    return torch.minimum(slope + 1, 1 - slope).clamp(min=0)


class Conv(nn.Module):
    """A convolution that keeps the number of frames."""

    def __init__(self, before: int, after: int, size: int = 1, dilation: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv1d(before, after, size, dilation=dilation, padding="same", padding_mode="reflect")

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class Norm(nn.Module):
    """A batch norm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x)


class TDNN(nn.Module):
    """A convolution, a rectifier and a norm."""

    def __init__(self, before: int, after: int, size: int = 1, dilation: int = 1) -> None:
        super().__init__()
        self.conv, self.norm = Conv(before, after, size, dilation), Norm(after)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x).relu())


class Res2Net(nn.Module):
    """Parts of the channels one after the other, each with what came of the one before it."""

    def __init__(self, width: int, parts: int, size: int, dilation: int) -> None:
        super().__init__()
        self._parts = parts
        self.blocks = nn.ModuleList([TDNN(width // parts, width // parts, size, dilation) for _ in range(parts - 1)])

    def forward(self, x: Tensor) -> Tensor:
        first, *others = x.chunk(self._parts, 1)
        made = [first]
        for block, part in zip(self.blocks, others, strict=True):
            made.append(block(part if len(made) == 1 else part + made[-1]))
        return torch.cat(made, 1)


class SqueezeExcitation(nn.Module):
    """Channels weighted by what their means over all frames say."""

    def __init__(self, width: int, squeezed: int) -> None:
        super().__init__()
        self.conv1, self.conv2 = Conv(width, squeezed), Conv(squeezed, width)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.conv2(self.conv1(x.mean(2, keepdim=True)).relu()).sigmoid()


class SERes2Net(nn.Module):
    """A block of the three above, around which its input goes."""

    def __init__(self, before: int, width: int, parts: int, squeezed: int, size: int, dilation: int) -> None:
        super().__init__()
        self.tdnn1 = TDNN(before, width)
        self.res2net_block = Res2Net(width, parts, size, dilation)
        self.tdnn2 = TDNN(width, width)
        self.se_block = SqueezeExcitation(width, squeezed)
        self.shortcut = Conv(before, width) if before != width else None

    def forward(self, x: Tensor) -> Tensor:
        around = x if self.shortcut is None else self.shortcut(x)
        return around + self.se_block(self.tdnn2(self.res2net_block(self.tdnn1(x))))


class AttentiveStatistics(nn.Module):
    """Means and deviations over the frames that each channel attends to."""

    def __init__(self, width: int, attention: int) -> None:
        super().__init__()
        self.tdnn, self.conv = TDNN(3 * width, attention), Conv(attention, width)

    def forward(self, x: Tensor) -> Tensor:
        alike = torch.full_like(x[:, :1], 1 / x.shape[2])
        context = [one.expand_as(x) for one in _statistics(x, alike)]
        return torch.cat(_statistics(x, self.conv(self.tdnn(torch.cat([x, *context], 1)).tanh()).softmax(2)), 1)


def _statistics(x: Tensor, weights: Tensor) -> list[Tensor]:
    """Mean and deviation of x (rows, width, frames), by the weights of the frames, each (rows, width, 1)."""
    mean = (weights * x).sum(2, keepdim=True)
    return [mean, (weights * (x - mean).pow(2)).sum(2, keepdim=True).clamp(1e-12).sqrt()]


class ECAPA_TDNN(nn.Module):
    """The model, of the sizes that a checkpoint's tensors have. Raises ValueError where they do not go together."""

    def __init__(
        self,
        input_size: int,
        lin_neurons: int,
        channels: Sequence[int],
        kernel_sizes: Sequence[int],
        dilations: Sequence[int],
        attention_channels: int,
        res2net_scale: int,
        se_channels: int,
    ) -> None:
        super().__init__()
        inner = range(1, len(channels) - 1)
        if any(width % res2net_scale for width in channels):
            raise ValueError(f"its channels {channels} have not {res2net_scale} parts")
        self.blocks = nn.ModuleList([TDNN(input_size, channels[0], kernel_sizes[0], dilations[0])])
        for n in inner:
            self.blocks.append(
                SERes2Net(channels[n - 1], channels[n], res2net_scale, se_channels, kernel_sizes[n], dilations[n])
            )
        self.mfa = TDNN(channels[-2] * len(inner), channels[-1], kernel_sizes[-1], dilations[-1])
        self.asp = AttentiveStatistics(channels[-1], attention_channels)
        self.asp_bn = Norm(2 * channels[-1])
        self.fc = Conv(2 * channels[-1], lin_neurons)

    def forward(self, features: Tensor) -> Tensor:
        """Speakers (rows, neurons) of features (rows, frames, mels)."""
        x = self.blocks[0](features.transpose(1, 2))
        made = []
        for block in self.blocks[1:]:
            x = block(x)
            made.append(x)
        return self.fc(self.asp_bn(self.asp(self.mfa(torch.cat(made, 1)))))[:, :, 0]
