"""What a WhisperSpeech voice speaks with, and how."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class WhisperSpeechSettings(BaseModel):
    """The models that a WhisperSpeech voice speaks with, and how it speaks. Voices with the same models share them.

    Each text is drawn with a seed that follows from the recipe's seed, the row and the attempt. At temperature 0 there
    is nothing to draw, and only another speed makes another attempt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    t2s: str = Field(
        default="collabora/whisperspeech:t2s-small-en+pl.model",
        description="text to semantic tokens: a file, or a Hub file OWNER/NAME:FILE or OWNER/NAME@COMMIT:FILE",
    )
    s2a: str = Field(
        default="collabora/whisperspeech:s2a-q4-small-en+pl.model",
        description="semantic tokens to EnCodec's codes: a file, or a Hub file",
    )
    vocoder: str = Field(
        default="charactr/vocos-encodec-24khz",
        description="codes to audio: a folder with config.yaml and pytorch_model.bin, or a Hub repository",
    )
    route: Literal["audio", "direct"] = Field(
        default="audio",
        description="`direct` takes the semantic tokens as the sound tokens at the first attempt, the third, …, and "
        "makes no audio for them; only where T2S was trained on the tokenizer's own codes",
    )
    vq: str | None = Field(
        default=None,
        description="the WhisperVQ that T2S was trained on, a file or a Hub file; for `route: direct`, which compares "
        "it with the sound tokenizer",
    )
    language: str = Field(default="en", description="ISO 639-1 code; what the models know is in their names")
    cps: float = Field(default=15.0, gt=0, le=20, description="characters a second at speed 1")
    temperature: float = Field(default=0.7, ge=0, description="of the draws; 0 always takes the likeliest token")
    max_seconds: float = Field(default=29.9, gt=0, le=29.96, description="a row that has not ended by then is given up")
    max_batch_size: int = Field(
        default=16,
        gt=0,
        description="rows in the works at once, of all that are handed over; another number gives other last bits",
    )
    device: str = Field(default="cpu", description="a torch device: cpu, cuda, cuda:0, …")
    precision: Literal["float32", "float16", "bfloat16"] = Field(
        default="float32", description="of T2S and S2A; only float32 promises the same tokens in any batch"
    )

    @model_validator(mode="after")
    def _the_direct_route_names_its_codebook(self) -> WhisperSpeechSettings:
        if (self.route == "direct") != (self.vq is not None):
            raise ValueError("the key vq, the WhisperVQ that t2s was trained on, goes with `route: direct`")
        return self
