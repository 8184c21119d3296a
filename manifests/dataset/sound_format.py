"""What a tokenizer's sound tokens are like: how many codes there are, how many make a second, how many a message."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

# Published lists of tokens are of uint16.
MOST_CODES = 1 << 16
# A clip ends between two tokens, and its duration is stored rounded to milliseconds.
LENGTH_TOLERANCE = 2


class SoundFormat(BaseModel):
    """The sound tokens of a tokenizer. It comes from the tokenizer, and all that makes or checks tokens follows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=100, description="what this kind of tokens is called")
    codes: int = Field(gt=0, lt=MOST_CODES, description="how many codes stand for sound, without the mask code")
    mask_code: int | None = Field(
        default=None, ge=0, lt=MOST_CODES, description="the code that stands for no sound, and is never published"
    )
    tokens_per_second: float = Field(gt=0, le=10_000, allow_inf_nan=False)
    max_tokens: int = Field(gt=0, lt=MOST_CODES, description="most tokens of one message: what is encoded at once")

    @model_validator(mode="after")
    def _the_mask_code_is_among_the_codes_or_next_to_them(self) -> SoundFormat:
        if self.mask_code is not None and self.mask_code > self.codes:
            raise ValueError(f"the mask code {self.mask_code} is above {self.codes}, the number of codes")
        return self

    @property
    def highest(self) -> int:
        """The highest code that stands for sound: a mask code below it takes one of the numbers."""
        return self.codes - 1 if self.mask_code in (None, self.codes) else self.codes

    @property
    def digits(self) -> int:
        """How many digits every code is written with, as in `<|sound_0001|>`."""
        return max(4, len(str(self.codes)))

    def fits(self, tokens: int, seconds: float) -> bool:
        """Whether a message of so many seconds may have so many tokens."""
        return abs(seconds * self.tokens_per_second - tokens) <= LENGTH_TOLERANCE

    @property
    def max_seconds(self) -> float:
        """The longest message, in seconds."""
        return self.max_tokens / self.tokens_per_second
