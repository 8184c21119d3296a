"""WhisperSpeech for many texts at once: text → semantic tokens → acoustic codes → speech.

The networks are those of the `whisperspeech` package, with its published checkpoints. Its own `generate` takes one text
at a time and computes the cross-attention's keys and values anew at each step; here different texts share a batch and
these are computed once. `voice.py` puts the parts together.
"""
