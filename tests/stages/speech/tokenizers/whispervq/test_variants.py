"""Every published kind of WhisperVQ, in batches as on a GPU, with micro checkpoints and 32 different clips."""

from pathlib import Path

import numpy as np
import pytest
import torch

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.tokenizer import load_tokenizer
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ, load_bottleneck
from tests.stages.speech.tokenizers.whispervq.quantizers import KINDS, micro_quantizer, micro_whisper, sounds


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def noises() -> list[torch.Tensor]:
    return sounds(32)


def tokenizer(
    kind: str, folder: Path, encoder_batch_size: int = 1, precision: torch.dtype = torch.float32
) -> WhisperVQ:
    bottleneck = load_bottleneck(str(micro_quantizer(KINDS[kind], folder / "micro.model")))
    return WhisperVQ(bottleneck, micro_whisper(KINDS[kind]), encoder_batch_size, 8, precision).eval()


def test_the_tokens_of_a_batch_are_those_of_each_clip_alone(tmp_path: Path, noises: list[torch.Tensor]) -> None:
    alone = tokenizer("base-en+pl", tmp_path).encode(noises)
    together = tokenizer("base-en+pl", tmp_path, encoder_batch_size=7).encode(noises)
    for one, other, clip in zip(alone, together, noises, strict=True):
        np.testing.assert_array_equal(one, other)
        assert len(one) == len(clip) // 640
    assert len(np.unique(np.concatenate(alone))) > 30


def test_the_text_of_a_batch_is_that_of_each_row_alone(tmp_path: Path, noises: list[torch.Tensor]) -> None:
    batched = tokenizer("base-en+pl", tmp_path, encoder_batch_size=4)
    rows = [row[: 20 + 5 * place] for place, row in enumerate(batched.encode(noises[:4]))]
    together = batched.decode_text(rows)
    assert batched.decode_text(rows[2:3]) == together[2:3]
    assert len(set(together)) > 1


def test_a_batch_that_does_not_fit_goes_on_in_halves(
    tmp_path: Path, noises: list[torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    batched = tokenizer("base-en+pl", tmp_path, encoder_batch_size=16)
    wanted, convolve, seen = batched.encode(noises[:9]), batched.whisper.encoder.conv1.forward, []

    def scarce(mel: torch.Tensor) -> torch.Tensor:
        seen.append(len(mel))
        if len(mel) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return convolve(mel)

    monkeypatch.setattr(batched.whisper.encoder.conv1, "forward", scarce)
    for found, row in zip(batched.encode(noises[:9]), wanted, strict=True):
        np.testing.assert_array_equal(found, row)
    assert seen == [16, 8, 4, 4, 4]


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float16])
def test_at_half_precision_only_the_encoder_is_halved(
    tmp_path: Path, noises: list[torch.Tensor], precision: torch.dtype
) -> None:
    exact = tokenizer("base-en+pl", tmp_path).encode(noises[:4])
    half = tokenizer("base-en+pl", tmp_path, encoder_batch_size=4, precision=precision)
    found = half.encode(noises[:4])
    assert [len(row) for row in found] == [len(row) for row in exact]
    assert np.mean(np.concatenate(found) == np.concatenate(exact)) > 0.5
    assert half.whisper.encoder.blocks[0].mlp[0].weight.dtype == precision
    assert half.bottleneck.codebook.dtype == half.whisper.decoder.ln.weight.dtype == torch.float32
    assert len(half.transcribe([noises[0][:2000]])) == 1


def test_the_recipe_names_precision_and_batch_size(tmp_path: Path) -> None:
    kind = KINDS["base-en+pl"]
    whisper = micro_whisper(kind)
    torch.save({"dims": vars(whisper.dims), "model_state_dict": whisper.state_dict()}, tmp_path / "whisper.pt")
    loaded = load_tokenizer(
        WhisperVQConfig(
            model=str(micro_quantizer(kind, tmp_path / "base.model")),
            whisper=str(tmp_path / "whisper.pt"),
            precision="bfloat16",
            max_batch_size=3,
        )
    )
    assert loaded.whisper.encoder.conv1.weight.dtype == torch.bfloat16
    assert (loaded._clips.size, loaded._rows.size) == (1, 3), "on a CPU the encoder takes one clip at a time"


@pytest.mark.parametrize(
    ("kind", "other", "match"),
    [
        ("large-v3", "large-v2", r"for Whisper large-v3 \(mels 128\), the one that was loaded has mels 80"),
        ("base-en+pl", "base.en-4096c", r"for Whisper base \(multilingual True\), .* has multilingual False"),
        (
            "v3-7lang and medium-en+pl",
            "base-en+pl",
            r"for Whisper medium \(width 96\), .* has width 48: name",
        ),
    ],
)
def test_another_whisper_than_the_checkpoint_was_trained_on(kind: str, other: str, match: str, tmp_path: Path) -> None:
    path = micro_quantizer(KINDS[kind], tmp_path / "micro.model")
    with pytest.raises(SpeechModelError, match=match):
        WhisperVQ.load(str(path), micro_whisper(KINDS[other]))
