"""Micro checkpoints, and WhisperSpeech's own models of them, which take one text at a time."""

import dataclasses
from pathlib import Path

import pytest
import torch

pytest.importorskip("whisperspeech.t2s_up_wds_mlang_enclm")

from whisperspeech.s2a_delar_mup_wds_mlang import SADelARTransformer
from whisperspeech.s2a_delar_mup_wds_mlang_cond import SADelARTransformer as ConditionedSADelARTransformer
from whisperspeech.t2s_up_wds_mlang_enclm import TSARTransformer

from sayso.stages.speech.voices.whisperspeech.text_to_semantic import Utterance
from tests.stages.speech.voices.whisperspeech import checkpoints

QUESTION = "what is the name of a river that runs through seven old towns and why does it not freeze in winter "
LANGUAGES = ("en", "pl", "de")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """t2s.model, s2a.model and s2a-cond.model, and the folder vocos."""
    folder = tmp_path_factory.mktemp("checkpoints")
    checkpoints.micro_t2s(folder / "t2s.model")
    checkpoints.micro_s2a(folder / "s2a.model")
    checkpoints.micro_s2a_cond(folder / "s2a-cond.model")
    checkpoints.micro_vocos(folder / "vocos")
    return folder


@pytest.fixture(scope="session")
def their_t2s(folder: Path) -> TSARTransformer:
    model = TSARTransformer.load_model(str(folder / "t2s.model"), device="cpu")
    model.optimize(torch_compile=False, dtype=torch.float32)
    return model


@pytest.fixture(scope="session", params=["s2a.model", "s2a-cond.model"])
def s2a_file(request: pytest.FixtureRequest, folder: Path) -> Path:
    return folder / request.param


@pytest.fixture(scope="session")
def their_s2a(s2a_file: Path) -> torch.nn.Module:
    of_kind = ConditionedSADelARTransformer if "cond" in s2a_file.name else SADelARTransformer
    model = of_kind.load_model(str(s2a_file), device="cpu")
    model.optimize(torch_compile=False, dtype=torch.float32)
    return model


@pytest.fixture(scope="session")
def utterances() -> list[Utterance]:
    """32 different texts of 1 to 199 bytes, in three languages, at several speeds."""
    texts = [(QUESTION * 3)[n : 7 * n + 1] for n in range(31)]
    texts.append("é" * 99 + "!")  # 199 bytes, the most that fits
    return [Utterance(text, LANGUAGES[n % 3], 10.0 + n % 5, 0.0, n) for n, text in enumerate(texts)]


@pytest.fixture(scope="session")
def drawn(utterances: list[Utterance]) -> list[Utterance]:
    return [dataclasses.replace(row, temperature=0.6 + 0.1 * (row.seed % 4)) for row in utterances]
