"""The speech that is judged here is that of the tests of speech."""

from tests.stages.speech.conftest import clips, tokenizer, whisper

__all__ = ["clips", "tokenizer", "whisper"]
