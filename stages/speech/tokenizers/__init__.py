"""Tokenizers: speech as sound tokens, and sound tokens as text."""
