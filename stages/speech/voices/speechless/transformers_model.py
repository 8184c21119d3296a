"""The language model in this process, by transformers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, GenerationConfig, LogitsProcessorList
from transformers.utils import logging

from sayso.manifests.errors import in_one_line
from sayso.stages.speech.devices.batch_runner import BatchRunner
from sayso.stages.speech.devices.sampling import NOT_A_NUMBER, draw_tokens
from sayso.stages.speech.protocols import SpeechModelError, SynthesisError
from sayso.stages.speech.voices.speechless.files import find_model
from sayso.stages.speech.voices.speechless.settings import SpeechlessSettings
from sayso.stages.speech.voices.speechless.vocabulary import Vocabulary


class TransformersModel:
    """A `LanguageModel` of a folder or a Hub repository. Raises SpeechModelError where it cannot be loaded.

    On a CPU one row at a time goes through it, so that a row's last bits hang on no other; elsewhere
    `settings.max_batch_size`, and fewer where memory runs out.
    """

    def __init__(self, settings: SpeechlessSettings) -> None:
        files = find_model(settings.model)
        self.vocabulary = Vocabulary(files["tokenizer.json"])
        self._settings = settings
        self._model = _loaded(settings, str(files["config.json"].parent))
        rows = len(self._model.get_input_embeddings().weight)
        if self.vocabulary.highest >= rows:
            raise SpeechModelError(f"{settings.model} has {rows} embeddings, too few for its tokenizer.json")
        # What the repository says of temperature, ends and penalties is not what the voice says.
        self._model.generation_config = GenerationConfig(
            do_sample=False,
            max_new_tokens=settings.max_tokens,
            eos_token_id=self.vocabulary.ends,
            pad_token_id=self.vocabulary.ends[0],
        )
        self._rows = BatchRunner(1 if torch.device(settings.device).type == "cpu" else settings.max_batch_size)

    def complete(self, prompts: Sequence[str], seeds: Sequence[int]) -> list[list[str] | Exception]:
        """The names of the tokens behind each prompt; SynthesisError where it came out as not a number."""
        ids = [self.vocabulary.encode(prompt) for prompt in prompts]
        return self._rows.run([*zip(ids, seeds, strict=True)], self._complete)

    def has_code(self, code: int) -> bool:
        """Whether it has a sound token for a code."""
        return code in self.vocabulary.codes

    @torch.inference_mode()
    def _complete(self, rows: Sequence[tuple[list[int], int]], together: int) -> list[list[str] | Exception]:
        prompts, seeds = zip(*rows, strict=True)
        longest, device = max(map(len, prompts)), self._model.device
        # On the left, so that what comes behind the prompts has one place for all.
        padded = [[self.vocabulary.ends[0]] * (longest - len(ids)) + ids for ids in prompts]
        seen = [[0] * (longest - len(ids)) + [1] * len(ids) for ids in prompts]
        draw = _Draw(self._settings.temperature, torch.tensor(seeds, device=device), longest)
        said = self._model.generate(
            input_ids=torch.tensor(padded, device=device),
            attention_mask=torch.tensor(seen, device=device),
            logits_processor=LogitsProcessorList([draw]),
        )
        answers = said[:, longest:].tolist()
        return [
            SynthesisError("the model came out as not a number") if failed else self.vocabulary.names(answer)
            for answer, failed in zip(answers, draw.failed.tolist(), strict=True)
        ]


class _Draw:
    """Leaves one token of each row to be chosen: the one that is drawn with the row's own seed."""

    def __init__(self, temperature: float, seeds: Tensor, start: int) -> None:
        self._seeds, self._start = seeds, start
        self._temperatures = torch.full(seeds.shape, temperature, device=seeds.device)
        self.failed = torch.zeros_like(seeds, dtype=torch.bool)

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        steps = torch.full_like(self._seeds, input_ids.shape[1] - self._start)
        tokens = draw_tokens(scores, self._temperatures, self._seeds, steps)
        self.failed |= tokens == NOT_A_NUMBER
        return torch.full_like(scores, -torch.inf).scatter(1, tokens.clamp(min=0)[:, None], 0.0)


def _loaded(settings: SpeechlessSettings, folder: str) -> Any:
    """The model, of safetensors alone and of no code beside the package's own."""
    logging.disable_progress_bar()
    try:
        model = AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=getattr(torch, settings.precision),
        )
        return model.to(settings.device).eval()
    except Exception as error:  # the package's errors have no base in common
        raise SpeechModelError(f"{settings.model} cannot be loaded: {in_one_line(error)}") from error
