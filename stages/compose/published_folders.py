"""The configs of the published dataset, and where the files of each lie in it."""

from __future__ import annotations

from typing import Literal

Config = Literal["default", "ichigo"]

FOLDERS: dict[Config, str] = {"default": "data", "ichigo": "ichigo"}
