"""Vocos: EnCodec codes → 24 kHz audio, for rows of different lengths at once.

The layers of Vocos (Siuzdak 2023) for EnCodec features, as `vocos` 0.1.0 publishes them, without EnCodec itself: the
code vectors are in the checkpoint. Convolutions look three frames beyond a row's end, where a row alone sees zeros; so
in a batch the padding is set to zero again before each of them, and each row is normalised by its own windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
import yaml
from torch import Tensor, nn

from sayso.stages.speech.devices.batch_runner import is_out_of_memory
from sayso.stages.speech.devices.streams import exact_convolutions
from sayso.stages.speech.protocols import SpeechModelError, SynthesisError
from sayso.stages.speech.voices.whisperspeech.files import find_vocoder
from sayso.stages.speech.voices.whisperspeech.loading import in_short, read_safely

CODES = 1024
# Which of the checkpoint's bandwidths a number of codebooks is, by WhisperSpeech's own table.
BANDWIDTHS = {2: 0, 4: 1, 8: 2}
WIDEST = 7
LOUDEST = 100.0


class AdaptiveNorm(nn.Module):
    """A layer norm whose scale and shift depend on the bandwidth."""

    def __init__(self, bandwidths: int, width: int) -> None:
        super().__init__()
        self.scale, self.shift = nn.Embedding(bandwidths, width), nn.Embedding(bandwidths, width)

    def forward(self, x: Tensor, bandwidth: Tensor) -> Tensor:
        return F.layer_norm(x, x.shape[-1:], eps=1e-6) * self.scale(bandwidth) + self.shift(bandwidth)


class Block(nn.Module):
    """A ConvNeXt block over x (rows, frames, width)."""

    def __init__(self, bandwidths: int, width: int, inner: int) -> None:
        super().__init__()
        self.dwconv = nn.Conv1d(width, width, WIDEST, padding=WIDEST // 2, groups=width)
        self.norm = AdaptiveNorm(bandwidths, width)
        self.pwconv1, self.pwconv2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor, bandwidth: Tensor) -> Tensor:
        y = self.dwconv(x.transpose(1, 2)).transpose(1, 2)
        return x + self.gamma * self.pwconv2(F.gelu(self.pwconv1(self.norm(y, bandwidth))))


class Backbone(nn.Module):
    """Features (rows, frames, features) → (rows, frames, width); zero where `there` (rows, frames, 1) is."""

    def __init__(self, features: int, bandwidths: int, width: int, inner: int, layers: int) -> None:
        super().__init__()
        self.embed = nn.Conv1d(features, width, WIDEST, padding=WIDEST // 2)
        self.norm = AdaptiveNorm(bandwidths, width)
        self.convnext = nn.ModuleList(Block(bandwidths, width, inner) for _ in range(layers))
        self.final_layer_norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, x: Tensor, there: Tensor, bandwidth: Tensor) -> Tensor:
        x = self.embed((x * there).transpose(1, 2)).transpose(1, 2)
        x = self.norm(x, bandwidth) * there
        for block in self.convnext:
            x = block(x, bandwidth) * there
        return self.final_layer_norm(x)


class Head(nn.Module):
    """Magnitudes and phases of each frame, and the inverse Fourier transform of overlapping frames."""

    window: Tensor

    def __init__(self, width: int, size: int, hop: int) -> None:
        super().__init__()
        self.hop = hop
        self.out = nn.Linear(width, size + 2)
        self.register_buffer("window", torch.hann_window(size))

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        magnitude, phase = self.out(x).float().transpose(1, 2).chunk(2, 1)
        spectrum = torch.polar(magnitude.exp().clip(max=LOUDEST), phase)
        window = self.window[:, None]
        frames = torch.fft.irfft(spectrum, len(window), dim=1) * window * there.transpose(1, 2)
        return self._overlap_add(frames) / self._overlap_add(window.square() * there.transpose(1, 2)).clip(min=1e-11)

    def _overlap_add(self, frames: Tensor) -> Tensor:
        """Frames (rows, size, frames) added up, (rows, frames · hop): what sticks out on both sides is cut off."""
        size, count = frames.shape[1:]
        length, edge = (count - 1) * self.hop + size, (size - self.hop) // 2
        added = F.fold(frames, (1, length), kernel_size=(1, size), stride=(1, self.hop))
        return added[:, 0, 0, edge : edge + count * self.hop]


class Vocos(nn.Module):
    """The vocoder of one checkpoint. `max_batch_size` rows at a time; one, for the same bits in any batch."""

    codebooks: Tensor

    def __init__(self, config: dict[str, Any], codebook_rows: int, max_batch_size: int) -> None:
        super().__init__()
        backbone, head = config["backbone"]["init_args"], config["head"]["init_args"]
        features, width = backbone["input_channels"], backbone["dim"]
        self.max_batch_size, self.hop = max_batch_size, head["hop_length"]
        self.backbone = Backbone(
            features,
            backbone["adanorm_num_embeddings"],
            width,
            backbone["intermediate_dim"],
            backbone["num_layers"],
        )
        self.head = Head(width, head["n_fft"], head["hop_length"])
        self.register_buffer("codebooks", torch.zeros(codebook_rows, features))

    @classmethod
    def load(cls, ref: str, device: str, max_batch_size: int) -> Vocos:
        """A folder with config.yaml and pytorch_model.bin, or a Hub repository such as charactr/vocos-encodec-24khz.

        In float32. Raises SpeechModelError where a file cannot be found or read, or is another kind of vocoder.
        """
        config_file, weights_file = find_vocoder(ref)
        try:
            config = yaml.safe_load(config_file.read_text(encoding="utf-8"))
            kinds = {part: config[part]["class_path"].rsplit(".", 1)[-1] for part in config}
            state = _rename_keys(read_safely(weights_file))
            wanted = {"feature_extractor": "EncodecFeatures", "backbone": "VocosBackbone", "head": "ISTFTHead"}
            if kinds != wanted or config["head"]["init_args"].get("padding", "same") != "same":
                raise SpeechModelError(f"{config_file} is not Vocos for EnCodec's codes: {kinds}")
            model = cls(config, len(state["codebooks"]), max_batch_size)
            model.load_state_dict(state)
        except (KeyError, TypeError, AttributeError, ValueError, RuntimeError, yaml.YAMLError) as error:
            raise SpeechModelError(f"{config_file.parent} holds no vocoder: {in_short(error)}") from error
        return model.to(device).eval().requires_grad_(False)

    @property
    def takes(self) -> list[int]:
        """The numbers of codebooks that it makes sound of."""
        return [count for count in BANDWIDTHS if count * CODES <= len(self.codebooks)]

    @torch.inference_mode()
    def decode(self, rows: Sequence[Tensor]) -> list[Tensor | Exception]:
        """24 kHz audio (samples,) of each row of codes (codebooks, frames), or the error that it met."""
        highest = torch.stack([codes.max() for codes in rows]).tolist() if rows else []
        audio: list[Tensor | Exception] = [
            SynthesisError(f"acoustic code {code}, which stands for no sound") for code in highest
        ]
        sound = [place for place, code in enumerate(highest) if code < CODES]
        sound.sort(key=lambda place: rows[place].shape[1])
        for start in range(0, len(sound), self.max_batch_size):
            group = sound[start : start + self.max_batch_size]
            for place, samples in zip(group, self._split([rows[place] for place in group]), strict=True):
                audio[place] = samples
        return audio

    def _split(self, rows: Sequence[Tensor]) -> list[Tensor | Exception]:
        """The audio of a group, in halves where it does not fit into memory."""
        try:
            audio = self._together(rows)
            finite = torch.stack([samples.isfinite().all() for samples in audio]).tolist()
            return [
                samples if good else SynthesisError("codes to audio: not a number")
                for samples, good in zip(audio, finite, strict=True)
            ]
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            if len(rows) == 1:
                return [error]
        middle = len(rows) // 2
        return [*self._split(rows[:middle]), *self._split(rows[middle:])]

    def _together(self, rows: Sequence[Tensor]) -> list[Tensor]:
        frames = [codes.shape[1] for codes in rows]
        lengths, longest = torch.tensor(frames, device=self.codebooks.device), max(frames)
        codes = torch.stack([F.pad(codes, (0, longest - codes.shape[1])) for codes in rows])
        offsets = torch.arange(codes.shape[1], device=codes.device)[:, None] * CODES
        features = self.codebooks[codes + offsets].sum(1)
        there = (torch.arange(longest, device=codes.device) < lengths[:, None])[..., None].to(features.dtype)
        bandwidth = torch.tensor(BANDWIDTHS[codes.shape[1]], device=codes.device)
        with exact_convolutions:
            audio = self.head(self.backbone(features, there, bandwidth), there)
        return [samples[: count * self.hop] for samples, count in zip(audio, frames, strict=True)]


def _rename_keys(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The part of a checkpoint's state that turns codes into audio; EnCodec's own layers stay behind."""
    renamed = {"feature_extractor.codebook_weights": "codebooks", "head.istft.window": "head.window"}
    kept = {key: value for key, value in state.items() if key in renamed or not key.startswith("feature_extractor.")}
    return {renamed.get(key, key): value.float() for key, value in kept.items()}
