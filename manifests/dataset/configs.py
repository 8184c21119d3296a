"""The configs of a published dataset, and where the files of each lie in it."""

from __future__ import annotations

from typing import Literal

ConfigName = Literal["default", "ichigo"]

CONFIG_FOLDERS: dict[ConfigName, str] = {"default": "data", "ichigo": "ichigo"}
