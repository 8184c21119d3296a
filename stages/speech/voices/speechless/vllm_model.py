"""The language model in this process, by vLLM."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from sayso.manifests.errors import in_one_line
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.speechless.files import find_model
from sayso.stages.speech.voices.speechless.prompts import LONGEST_PROMPT
from sayso.stages.speech.voices.speechless.settings import SpeechlessSettings
from sayso.stages.speech.voices.speechless.vocabulary import Vocabulary


class VllmModel:
    """A `LanguageModel` of a folder or a Hub repository. Raises SpeechModelError where it cannot be loaded.

    vLLM is given ids and gives ids: it loads no tokenizer.
    """

    def __init__(self, settings: SpeechlessSettings) -> None:
        # In the worker's own process: a second one would outlive a worker that is killed, and works in no fixed order.
        os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "0")
        from vllm import LLM, SamplingParams
        from vllm.platforms import current_platform

        runs_on = current_platform.device_type
        if settings.device != runs_on:
            raise SpeechModelError(
                f"the vLLM that is installed runs on {runs_on}, and the voice says `device: {settings.device}`: write "
                f"`device: {runs_on}`; which GPU it is, CUDA_VISIBLE_DEVICES says"
            )
        let_vllm_look_into_llvmlite()
        files = find_model(settings.model)
        self.vocabulary = Vocabulary(files["tokenizer.json"])
        self._draws = partial(
            SamplingParams,
            temperature=settings.temperature,
            max_tokens=settings.max_tokens,
            stop_token_ids=self.vocabulary.ends,
            detokenize=False,
        )
        try:
            self._model = LLM(
                model=str(files["config.json"].parent),
                skip_tokenizer_init=True,
                trust_remote_code=False,
                # Its temperatures and penalties are not what the voice says.
                generation_config="vllm",
                dtype=settings.precision,
                seed=0,
                max_model_len=LONGEST_PROMPT + settings.max_tokens,
                max_num_seqs=settings.max_batch_size,
                gpu_memory_utilization=settings.gpu_memory_utilization,
            )
        except Exception as error:  # the package's errors have no base in common
            raise SpeechModelError(f"{settings.model} cannot be loaded by vLLM: {in_one_line(error)}") from error

    def complete(self, prompts: Sequence[str], seeds: Sequence[int]) -> list[list[str]]:
        """The names of the tokens behind each prompt."""
        if not prompts:
            return []
        asked = [{"prompt_token_ids": self.vocabulary.encode(prompt)} for prompt in prompts]
        answers = self._model.generate(asked, [self._draws(seed=seed) for seed in seeds], use_tqdm=False)
        return [self.vocabulary.names([*answer.outputs[0].token_ids]) for answer in answers]

    def has_code(self, code: int) -> bool:
        """Whether it has a sound token for a code."""
        return code in self.vocabulary.codes


def let_vllm_look_into_llvmlite() -> None:
    """Keep vLLM for a CPU (0.32) from an error where Numba is there, as it is in every worker.

    It asks all that modules hold for a `__dict__`, and llvmlite's library answers any name with a function.
    """
    from llvmlite.binding.ffi import lib

    getattr(lib, "_fntab", {})["__dict__"] = {}
