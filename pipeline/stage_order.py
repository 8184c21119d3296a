"""The stages of a run, in order."""

STAGES = (
    "evaluations",
    "ingest",
    "screen",
    "decontaminate",
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
TABLES = frozenset({"evaluations", "signatures", "pairs", "clusters"})
