"""WhisperVQ: speech → sound tokens at 25/s, and sound tokens → the text that can still be heard in them.

In float32 on a CPU a row's tokens and text are the same bits whatever the batch beside it. What was found with
torch 2.13 (MKL, AVX2, one thread): the decoder's results for a row change with the number of rows in the batch (by up
to 5e-5 in a logit between one row and four), but not with the row's place in it nor with its neighbours. So the
decoder always gets `max_batch_size` rows, a short group being filled up: one step reads its weights once for all of
them. On a CPU the encoder gets one row at a time: its work is the same for each row and a batch makes it no faster. On
another device it gets `max_batch_size`, too. The bits are those of one kind of machine and one number of torch threads;
workers run torch with one thread each.

So on a CPU the decoder is the plain one, in float32 whatever the precision. On another device it is `GreedyDecoder`,
and all of Whisper and the layers that read tokens back are cast to the precision.
"""

from collections.abc import Sequence
from typing import Self

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sayso.stages.speech.devices.batch_runner import BatchRunner
from sayso.stages.speech.devices.streams import OwnStream, exact_convolutions
from sayso.stages.speech.protocols import SAMPLE_RATE, Clip, SpeechModelError, Tokens
from sayso.stages.speech.tokenizers.whispervq.bottleneck import FRAMES, Bottleneck, from_checkpoint
from sayso.stages.speech.tokenizers.whispervq.files import find_checkpoint
from sayso.stages.speech.tokenizers.whispervq.mels import padded_mel, padded_mels
from sayso.stages.speech.tokenizers.whispervq.whisper_decoder import GreedyDecoder
from sayso.stages.speech.weights.released import RELEASES
from sayso.stages.speech.whisper.greedy import decode
from sayso.stages.speech.whisper.log_mel import HOP_LENGTH, N_SAMPLES
from sayso.stages.speech.whisper.model import LayerNorm, Whisper
from sayso.stages.speech.whisper.word_pieces import WordPieces

MAX_BATCH_SIZE = 8
SHORTEST_SECONDS = 0.1


