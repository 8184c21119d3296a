"""The names of the formats: apart from the table of formats, which has to import them all."""

from __future__ import annotations

CONVERSATIONS, LHOTSE, NEMO, WEBDATASET = "conversations", "lhotse", "nemo", "webdataset"

FORMAT_NAMES = (CONVERSATIONS, LHOTSE, NEMO, WEBDATASET)
