"""The speech that is judged here is that of the tests of speech."""

from tests.stages.speech.conftest import clips, listener, tokenizer

__all__ = ["clips", "listener", "tokenizer"]
