"""WhisperVQ: speech to sound tokens, and back to the text that is heard in them."""
