"""The card of a dataset of which a part was pulled."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from sayso.manifests.dataset.file_list import PublishedFile
from sayso.manifests.names import CARD_NAME
from sayso.pipeline.hub.pulled_folder import PullError
from sayso.stages.publish.hub_metadata import configs_of

_METADATA = re.compile(r"\A(?:\ufeff)?---\r?\n(.*?)\r?\n---\r?\n", re.DOTALL)
# The metadata of a card of ours have about a thousand; to read some that are nested takes the square of their length.
MOST_CHARACTERS = 4_000


def card_of_part(
    content: bytes, files: Sequence[PublishedFile], here: Sequence[PublishedFile], repository: str
) -> bytes:
    """The card, which names no config and no split of which nothing is `here`, so that the folder can be loaded.

    Raises PullError where the card has no metadata.
    """
    if {(file.config, file.split) for file in here} == {(file.config, file.split) for file in files}:
        return content
    text = content.decode(errors="replace")
    found = _METADATA.match(text)
    if found is None or len(found[1]) > MOST_CHARACTERS:
        raise PullError(_told(repository, "there are none, or too many of them"))
    try:
        metadata = yaml.safe_load(found[1])
        written = yaml.safe_dump({**metadata, "configs": configs_of(here)}, sort_keys=False, allow_unicode=True)
    except Exception as error:  # what YAML holds fails in many ways: dates that are none, nested too deep, no mapping
        raise PullError(_told(repository, type(error).__name__)) from None
    return f"---\n{written}---\n{text[found.end() :]}".encode()


def _told(repository: str, fault: str) -> str:
    return f"{repository}: the metadata of its {CARD_NAME} cannot be read ({fault}); pull the dataset whole"
