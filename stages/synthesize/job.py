"""The jobs of the speech, for one range of ids, on a worker that keeps its models in memory."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.manifests.verdicts import Outcome
from sayso.stages.jobs.job import Done
from sayso.stages.speech.engines import load_token_synthesizer, load_voice, models_used
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.tokenizer import load_tokenizer
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.synthesize import Synthesize, synthesize

# What is read of the sample; the turns after the first are in its rows already.
READ = ("id", "source", "position", "kind", "spoken", "later_turns")


@dataclass(frozen=True)
class SynthesizeJob:
    """Say, encode and check the rows of one range of ids; its rows are what speech made, without what is not heard.

    The part of `config` that decides what is heard is among the parameters; in how large batches does not.
    """

    key: ShardKey
    parameters: dict[str, object]
    config: Synthesize = field(compare=False)
    seed: int
    batch: int = field(compare=False)

    def outcome(self, ledger: Ledger) -> Done:
        rows = ledger.rows("sample", [self.key.shard], READ)
        check_models(self.parameters, models_here(self.config))
        made = synthesize(rows, speech_models(self.config), self.config, self.seed, self.batch)
        return Done(Outcome(made.rows.drop("later_turns"), made.verdicts), rows.height)


@cache
def models_here(config: Synthesize) -> dict[str, object]:
    """What the models are on this machine, looked at once in each worker."""
    return models_used(config.voices, config.tokenizer)


def check_models(planned: Mapping[str, object], here: Mapping[str, object]) -> None:
    """Raises SpeechModelError where this machine has other models than the shard's record would say."""
    other = sorted(name for name, found in _flat(here).items() if _flat(planned).get(name) != found)
    if other:
        raise SpeechModelError(
            f"{socket.gethostname()} has another {', '.join(other)} than the machine that planned the run; let all "
            "have the same packages and models (sayso models fetch, run --models)"
        )


def _flat(models: Mapping[str, object]) -> dict[str, object]:
    engines, tokenizer = models["engines"], models["tokenizer_versions"]
    assert isinstance(engines, Mapping)
    assert isinstance(tokenizer, Mapping)
    return {**engines, **tokenizer}


@cache
def speech_models(config: Synthesize) -> SpeechModels:
    """The models of a recipe, loaded once in each worker."""
    import torch

    # More threads would fight with the other workers, and sums taken in another order give other bits.
    torch.set_num_threads(1)
    voices = {voice.name: load_voice(voice) for voice in config.voices}
    tokenizer = load_tokenizer(config.tokenizer)
    direct = {voice.name: load_token_synthesizer(voice, tokenizer) for voice in config.voices if voice.is_direct}
    return SpeechModels(voices, tokenizer, direct)
