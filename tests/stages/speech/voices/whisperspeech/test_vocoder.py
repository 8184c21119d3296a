import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soxr
import torch
import torch.nn.functional as F
import yaml
from torch.backends import cudnn

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.whisperspeech.resampling import to_16_khz
from sayso.stages.speech.voices.whisperspeech.vocoder import Vocos
from tests.stages.speech.waits import Waits

# Of the loudest sample. What is left between the convolutions of long and short batches, in float32.
TOLERANCE = 1e-5


@pytest.fixture(scope="module")
def rows() -> list[torch.Tensor]:
    """Codes of 2 to 110 frames, the shortest shorter than a convolution."""
    draw = torch.Generator().manual_seed(0)
    return [torch.randint(0, 1024, (4, 2 + 12 * (n * 7 % 10)), generator=draw) for n in range(10)]


@pytest.fixture(scope="module")
def alone(folder: Path, rows: list[torch.Tensor]) -> list[torch.Tensor]:
    return Vocos.load(str(folder / "vocos"), "cpu", max_batch_size=1).decode(rows)


@pytest.fixture(scope="module")
def upstream() -> Iterator[types.ModuleType]:
    """The package's own layers; what it imports for other purposes, to read and encode audio, is not used here."""
    names = ("scipy", "torchaudio", "torchaudio.functional", "torchaudio.functional.functional", "encodec")
    before = dict(sys.modules)
    try:
        for name in names:
            try:
                importlib.import_module(name)
            except (ImportError, OSError):
                sys.modules[name] = types.ModuleType(name)
                sys.modules[name].__dict__.update(_hz_to_mel=None, _mel_to_hz=None, EncodecModel=None)
        yield pytest.importorskip("vocos", exc_type=ImportError)
    finally:
        for name in set(sys.modules) - set(before):
            if name.split(".")[0] in {"scipy", "torchaudio", "encodec", "vocos"}:
                del sys.modules[name]


def test_a_row_alone_sounds_as_from_the_package(
    upstream: types.ModuleType, folder: Path, rows: list[torch.Tensor], alone: list[torch.Tensor]
) -> None:
    config = yaml.safe_load((folder / "vocos" / "config.yaml").read_text())
    state = torch.load(folder / "vocos" / "pytorch_model.bin", weights_only=True)
    backbone = importlib.import_module("vocos.models").VocosBackbone(**config["backbone"]["init_args"])
    head = importlib.import_module("vocos.heads").ISTFTHead(**config["head"]["init_args"])
    for name, part in (("backbone", backbone), ("head", head)):
        part.load_state_dict({key[len(name) + 1 :]: value for key, value in state.items() if key.startswith(name)})
    for codes, ours in zip(rows, alone, strict=True):
        table = state["feature_extractor.codebook_weights"]
        features = sum(table[1024 * book : 1024 * (book + 1)][codes[book]] for book in range(4))
        with torch.inference_mode():
            theirs = head(backbone(features.T[None], bandwidth_id=torch.tensor(1)))[0]
        assert ours.shape == theirs.shape == (320 * codes.shape[1],)
        torch.testing.assert_close(ours, theirs, rtol=0, atol=TOLERANCE * float(theirs.abs().max()))


@pytest.mark.parametrize("max_batch_size", [3, 10])
def test_a_padded_batch_gives_each_row_the_sound_it_has_alone(
    folder: Path, rows: list[torch.Tensor], alone: list[torch.Tensor], max_batch_size: int
) -> None:
    vocoder = Vocos.load(str(folder / "vocos"), "cpu", max_batch_size)
    for ours, expected in zip(vocoder.decode(rows), alone, strict=True):
        torch.testing.assert_close(ours, expected, rtol=0, atol=TOLERANCE * float(expected.abs().max()))


