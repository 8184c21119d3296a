"""The stages of a run, one folder each, and what they share: rows, sources, speech and jobs."""
