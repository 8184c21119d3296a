"""Exports as the libraries of trainers read them, each in an environment of its own: `.ci/trainers` runs all of it."""
