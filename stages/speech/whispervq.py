"""WhisperVQ: speech → sound tokens at 25/s, and sound tokens → the text that can still be heard in them.

In float32 on a CPU a row's tokens and text are the same bits whatever the batch beside it. What was found with
torch 2.13 (MKL, AVX2, one thread): the decoder's results for a row change with the number of rows in the batch (by up
to 5e-5 in a logit between one row and four), but not with the row's place in it nor with its neighbours. So the
decoder always gets `ROWS_TOGETHER` rows, a short group being filled up: one step reads its weights once for all of
them. The encoder gets one row at a time: its work is the same for each row and a batch makes it no faster. The bits
are those of one kind of machine and one number of torch threads; workers run torch with one thread each.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
import whisper
from torch import Tensor, nn
from whisper.audio import HOP_LENGTH, N_FRAMES, N_SAMPLES
from whisper.decoding import DecodingResult
from whisper.model import Whisper
from whisper.tokenizer import get_tokenizer

from stages.speech.bottleneck import FRAMES, Bottleneck, from_checkpoint
from stages.speech.protocols import SpeechModelError
from stages.speech.weights.finding import find_tokenizer

ROWS_TOGETHER = 8
SHORTEST_SECONDS = 0.1
# What WhisperSpeech's `encode_mel` fills the window with: silence in Whisper's log-mel of a clip that is all silent.
SILENT_MEL = -1.5


class WhisperVQ(nn.Module):
    """A sound tokenizer (`SpeechTokenizer`) of a WhisperVQ checkpoint and the Whisper that it was trained on."""

    sample_rate = whisper.audio.SAMPLE_RATE

    def __init__(self, bottleneck: Bottleneck, listener: Whisper) -> None:
        super().__init__()
        self.bottleneck, self.whisper = bottleneck, listener
        self.codes = bottleneck.codes
        self.tokens_per_second = FRAMES // bottleneck.downsample // 30
        self.tokenizer = get_tokenizer(
            listener.is_multilingual, num_languages=listener.num_languages, language="en", task="transcribe"
        )

    @classmethod
    def load(cls, ref: str, listener: Whisper, device: str = "cpu") -> Self:
        """Load a checkpoint: a bundled model's name, a file, or a Hub file (`jan-hq/WhisperVQ:NAME.model`).

        Raises SpeechModelError where it cannot be found or read, or is not for this Whisper.
        """
        path = find_tokenizer(ref)
        try:
            bottleneck = from_checkpoint(torch.load(path, map_location="cpu", weights_only=True))
        except ValueError as error:
            raise SpeechModelError(f"{path} cannot be used: {error}") from None
        except Exception as error:  # unpickling what is no checkpoint raises nearly anything
            raise SpeechModelError(f"{path} is not a torch checkpoint that can be loaded safely: {error}") from error
        width, name = listener.dims.n_audio_state, bottleneck.config.get("whisper_model_name", "?")
        if bottleneck.width != width:
            raise SpeechModelError(
                f"{path} is for Whisper {name} (width {bottleneck.width}), the one that was loaded has width {width}"
            )
        return cls(bottleneck, listener).to(device).eval()

    @torch.inference_mode()
    def encode(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.uint16]]:
        """Sound tokens of each clip (16 kHz mono): one for each 640 samples, at most 750.

        A clip under 0.1 s or with a sample that is not finite gets none; its neighbours are untouched.
        """
        return [self._encode_one(clip) if _is_sound(clip) else np.zeros(0, np.uint16) for clip in clips]

    @torch.inference_mode()
    def decode_text(self, tokens: Sequence[npt.NDArray[np.uint16]]) -> list[str]:
        """The text in each row of tokens, by Whisper's greedy decoder; empty for a row without tokens.

        A row ends at its first mask code, and its text at about eight word pieces a second, faster than anyone talks.
        """
        rows = [_until_mask(row, self.codes) for row in tokens]
        texts = [""] * len(rows)
        # Rows of about one length end together, and a group runs until its last row has ended.
        order = sorted((place for place, row in enumerate(rows) if len(row)), key=lambda place: len(rows[place]))
        for start in range(0, len(order), ROWS_TOGETHER):
            group = order[start : start + ROWS_TOGETHER]
            features = torch.cat([self._dequantize(rows[place]) for place in group])
            limits = [_most_pieces(len(rows[place]) / self.tokens_per_second) for place in group]
            for place, text in zip(group, self._read(features, limits), strict=True):
                texts[place] = text
        return texts

    @torch.inference_mode()
    def transcribe(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[str]:
        """What Whisper itself hears in each clip, without tokens between: the bar for `decode_text`."""
        texts = [""] * len(clips)
        order = sorted(
            (place for place, clip in enumerate(clips) if _is_sound(clip)), key=lambda place: len(clips[place])
        )
        for start in range(0, len(order), ROWS_TOGETHER):
            group = order[start : start + ROWS_TOGETHER]
            features = torch.cat([self.whisper.encoder(self._window(clips[place])) for place in group])
            limits = [_most_pieces(len(clips[place]) / self.sample_rate) for place in group]
            for place, text in zip(group, self._read(features, limits), strict=True):
                texts[place] = text
        return texts

    def _window(self, clip: npt.NDArray[np.float32]) -> Tensor:
        """The clip's mel, (1, mels, 3000)."""
        return padded_mel(clip, self.whisper.dims.n_mels).to(self.whisper.device)[None]

    def _encode_one(self, clip: npt.NDArray[np.float32]) -> npt.NDArray[np.uint16]:
        count = min(len(clip), N_SAMPLES) // HOP_LENGTH // (2 * self.bottleneck.downsample)
        frames = count * self.bottleneck.downsample
        codes = self.bottleneck.quantize(first_frames(self.whisper, self._window(clip), frames))
        return codes[0].cpu().numpy().astype(np.uint16)

    def _dequantize(self, row: npt.NDArray[np.uint16]) -> Tensor:
        codes = torch.full((1, FRAMES // self.bottleneck.downsample), self.codes)
        codes[0, : len(row)] = torch.from_numpy(row[: codes.shape[1]].astype(np.int64))
        return self.bottleneck.dequantize(codes.to(self.whisper.device))

    def _read(self, features: Tensor, limits: Sequence[int]) -> list[str]:
        """The texts of at most `ROWS_TOGETHER` rows of features, each cut at its own number of word pieces."""
        # Any rows would do to fill the group; copies of the first end when it ends.
        filling = features[:1].expand(ROWS_TOGETHER - len(features), -1, -1)
        options = whisper.DecodingOptions(
            language="en", temperature=0.0, sample_len=max(limits), without_timestamps=True, fp16=False
        )
        results: list[DecodingResult] = whisper.decode(self.whisper, torch.cat([features, filling]), options)
        pieces = [result.tokens[:limit] for result, limit in zip(results, limits, strict=False)]
        return [self.tokenizer.decode(row).strip() for row in pieces]


def padded_mel(clip: npt.NDArray[np.float32], mels: int = 80) -> Tensor:
    """Whisper's log-mel of one clip, (mels, 3000).

    Of this clip alone: Whisper cuts a batch off 8 decades below the loudest clip in it.
    """
    mel = whisper.log_mel_spectrogram(torch.from_numpy(np.ascontiguousarray(clip[:N_SAMPLES], np.float32)), mels)
    return F.pad(mel, (0, N_FRAMES - mel.shape[-1]), value=SILENT_MEL)


def first_frames(listener: Whisper, mel: Tensor, frames: int) -> Tensor:
    """The first `frames` of the encoder's output (batch, frames, width), of mel (batch, mels, 3000).

    The same bits as the whole output has there; the last block leaves out the frames that nobody asks for, which
    is about a fifth of the work for a row of a few seconds.
    """
    encoder = listener.encoder
    x = F.gelu(encoder.conv2(F.gelu(encoder.conv1(mel)))).permute(0, 2, 1) + encoder.positional_embedding
    *blocks, last = encoder.blocks
    for block in blocks:
        x = block(x)
    context = last.attn_ln(x)
    x = x[:, :frames] + last.attn(context[:, :frames], xa=context)[0]
    return encoder.ln_post(x + last.mlp(last.mlp_ln(x)))


def _is_sound(clip: npt.NDArray[np.float32]) -> bool:
    return len(clip) >= SHORTEST_SECONDS * WhisperVQ.sample_rate and bool(np.isfinite(clip).all())


def _until_mask(row: npt.NDArray[np.uint16], mask: int) -> npt.NDArray[np.uint16]:
    if len(row) and int(row.max()) > mask:
        raise ValueError(f"sound token {int(row.max())} is not one of this tokenizer's {mask} codes")
    found = np.flatnonzero(row == mask)
    return row[: found[0]] if len(found) else row


def _most_pieces(seconds: float) -> int:
    return 10 + int(8 * seconds)
