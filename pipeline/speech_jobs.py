"""The jobs of the speech, for one range of ids, on a worker that keeps its models in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from manifests.ledger import Ledger
from manifests.records import ShardKey
from pipeline.jobs import Done
from stages.speech.models import load_token_speaker, load_tokenizer, load_voice
from stages.synthesize import Synthesize, synthesize
from stages.takes import SpeechModels


@dataclass(frozen=True)
class SynthesizeJob:
    """Say, encode and check the rows of one range of ids."""

    key: ShardKey
    parameters: dict[str, object]
    config: Synthesize
    seed: int
    batch: int

    def outcome(self, ledger: Ledger) -> Done:
        rows = ledger.rows("sample", [self.key.shard]).collect()
        return Done(synthesize(rows, speech_models(self.config), self.config, self.seed, self.batch), rows.height)


@cache
def speech_models(config: Synthesize) -> SpeechModels:
    """The models of a recipe, loaded once in each worker."""
    import torch

    # More threads would fight with the other workers, and sums taken in another order give other bits.
    torch.set_num_threads(1)
    voices = {voice.name: load_voice(voice) for voice in config.voices}
    tokenizer = load_tokenizer(config.tokenizer)
    direct = {voice.name: load_token_speaker(voice, tokenizer) for voice in config.voices if voice.is_direct}
    return SpeechModels(voices, tokenizer, direct)
