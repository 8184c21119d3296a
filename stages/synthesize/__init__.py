"""Synthesize: rows are said, encoded as sound tokens and checked by decoding these."""
