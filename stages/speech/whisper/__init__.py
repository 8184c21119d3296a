"""Whisper: its weights in every form that they are published in, loaded."""
