"""The language model at a server that completes texts as OpenAI's does; vLLM's is one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from sayso.manifests.dataset.contract import SOUND_END
from sayso.manifests.errors import in_one_line
from sayso.stages.sources.stores import PASSING, with_retries
from sayso.stages.speech.protocols import SpeechModelError, SynthesisError
from sayso.stages.speech.voices.speechless.settings import SpeechlessSettings
from sayso.stages.speech.voices.speechless.sound_names import split_names

# A row waits for those before it at the server, too.
SECONDS = 600
# What a server says of a request that it does not take; another answer is of no one row.
OF_A_ROW = (400, 413, 422)


class CompletionServer:
    """A `LanguageModel` behind an address such as http://gpu1:8000/v1.

    Each row is a request of its own, with its own seed, and `settings.max_batch_size` are under way at once. Raises
    SpeechModelError where the server does not answer or does not have the model.
    """

    def __init__(self, address: str, settings: SpeechlessSettings) -> None:
        self._address, self._settings = address, settings
        status, answer = self._ask(f"{address}/models")
        models = [model.get("id") for model in answer.get("data", ()) if isinstance(model, dict)]
        if status != 200 or settings.model not in models:
            told = f"it has {', '.join(map(repr, models))}" if models else f"its list of models answers {status}"
            raise SpeechModelError(
                f"the server {address} does not have the model {settings.model!r}: {told}; write as speechless.model "
                "what the server calls it"
            )

    def complete(self, prompts: Sequence[str], seeds: Sequence[int]) -> list[list[str] | Exception]:
        """The names of the tokens behind each prompt; SynthesisError where the server refuses a row."""
        pool = ThreadPoolExecutor(self._settings.max_batch_size)
        try:
            return [*pool.map(self._complete, prompts, seeds)]
        finally:
            # Where the server is gone, nobody waits for the others.
            pool.shutdown(cancel_futures=True)

    def has_code(self, code: int) -> bool | None:
        """Whether `<|sound_…|>` of this code is one token; None where the server does not tell, as only vLLM's does."""
        asked = {"model": self._settings.model, "prompt": f"<|sound_{code:04d}|>", "add_special_tokens": False}
        status, answer = self._ask(f"{self._address.removesuffix('/v1')}/tokenize", asked)
        count = answer.get("count")
        return count == 1 if status == 200 and isinstance(count, int) else None

    def _complete(self, prompt: str, seed: int) -> list[str] | Exception:
        asked = {
            "model": self._settings.model,
            "prompt": prompt,
            "max_tokens": self._settings.max_tokens,
            "temperature": self._settings.temperature,
            "seed": seed,
            "stop": [SOUND_END],
            # vLLM's own, by which all that the model says comes back as it is.
            "include_stop_str_in_output": True,
            "skip_special_tokens": False,
            "spaces_between_special_tokens": False,
        }
        status, answer = self._ask(f"{self._address}/completions", asked)
        told = f"the server answers {status}: {in_one_line(json.dumps(answer))[:200]}"
        if status in OF_A_ROW:
            return SynthesisError(told)
        if status != 200:
            raise SpeechModelError(f"{told} ({self._address})")
        match answer:
            case {"choices": [{"text": str(text), "finish_reason": reason, **more}, *_]}:
                names = split_names(text)
            case _:
                return SynthesisError("the server's answer has no `choices` with a text and a `finish_reason`")
        # A server that leaves out what it stopped at, and does not tell, has stopped where it was asked to.
        if reason == "stop" and "stop_reason" not in more and names[-1:] != [SOUND_END]:
            names.append(SOUND_END)
        return names

    def _ask(self, url: str, asked: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Status and answer of a request. Raises SpeechModelError where none comes, or 5xx again and again."""
        body = None if asked is None else json.dumps(asked).encode()
        try:
            return with_retries(lambda: _answer(Request(url, body, {"Content-Type": "application/json"})))
        except Exception as error:  # of the network, or of what came
            raise SpeechModelError(
                f"the server {self._address} does not answer ({in_one_line(error)}): start it, and run the same "
                "command again"
            ) from error


def _answer(request: Request) -> tuple[int, dict[str, Any]]:
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            return answer.status, _object(answer.read())
    except HTTPError as error:
        if error.code in PASSING:
            raise
        with error:
            return error.code, _object(error.read())


def _object(content: bytes) -> dict[str, Any]:
    """The JSON object of an answer; nothing where it is none, as a page of errors is."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
