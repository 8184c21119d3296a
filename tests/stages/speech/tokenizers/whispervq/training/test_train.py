from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
import torch.nn.functional as F

from sayso.stages.speech.tokenizers.whispervq.mels import padded_mel
from sayso.stages.speech.tokenizers.whispervq.training.initial import decoder_view
from sayso.stages.speech.tokenizers.whispervq.training.train import Codebook, main, rate
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.whisper.model import Whisper


@pytest.fixture(scope="module")
def prepared(whisper: Whisper, clips: list[torch.Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `prepare` writes it, with two packs."""
    folder = tmp_path_factory.mktemp("prepared")
    with torch.inference_mode():
        features = torch.cat([whisper.encoder(padded_mel(clip)[None]) for clip in clips[:2]])
    features.numpy().astype(np.float16).tofile(folder / "features.f16")
    texts = ["What is the capital of France?", "Give me three reasons why people like to travel by train."]
    tokens = [len(clip) // 640 for clip in clips[:2]]
    pl.DataFrame({"written": texts, "tokens": tokens}).write_parquet(folder / "packs.parquet")
    return folder


def test_training_goes_on_where_it_stopped_and_leaves_a_model_that_loads(
    prepared: Path, whisper: Whisper, clips: list[torch.Tensor], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"to": tmp_path / "small.model", "work": tmp_path / "work", "batch_1": 2, "batch_2": 1, "every": 1}
    main(prepared, **settings, steps_1=1, steps_2=0)
    main(prepared, **settings, steps_1=1, steps_2=1)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2"]
    assert "ce" not in lines[0] and "teacher_ce" in lines[1]
    model = WhisperVQ.load(str(tmp_path / "small.model"), whisper)
    assert len(model.encode(clips[2:3])[0]) == len(clips[2]) // 640


def test_the_mean_scores_one_in_the_decoders_view(whisper: Whisper) -> None:
    sound = torch.randn(2000, 384, generator=torch.Generator().manual_seed(0)) * torch.linspace(0.1, 3, 384)
    errors = ((sound - sound.mean(0)) @ decoder_view(whisper, sound)).square().sum(-1)
    assert errors.mean() == pytest.approx(1.0, abs=1e-3)


def test_a_code_that_nothing_chooses_takes_over_a_vector() -> None:
    torch.manual_seed(0)
    codebook = Codebook(torch.ones(512), F.normalize(torch.randn(512, 4), dim=-1))
    model = torch.nn.Module()
    model.codebook = torch.zeros(1, 513, 4)
    vectors = F.normalize(torch.randn(100, 4), dim=-1)
    for _ in range(60):
        codebook.update(model, vectors, torch.zeros(100, dtype=torch.long), decay=0.8)
    nearest_vector = (model.codebook[0, 1:512] @ vectors.T).amax(-1)
    assert torch.allclose(nearest_vector, torch.ones(511))
    assert not model.codebook[0, 512].any()


def test_the_learning_rate_warms_up_and_ends_at_its_end() -> None:
    paces = [rate(step, 100, 1.0, 0.0, 10) for step in range(100)]
    assert paces[0] == 0.1 and paces[9] == 1.0 == max(paces)
    assert paces[-1] < 0.001
