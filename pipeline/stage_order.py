"""The stages of a run, in order."""

STAGES = (
    "evaluations",
    "survey",
    "ingest",
    "screen",
    "decontaminate",
    "signatures",
    "pairs",
    "clusters",
    "deduplicate",
    "sample",
    "synthesize",
    "mix",
    "candidates",
    "leaks",
    "compose",
    "publish",
)

# These decide about no row: they make what the stages after them work with.
TABLES = frozenset({"evaluations", "survey", "signatures", "pairs", "clusters", "candidates", "leaks"})
