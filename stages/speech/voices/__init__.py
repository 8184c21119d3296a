"""Voices: engines that say texts."""
