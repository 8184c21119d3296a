"""Ingest: the rows of the sources, as messages with a prompt to say and its answer."""