class WhisperVQ(nn.Module):
    """A sound tokenizer (`SpeechTokenizer`) of a WhisperVQ checkpoint and the Whisper that it was trained on.

    Whisper's encoder takes `encoder_batch_size` clips at once and its decoder `max_batch_size` rows. The encoder is
    cast to `precision`, on another device than a CPU the decoder, too; tokens are always chosen in float32. The Whisper
    that is given is cast itself, and is asked for what is said as `pieces` has it; for English where they are left out.
    On CUDA it works on a stream of its own, beside whatever speaks there.
    """

    sample_rate = SAMPLE_RATE

    def __init__(
        self,
        bottleneck: Bottleneck,
        whisper: Whisper,
        encoder_batch_size: int = 1,
        max_batch_size: int = MAX_BATCH_SIZE,
        precision: torch.dtype = torch.float32,
        pieces: WordPieces | None = None,
    ) -> None:
        super().__init__()
        self.bottleneck, self.whisper = bottleneck, whisper
        self.codes, self.mask = bottleneck.codes, bottleneck.mask
        self.sound_format = bottleneck.sound_format
        self.precision = precision
        self._clips, self._rows = BatchRunner(encoder_batch_size), BatchRunner(max_batch_size)
        self._decoder: GreedyDecoder | None = None
        self._stream = OwnStream(whisper.device)
        self._reader = bottleneck
        if whisper.device.type == "cpu":
            for layer in whisper.encoder.modules():
                # Whisper's layer norms work in float32 whatever comes in.
                if isinstance(layer, nn.Linear | nn.Conv1d):
                    layer.to(precision)
        else:
            _cast(whisper, precision)
            self._reader = bottleneck.cast(precision)
        self.pieces = pieces or WordPieces(whisper)

    @classmethod
    def load(
        cls,
        ref: str,
        whisper: Whisper,
        device: str = "cpu",
        max_batch_size: int = MAX_BATCH_SIZE,
        precision: torch.dtype = torch.float32,
        language: str = "en",
        before: str = "",
    ) -> Self:
        """Load a checkpoint: a bundled model's name, a file, or a Hub file (`jan-hq/WhisperVQ:NAME.model`).

        Raises SpeechModelError where it cannot be found or read, or is not for this Whisper, and where that does not
        know the language.
        """
        bottleneck = load_bottleneck(ref)
        _check_whisper(bottleneck, whisper, ref)
        whisper.to(device)
        encoder_batch_size = 1 if torch.device(device).type == "cpu" else max_batch_size
        pieces = WordPieces(whisper, language, before)
        return cls(bottleneck, whisper, encoder_batch_size, max_batch_size, precision, pieces).to(device).eval()

    @torch.inference_mode()
    def encode(self, clips: Sequence[Clip]) -> list[Tokens]:
        """Sound tokens of each clip (16 kHz mono, on any device): one for each 640 samples, at most 750.

        A clip under 0.1 s or with a sample that is not finite gets none; its neighbours are untouched.
        """
        tokens = [np.zeros(0, np.uint16) for _ in clips]
        with self._stream.entered():
            sound = self._sounds(clips)
            for place, row in zip(sound, self._clips.run([*sound.values()], self._encode), strict=True):
                tokens[place] = row
        return tokens

    @torch.inference_mode()
    def decode_text(self, tokens: Sequence[Tokens]) -> list[str]:
        """The text in each row of tokens, by Whisper's greedy decoder; empty for a row without tokens.

        A row ends at its first mask code, and its text at about eight word pieces a second, faster than anyone talks.
        """
        rows = [_until_mask(row, self.codes, self.mask) for row in tokens]
        texts = [""] * len(rows)
        # Rows of about one length end together, and a group runs until its last row has ended.
        order = sorted((place for place, row in enumerate(rows) if len(row)), key=lambda place: len(rows[place]))
        with self._stream.entered():
            found = self._rows.run([rows[place] for place in order], self._decode)
        for place, text in zip(order, found, strict=True):
            texts[place] = text
        return texts

    @torch.inference_mode()
    def transcribe(self, clips: Sequence[Clip]) -> list[str]:
        """What Whisper itself hears in each clip, without tokens between: the bar for `decode_text`."""
        texts = [""] * len(clips)
        with self._stream.entered():
            sound = self._sounds(clips)
            order = sorted(sound, key=lambda place: len(sound[place]))
            found = self._rows.run([sound[place] for place in order], self._transcribe)
        for place, text in zip(order, found, strict=True):
            texts[place] = text
        return texts

    def _sounds(self, clips: Sequence[Clip]) -> dict[int, Clip]:
        """The clips that are long enough and finite throughout, by their places, where Whisper is."""
        shortest = SHORTEST_SECONDS * self.sample_rate
        here = {place: clip.to(self.whisper.device) for place, clip in enumerate(clips) if len(clip) >= shortest}
        if not here:
            return here
        # Of all at once: each question to a device waits until it has done what it was told before.
        finite = torch.stack([clip.isfinite().all() for clip in here.values()]).tolist()
        return {place: clip for (place, clip), good in zip(here.items(), finite, strict=True) if good}

    def _encode(self, clips: Sequence[Clip], together: int) -> list[Tokens]:
        counts = [min(len(clip), N_SAMPLES) // HOP_LENGTH // (2 * self.bottleneck.downsample) for clip in clips]
        frames = max(counts) * self.bottleneck.downsample
        if together > 1 and self.precision == torch.float32:
            # All of them: if their number hung on the longest clip, so might the last bits of the shorter.
            frames = FRAMES
        codes = self.bottleneck.quantize(self._features(clips, together, frames)).cpu().numpy().astype(np.uint16)
        return [row[:count] for row, count in zip(codes, counts, strict=False)]

    def _decode(self, rows: Sequence[Tokens], together: int) -> list[str]:
        features = torch.stack(self._clips.run(rows, self._dequantize))
        return self._read(features, [len(row) / self.sound_format.tokens_per_second for row in rows], together)

    def _transcribe(self, clips: Sequence[Clip], together: int) -> list[str]:
        features = torch.stack(self._clips.run(clips, self._whole_features))
        return self._read(features, [len(clip) / self.sample_rate for clip in clips], together)

    def _whole_features(self, clips: Sequence[Clip], together: int) -> list[Tensor]:
        return [*self._features(clips, together, FRAMES)[: len(clips)]]

    def _features(self, clips: Sequence[Clip], together: int, frames: int) -> Tensor:
        """The encoder's first `frames` for each clip, in float32; rows beyond the clips only fill the group."""
        mels = self.whisper.dims.n_mels
        if self.whisper.device.type == "cpu":
            mel = torch.stack([padded_mel(clip, mels) for clip in clips])
        else:
            mel = padded_mels(clips, mels)
        with exact_convolutions:
            return first_frames(self.whisper, _fill_up(mel, together).to(self.precision), frames).float()

    def _dequantize(self, rows: Sequence[Tokens], together: int) -> list[Tensor]:
        """What Whisper's decoder listens to, (frames, width), for each row of tokens."""
        codes = torch.full((together, FRAMES // self.bottleneck.downsample), self.mask)
        for place, row in enumerate(rows):
            codes[place, : len(row)] = torch.from_numpy(row[: codes.shape[1]].astype(np.int64))
        return [*self._reader.dequantize(codes.to(self.whisper.device))[: len(rows)]]

    def _read(self, features: Tensor, seconds: Sequence[float], together: int) -> list[str]:
        """The texts of at most `together` rows of features, each cut at the word pieces that its seconds can hold."""
        limits = [_most_pieces(length) for length in seconds]
        filled = _fill_up(features, together)
        if self.whisper.device.type == "cpu":
            decoded = decode(self.whisper, self.pieces, filled, max(limits))
            pieces = [row[:limit] for row, limit in zip(decoded, limits, strict=False)]
        else:
            pieces = self._greedy(together).decode(filled, limits)
        return [self.pieces.decode(row).strip() for row in pieces]

    def _greedy(self, together: int) -> GreedyDecoder:
        """The decoder for so many rows; made anew, the one before given up first, where there was no room for that."""
        if self._decoder is None or self._decoder.rows != together:
            self._decoder = None
            self._decoder = GreedyDecoder(self.whisper, self.pieces, together, _most_pieces(FRAMES / 50))
        return self._decoder


def load_bottleneck(ref: str) -> Bottleneck:
    """The layers of a WhisperVQ checkpoint, without its Whisper. Raises SpeechModelError."""
    path = find_checkpoint(ref)
    try:
        return from_checkpoint(torch.load(path, map_location="cpu", weights_only=True))
    except ValueError as error:
        raise SpeechModelError(f"{path} cannot be used: {error}") from None
    except Exception as error:  # unpickling what is no checkpoint raises nearly anything
        raise SpeechModelError(f"{path} is not a torch checkpoint that can be loaded safely: {error}") from error


def first_frames(whisper: Whisper, mel: Tensor, frames: int) -> Tensor:
    """The first `frames` of the encoder's output (batch, frames, width), of mel (batch, mels, 3000).

    The same bits as the whole output has there; the last block leaves out the frames that nobody asks for, which
    is about a fifth of the work for a row of a few seconds.
    """
    encoder = whisper.encoder
    # In the order that the layers read: otherwise each of them copies what it adds or normalizes.
    x = F.gelu(encoder.conv2(F.gelu(encoder.conv1(mel)))).permute(0, 2, 1).contiguous()
    x = (x + encoder.positional_embedding).to(x.dtype)
    *blocks, last = encoder.blocks
    for block in blocks:
        x = block(x)
    context = last.attn_ln(x)
    x = x[:, :frames] + last.attn(context[:, :frames], context)
    return encoder.ln_post(x + last.mlp(last.mlp_ln(x)))


def _check_whisper(bottleneck: Bottleneck, whisper: Whisper, ref: str) -> None:
    """Raise SpeechModelError where the checkpoint was trained on another Whisper than this, as far as can be seen."""
    name, dims = str(bottleneck.config.get("whisper_model_name", "?")), whisper.dims
    wanted = {"width": bottleneck.width}
    if name in RELEASES:
        # WhisperSpeech gives 80 mels to whatever is not called large-v3.
        wanted |= {"mels": 128 if name == "large-v3" else 80, "multilingual": not name.endswith(".en")}
    found = {"width": dims.n_audio_state, "mels": dims.n_mels, "multilingual": whisper.is_multilingual}
    for what, value in wanted.items():
        if found[what] != value:
            raise SpeechModelError(
                f"{ref} is for Whisper {name} ({what} {value}), the one that was loaded has {what} {found[what]}: "
                "name the other in tokenizer.whisper"
            )


def _cast(whisper: Whisper, precision: torch.dtype) -> None:
    """Cast all that Whisper learnt. Its layer norms cast to float32 and back, where torch's own do that within."""
    for module in [*whisper.modules()]:
        for name, child in [*module.named_children()]:
            if isinstance(child, LayerNorm):
                plain = nn.LayerNorm(child.normalized_shape, child.eps, device=child.weight.device)
                plain.load_state_dict(child.state_dict())
                setattr(module, name, plain.requires_grad_(False))
    for layer in whisper.modules():
        if isinstance(layer, nn.Linear | nn.Conv1d | nn.LayerNorm | nn.Embedding):
            layer.to(precision)
    decoder = whisper.decoder
    decoder.positional_embedding = nn.Parameter(decoder.positional_embedding.to(precision), requires_grad=False)


def _fill_up(rows: Tensor, count: int) -> Tensor:
    """Rows with copies of the first behind them, `count` in all: any would do, and copies end when it ends."""
    return torch.cat([rows, rows[:1].expand(count - len(rows), -1, -1)])


def _until_mask(row: Tokens, codes: int, mask: int) -> Tokens:
    if len(row) and int(row.max()) > codes:
        raise ValueError(f"sound token {int(row.max())} is not one of this tokenizer's {codes} codes")
    found = np.flatnonzero(row == mask)
    return row[: found[0]] if len(found) else row


def _most_pieces(seconds: float) -> int:
    return 10 + int(8 * seconds)
