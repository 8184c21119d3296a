"""Hibari: the embedded default voice, a small neural English voice that runs on a CPU."""