def test_a_device_is_waited_for_once_for_the_codes_and_once_a_group_for_the_sound(
    folder: Path, rows: list[torch.Tensor]
) -> None:
    vocoder = Vocos.load(str(folder / "vocos"), "cpu", max_batch_size=5)
    with Waits() as waits:
        assert len(vocoder.decode(rows)) == len(rows) == 10
    assert waits.seen == ["tolist"] * 3
    assert vocoder.decode([]) == []


def test_convolutions_may_not_round_to_tf32_on_the_way_to_16_khz(
    folder: Path, rows: list[torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    convolve, allowed = F.conv1d, []

    def noting(*arguments, **keywords):
        allowed.append(cudnn.allow_tf32)
        return convolve(*arguments, **keywords)

    monkeypatch.setattr(F, "conv1d", noting)
    (audio,) = Vocos.load(str(folder / "vocos"), "cpu", 1).decode(rows[1:2])
    to_16_khz(audio)
    assert len(allowed) > 2
    assert not any(allowed)
    assert cudnn.allow_tf32, "elsewhere nothing is changed"


def test_codes_that_are_no_sound_get_an_error_and_their_neighbours_their_sound(
    folder: Path, rows: list[torch.Tensor], alone: list[torch.Tensor]
) -> None:
    bad = rows[1].clone()
    bad[2, 1] = 1024
    found = Vocos.load(str(folder / "vocos"), "cpu", max_batch_size=1).decode([rows[0], bad, rows[2]])
    assert str(found[1]) == "acoustic code 1024, which stands for no sound"
    assert torch.equal(found[0], alone[0])
    assert torch.equal(found[2], alone[2])


def test_what_is_no_vocoder_is_refused(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(ref: str, match: str) -> None:
        with pytest.raises(SpeechModelError, match=match):
            Vocos.load(ref, "cpu", 1)

    refused(str(tmp_path), "has no config.yaml")
    weights = torch.load(folder / "vocos" / "pytorch_model.bin", weights_only=True)
    config = yaml.safe_load((folder / "vocos" / "config.yaml").read_text())
    torch.save(weights, tmp_path / "pytorch_model.bin")
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config | {"head": {"class_path": "vocos.heads.IMDCTCosHead"}}))
    refused(str(tmp_path), "is not Vocos for EnCodec's codes: .*IMDCTCosHead")
    config["backbone"]["init_args"]["dim"] = 25
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    refused(str(tmp_path), "holds no vocoder: size mismatch")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    refused(
        "charactr/vocos-encodec-24khz",
        r"config\.yaml of charactr/vocos-encodec-24khz could not be fetched",
    )
    refused("nowhere", "no vocoder 'nowhere': there is no such folder, and 'nowhere' is not a Hub repository")


@pytest.mark.parametrize("samples", [24_000, 24_001, 24_002, 5, 0])
def test_resampling_keeps_the_duration(samples: int) -> None:
    assert len(to_16_khz(torch.zeros(samples))) == -(-samples * 2 // 3)


def test_a_sound_within_the_band_stays_and_one_above_goes() -> None:
    places = np.arange(24_000) / 24_000

    def resampled(hertz: float) -> np.ndarray:
        return to_16_khz(torch.from_numpy(np.sin(2 * np.pi * hertz * places).astype(np.float32))).numpy()[1000:-1000]

    for hertz in (100, 1000, 7000):
        expected = np.sin(2 * np.pi * hertz * np.arange(16_000) / 16_000)[1000:-1000]
        np.testing.assert_allclose(resampled(hertz), expected, atol=1e-4)
    for hertz in (8100, 9000, 11_000):
        assert np.abs(resampled(hertz)).max() < 1e-4, hertz


def test_speech_is_resampled_as_by_soxr() -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 24_000)
    low = soxr.resample(soxr.resample(noise, 24_000, 12_000), 12_000, 24_000).astype(np.float32)
    ours, theirs = to_16_khz(torch.from_numpy(low)).numpy(), soxr.resample(low, 24_000, 16_000)
    np.testing.assert_allclose(ours[200:-200], theirs[200:-200], atol=2e-4)
