"""The table of formats that a dataset is exported to; a new format is one entry."""

from __future__ import annotations

from sayso.pipeline.export.conversation_lines import CONVERSATION_LINES
from sayso.pipeline.export.lhotse_shar import LHOTSE_SHAR
from sayso.pipeline.export.nemo_manifest import NEMO_MANIFEST
from sayso.pipeline.export.webdataset_shards import WEBDATASET_SHARDS

FORMATS = {one.name: one for one in (CONVERSATION_LINES, LHOTSE_SHAR, NEMO_MANIFEST, WEBDATASET_SHARDS)}
