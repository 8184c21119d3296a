"""The names of the stages, in the order of the data: apart from the table of stages, which has to import them all."""

from __future__ import annotations

# The last has no shards: it needs all that is there, and takes place where the run was started.
PUBLISH = "publish"
# Its shards may stay though its code has changed: no other stage costs as much to do again.
SPEECH = "synthesize"

STAGE_NAMES = (
    "evaluations",
    "survey",
    "ingest",
    "screen",
    "decontaminate",
    "frames",
    "signatures",
    "pairs",
    "clusters",
    "deduplicate",
    "scatter",
    "subdivide",
    "gather",
    "sample",
    "synthesize",
    "mix",
    "candidates",
    "leaks",
    "compose",
    PUBLISH,
)
