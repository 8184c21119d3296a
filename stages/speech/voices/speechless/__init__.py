"""Speechless: a language model that says texts as sound tokens at once, without audio."""
