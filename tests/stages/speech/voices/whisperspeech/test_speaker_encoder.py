"""Our encoder against SpeechBrain's own classifier, and the checkpoints that it does not take."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import torch

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.whisperspeech.reference_recording import read_recording

pytestmark = pytest.mark.usefixtures("torchaudio")


@pytest.fixture(scope="module")
def checkpoint(torchaudio: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    for name in ("speechbrain", "sentencepiece"):
        pytest.importorskip(name, exc_type=ImportError)
    from tests.stages.speech.voices.whisperspeech.speaker_encoders import micro_encoder

    return micro_encoder(tmp_path_factory.mktemp("encoder") / "embedding_model.ckpt")


def embedding(checkpoint: Path, clip: torch.Tensor) -> np.ndarray:
    from sayso.stages.speech.voices.whisperspeech.speaker_encoder import SpeakerEncoder

    return SpeakerEncoder.load(str(checkpoint)).embed(clip)


def closeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_the_embedding_is_that_of_speechbrain(checkpoint: Path, clips: list[torch.Tensor]) -> None:
    """Of the model that its `hyperparams.yaml` describes, put together without running what is in there."""
    from speechbrain.inference.classifiers import EncoderClassifier
    from speechbrain.lobes.features import Fbank
    from speechbrain.lobes.models.ECAPA_TDNN import ECAPA_TDNN
    from speechbrain.processing.features import InputNormalization

    from tests.stages.speech.voices.whisperspeech.speaker_encoders import SIZES

    model = ECAPA_TDNN(80, kernel_sizes=[5, 3, 3, 3, 1], dilations=[1, 2, 3, 4, 1], lin_neurons=192, **SIZES)
    model.load_state_dict(torch.load(checkpoint, weights_only=True))
    modules = {
        "compute_features": Fbank(n_mels=80),
        "mean_var_norm": InputNormalization(norm_type="sentence", std_norm=False),
        "embedding_model": model.eval(),
        "classifier": torch.nn.Identity(),
    }
    theirs = EncoderClassifier(modules=modules, hparams={"label_encoder": None}, run_opts={"device": "cpu"})
    for clip in clips:
        with torch.inference_mode():
            expected = theirs.encode_batch(clip[None])[0, 0]
        found = embedding(checkpoint, clip)
        assert (found.shape, found.dtype) == ((192,), np.float32)
        np.testing.assert_allclose(found, expected.numpy(), rtol=1e-5, atol=1e-6)


def test_another_rate_and_more_channels_give_nearly_the_same_speaker(
    checkpoint: Path, clips: list[torch.Tensor], tmp_path: Path
) -> None:
    mono, other = clips[1].numpy() * 30, clips[3]
    higher = soxr.resample(mono, 16_000, 24_000)
    soundfile.write(tmp_path / "mono.wav", mono, 16_000)
    soundfile.write(tmp_path / "stereo.flac", np.stack([higher * 0.9, higher * 1.1], axis=1), 24_000)
    one, two = (embedding(checkpoint, read_recording(tmp_path / name)) for name in ("mono.wav", "stereo.flac"))
    apart = 1 - closeness(one, embedding(checkpoint, other))
    assert 1 - closeness(one, two) < apart / 20


def test_a_checkpoint_of_another_form_is_refused_by_its_name(checkpoint: Path, tmp_path: Path) -> None:
    from sayso.stages.speech.voices.whisperspeech.speaker_encoder import SpeakerEncoder
    from tests.stages.speech.voices.whisperspeech.speaker_encoders import micro_encoder

    state = torch.load(checkpoint, weights_only=True)

    def refused(content: object, match: str) -> None:
        torch.save(content, tmp_path / "other.ckpt")
        with pytest.raises(SpeechModelError, match=rf"other\.ckpt is no speaker encoder of the released form: {match}"):
            SpeakerEncoder.load(str(tmp_path / "other.ckpt"))

    refused([1, 2], "it holds no tensors by name")
    refused({"model": state}, r"it has no weights blocks\.0\.conv\.conv\.weight")
    refused(state | {"fc.conv.weight": torch.zeros(192)}, r"it has no weights fc\.conv\.weight")
    refused({key: value for key, value in state.items() if key != "asp_bn.norm.weight"}, "Missing key")
    refused(state | {"blocks.4.conv.conv.weight": torch.zeros(1)}, "Unexpected key")
    refused(state | {"mfa.conv.conv.weight": torch.zeros(48, 47, 1)}, "size mismatch for mfa")
    refused(
        torch.load(micro_encoder(tmp_path / "a", mels=40), weights_only=True), "it makes 192 numbers of 40 mel bands"
    )
    refused(
        torch.load(micro_encoder(tmp_path / "a", width=96), weights_only=True), "it makes 96 numbers of 80 mel bands"
    )


def test_a_checkpoint_cannot_run_code_nor_come_out_as_no_numbers(
    checkpoint: Path, clips: list[torch.Tensor], tmp_path: Path
) -> None:
    torch.save({"hook": Path("/etc")}, tmp_path / "code.ckpt")
    with pytest.raises(SpeechModelError, match=r"code\.ckpt is not a torch checkpoint that can be loaded safely"):
        embedding(tmp_path / "code.ckpt", clips[0])
    state = torch.load(checkpoint, weights_only=True)
    torch.save(state | {"fc.conv.bias": torch.full((192,), torch.nan)}, tmp_path / "nan.ckpt")
    with pytest.raises(
        SpeechModelError, match=r"nan\.ckpt makes of this recording a speaker that is zero or not finite"
    ):
        embedding(tmp_path / "nan.ckpt", clips[0])
