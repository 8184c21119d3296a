"""Speech: voices, sound tokenizers and Whisper, where their weights come from, and what they do on a device."""
