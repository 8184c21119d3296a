"""Our module against WhisperSpeech's own, where that can be imported; it needs far more than it declares."""

import importlib
import sys
import types

import numpy as np
import pytest
import torch
from whisper.model import Whisper

from stages.speech.weights.finding import BUNDLED
from stages.speech.whispervq import WhisperVQ


@pytest.fixture(scope="module")
def upstream(listener: Whisper) -> torch.nn.Module:
    for name in ("matplotlib", "webdataset", "IPython", "pandas", "fastprogress"):
        pytest.importorskip(name)
    before = set(sys.modules)
    try:
        importlib.import_module("torchaudio")
    except (ImportError, OSError):  # absent, or built for another torch; only its file readers would be used
        sys.modules["torchaudio"] = types.ModuleType("torchaudio")
        sys.modules["torchaudio"].__dict__["transforms"] = None
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
        vq_stoks = pytest.importorskip("whisperspeech.vq_stoks", exc_type=Exception)
        spec = torch.load(BUNDLED / "whispervq-tiny-en" / "whispervq-tiny-en.model", weights_only=True)
        model = vq_stoks.RQBottleneckTransformer(**spec["config"], tunables=vq_stoks.Tunables(**spec["tunables"]))
        model.load_state_dict(spec["state_dict"])
        model.whmodel = [listener]
        model.decoding_options = None
        yield model.eval()
    finally:
        for name in set(sys.modules) - before:
            if name.split(".")[0] in {"torio", "torchaudio"}:
                del sys.modules[name]


def test_the_tokens_are_those_of_whisperspeech(
    upstream: torch.nn.Module, clips: list[np.ndarray], tokens: list[np.ndarray]
) -> None:
    for clip, ours in zip(clips, tokens, strict=True):
        with torch.inference_mode():
            theirs = upstream.encode_audio(torch.from_numpy(clip)[None])
        np.testing.assert_array_equal(ours, theirs[0].numpy().astype(np.uint16))


def test_the_features_read_from_tokens_are_those_of_whisperspeech(
    upstream: torch.nn.Module, tokenizer: WhisperVQ, tokens: list[np.ndarray]
) -> None:
    with torch.inference_mode():
        theirs = upstream.dequantize(tokens[0].astype(np.int64))
        torch.testing.assert_close(tokenizer._dequantize(tokens[0]), theirs, rtol=1e-4, atol=1e-4)
