"""The stages of a run, in order."""

STAGES = (
    "survey",
    "ingest",
    "screen",
    "signatures",
    "pairs",
    "clusters",
    "deduplicate",
    "sample",
    "synthesize",
    "compose",
    "publish",
)

# These decide about no row: they make what the stages after them work with.
TABLES = frozenset({"survey", "signatures", "pairs", "clusters"})
