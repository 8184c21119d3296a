"""Speech: Whisper, the WhisperVQ sound tokens, and what it takes to train them."""
