"""What a dataset card tells: what was asked for, what came out, and what it was made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from sayso.manifests.dataset.file_list import PublishedFile
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.reports.funnel import StageFlow
from sayso.stages.compose.conversations import TranscriptionRequest
from sayso.stages.publish.config import Card
from sayso.stages.publish.summarize import Summary
from sayso.stages.rows.mixture import Mixture
from sayso.stages.speech.voices.voice import Voice
from sayso.stages.synthesize.augment import Augment


class SourceLine(BaseModel):
    """One source in the card's table."""

    model_config = ConfigDict(frozen=True)

    name: str
    license: str | None
    rows: int
    published: int


@dataclass(frozen=True)
class CardContent:
    """All that a card tells."""

    name: str
    card: Card
    mixture: Mixture
    transcription: TranscriptionRequest
    summary: Summary
    files: Sequence[PublishedFile]
    sources: Sequence[SourceLine]
    flows: Sequence[StageFlow]
    voices: Sequence[Voice]
    sound: SoundFormat
    tokenizer: str
    engines: Mapping[str, str]
    augment: Augment | None

    @property
    def title(self) -> str:
        """The heading of the card."""
        return self.card.title or self.name
