"""Our module against WhisperSpeech's own, where that can be imported; it needs far more than it declares."""

import sys
import types
from pathlib import Path

import numpy as np
import pytest
import torch

from sayso.stages.speech.tokenizers.whispervq.files import BUNDLED
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.whisper.model import Whisper
from tests.stages.speech.tokenizers.whispervq.quantizers import KINDS, micro_quantizer, micro_whisper, sounds


@pytest.fixture(scope="module")
def vq_stoks(torchaudio: None) -> types.ModuleType:
    for name in ("matplotlib", "webdataset", "IPython", "pandas", "fastprogress"):
        pytest.importorskip(name)
    before = set(sys.modules)
    torio = types.ModuleType("torio")
    torio.io = types.ModuleType("torio.io")
    torio.io._streaming_media_decoder = types.ModuleType("torio.io._streaming_media_decoder")
    added = {
        "torio": torio,
        "torio.io": torio.io,
        "torio.io._streaming_media_decoder": torio.io._streaming_media_decoder,
    }
    for name, module in added.items():
        sys.modules.setdefault(name, module)
    try:
        # What it imports without declaring it may fail with any error; then there is nothing to compare with.
        yield pytest.importorskip("whisperspeech.vq_stoks", exc_type=Exception)
    finally:
        for name in set(sys.modules) - before:
            if name.split(".")[0] == "torio":
                del sys.modules[name]


def theirs(vq_stoks: types.ModuleType, path: Path, whisper: Whisper) -> torch.nn.Module:
    """WhisperSpeech's own model of a checkpoint in the original layout."""
    spec = torch.load(path, weights_only=True)
    model = vq_stoks.RQBottleneckTransformer(**spec["config"], tunables=vq_stoks.Tunables(**spec["tunables"]))
    model.load_state_dict(spec["state_dict"])
    model.whmodel = [whisper]
    model.decoding_options = None
    return model.eval()


@pytest.fixture(scope="module")
def upstream(vq_stoks: types.ModuleType, whisper: Whisper) -> torch.nn.Module:
    return theirs(vq_stoks, BUNDLED / "whispervq-tiny-en" / "whispervq-tiny-en.model", whisper)


def test_the_tokens_are_those_of_whisperspeech(
    upstream: torch.nn.Module, clips: list[torch.Tensor], tokens: list[np.ndarray]
) -> None:
    for clip, ours in zip(clips, tokens, strict=True):
        with torch.inference_mode():
            expected = upstream.encode_audio(clip[None])
        np.testing.assert_array_equal(ours, expected[0].numpy().astype(np.uint16))


def test_the_features_read_from_tokens_are_those_of_whisperspeech(
    upstream: torch.nn.Module, tokenizer: WhisperVQ, tokens: list[np.ndarray]
) -> None:
    with torch.inference_mode():
        expected = upstream.dequantize(tokens[0].astype(np.int64))
        torch.testing.assert_close(tokenizer._dequantize(tokens[:1], 1)[0], expected[0], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_every_published_kind_has_the_tokens_of_whisperspeech_in_both_layouts(
    vq_stoks: types.ModuleType, tmp_path: Path, kind: str
) -> None:
    # Of one kind many, and of the others as many as tell the layouts apart.
    whisper, noises = micro_whisper(KINDS[kind]), sounds(32 if kind == "base-en+pl" else 2)
    original, fixed = (
        micro_quantizer(KINDS[kind], tmp_path / f"{layout}.model", layout) for layout in ("original", "fixed")
    )
    upstream, ours = theirs(vq_stoks, original, whisper), WhisperVQ.load(str(fixed), whisper)
    tokens = ours.encode(noises)
    for clip, row in zip(noises, tokens, strict=True):
        with torch.inference_mode():
            expected = upstream.encode_audio(clip[None])
        np.testing.assert_array_equal(row, expected[0].numpy().astype(np.uint16))
    np.testing.assert_array_equal(WhisperVQ.load(str(original), whisper).encode(noises[:1])[0], tokens[0])


def test_of_a_clip_of_more_than_30_s_the_tokens_are_those_of_whisperspeech(
    upstream: torch.nn.Module, tokenizer: WhisperVQ, clips: list[torch.Tensor]
) -> None:
    # The loudest comes at the end, and WhisperSpeech cuts the mel, in which it has counted.
    clip = torch.cat([1e-3 * clips[0].repeat(30)[:480_000], clips[0][:16_000]])
    with torch.inference_mode():
        expected = upstream.encode_audio(clip[None])[0].numpy().astype(np.uint16)
    found, shortened = tokenizer.encode([clip, clip[:480_000]])
    np.testing.assert_array_equal(found, expected)
    assert not np.array_equal(shortened, expected)
