"""Decontaminate: no row may give away what an evaluation asks."""
