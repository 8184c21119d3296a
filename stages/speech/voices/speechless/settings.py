"""What a Speechless voice speaks with, and how."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

RELEASED = "Menlo/Speechless-llama3.2-v0.1"


class SpeechlessSettings(BaseModel):
    """The language model that a Speechless voice speaks with, where it runs, and how it speaks.

    Without a server it runs in each worker: by vLLM where that is installed, otherwise by transformers. At temperature
    0 nothing is drawn, and a row that fails is not said again by this voice, for it would say the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(
        default=RELEASED,
        description="a Hub repository OWNER/NAME or OWNER/NAME@COMMIT, or a folder with config.json, tokenizer.json "
        "and safetensors; with `server`, what the server calls it",
    )
    server: str | None = Field(
        default=None,
        description="address of an OpenAI-compatible completion server, such as http://gpu1:8000/v1; the model is not "
        "loaded here then",
    )
    max_tokens: int = Field(default=1024, gt=0, description="a row that has not ended after so many is given up")
    temperature: float = Field(default=0.0, ge=0, description="of the draws; 0 always takes the likeliest token")
    max_batch_size: int = Field(
        default=64,
        gt=0,
        description="rows that go through the model at once, requests under way with a server; one row on a CPU "
        "without vLLM",
    )
    device: str = Field(default="cpu", description="a torch device: cpu, cuda, cuda:0, …")
    precision: Literal["float32", "float16", "bfloat16"] = Field(
        default="float32", description="of the model, where it is loaded here"
    )
    gpu_memory_utilization: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="the share of a GPU's memory that vLLM takes; the tokenizer needs some, too",
    )

    @field_validator("server")
    @classmethod
    def _is_an_address(cls, server: str | None) -> str | None:
        if server is None:
            return None
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("a server is named by an address such as http://gpu1:8000/v1")
        if parts.username or parts.password:
            raise ValueError("an address with a password would be kept in records; let the server be reached without")
        return server.rstrip("/")
