"""A Speechless voice at work: texts to prompts, prompts through the model, and what it says as sound tokens."""

from __future__ import annotations

from collections.abc import Sequence

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.protocols import SpeechModelError, SynthesisError, Tokens
from sayso.stages.speech.voices.speechless.language_model import LanguageModel
from sayso.stages.speech.voices.speechless.packages import has_vllm
from sayso.stages.speech.voices.speechless.prompts import prompt_of
from sayso.stages.speech.voices.speechless.settings import SpeechlessSettings
from sayso.stages.speech.voices.speechless.sound_names import codes_of


class SpeechlessVoice:
    """A `TokenSynthesizer` of a language model whose sound tokens are those of the format `sound`.

    Raises SpeechModelError where it has another number of them. What they mean is in no file of it: that the tokenizer
    is the one that it was trained on, the recipe has to know.
    """

    def __init__(self, model: LanguageModel, name: str, sound: SoundFormat) -> None:
        self._model = model
        advice = "name the quantizer that the model was trained on as synthesize.tokenizer.model"
        # A vocabulary may have a token for the mask code, too.
        for code, is_needed in ((0, True), (sound.codes - 1, True), (sound.codes + 1, False)):
            if model.has_code(code) not in (None, is_needed):
                raise SpeechModelError(
                    f"{name} has {'no' if is_needed else 'a'} sound token {code}, and the sound tokenizer has "
                    f"{sound.codes} codes: {advice}"
                )

    def synthesize_tokens(
        self, texts: Sequence[str], seeds: Sequence[int], speeds: Sequence[float]
    ) -> list[Tokens | Exception]:
        """The tokens of each text, or why it cannot be said. There is one speed, so `speeds` say nothing."""
        said: list[Tokens | Exception | None] = [None] * len(texts)
        prompts = dict[int, str]()
        for place, text in enumerate(texts):
            try:
                prompts[place] = prompt_of(text)
            except SynthesisError as error:
                said[place] = error
        answers = self._model.complete([*prompts.values()], [seeds[place] for place in prompts])
        for place, answer in zip(prompts, answers, strict=True):
            said[place] = answer if isinstance(answer, Exception) else _codes(answer)
        return [row for row in said if row is not None]


def load_model(settings: SpeechlessSettings) -> LanguageModel:
    """The language model, at a server or in this process. Raises SpeechModelError."""
    if settings.server:
        from sayso.stages.speech.voices.speechless.server import CompletionServer

        return CompletionServer(settings.server, settings)
    if has_vllm():
        from sayso.stages.speech.voices.speechless.vllm_model import VllmModel

        return VllmModel(settings)
    from sayso.stages.speech.voices.speechless.transformers_model import TransformersModel

    return TransformersModel(settings)


def _codes(names: Sequence[str]) -> Tokens | SynthesisError:
    try:
        return codes_of(names)
    except SynthesisError as error:
        return error
