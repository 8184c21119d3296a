"""The stages of a run, in order."""

STAGES = ("ingest", "screen", "deduplicate", "sample", "synthesize", "compose", "publish")
