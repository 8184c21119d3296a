"""Publish a run: the list of files, the pictures and, last, the card, once every shard of the dataset is in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from manifests.file_list import PublishedFile, file_list
from manifests.funnel import StageFlow, funnel
from manifests.ledger import Ledger, RunPlan
from manifests.names import CARD_NAME, DATASET, LIST_NAME
from manifests.run_folder import remove_unpublished
from manifests.storage import StoredFile
from pipeline.recipe import Recipe
from stages.inaudible import INAUDIBLE, LICENSE
from stages.publish import Published, SourceLine, card_text, pictures
from stages.published_folders import FOLDERS
from stages.speech.models import engine_versions, published_name
from stages.summarize import summarize


def publish(recipe: Recipe, ledger: Ledger, plan: RunPlan) -> int:
    """Publish what was composed, and take away shards of an earlier cut. Returns how many rows there are."""
    storage = ledger.storage
    records = ledger.records(plan.stages[-1])
    stored = {file.name: file for record in records for file in record.files if file.name.startswith(DATASET)}
    ledger.check_claim()
    remove_unpublished(ledger, plan, stored)
    files = [_published(ledger, file) for file in stored.values()]
    flows = funnel(ledger)
    published = Published(
        name=recipe.name,
        card=recipe.card,
        mixture=recipe.mixture,
        summary=summarize(_splits(ledger, files)),
        files=files,
        sources=list(_source_lines(recipe, flows)),
        flows=flows,
        voices=recipe.synthesize.voices,
        tokenizer=published_name(recipe.synthesize.tokenizer),
        engines=engine_versions(recipe.synthesize.voices),
        augment=recipe.synthesize.augment,
    )
    # To look at every row of the dataset may have taken long.
    ledger.check_claim()
    storage.write(f"{DATASET}{LIST_NAME}", file_list(files))
    for name, picture in pictures(published).items():
        storage.write(f"{DATASET}{name}", picture)
    storage.write(f"{DATASET}{CARD_NAME}", card_text(published))
    return sum(record.rows_out for record in records)


def _splits(ledger: Ledger, files: Sequence[PublishedFile]) -> dict[str, pl.LazyFrame]:
    """The rows of each split, in the default config."""
    names: dict[str, list[str]] = {}
    for file in files:
        if file.config == "default":
            names.setdefault(file.split, []).append(f"{DATASET}{file.name}")
    return {split: ledger.storage.scan(of_split) for split, of_split in names.items()}


def _published(ledger: Ledger, file: StoredFile) -> PublishedFile:
    name = file.name.removeprefix(DATASET)
    folder, _, shard = name.partition("/")
    config = next(config for config, of_config in FOLDERS.items() if of_config == folder)
    rows = ledger.storage.scan([file.name]).select(pl.len()).collect().item()
    split = shard.partition("-")[0]
    return PublishedFile(name=name, config=config, split=split, rows=rows, bytes=file.bytes, sha256=file.sha256)


def _source_lines(recipe: Recipe, flows: list[StageFlow]) -> Iterator[SourceLine]:
    """What was read of each source and what was published of it; rows that were made come last."""
    came = {flow.source: flow.rows_in for flow in flows[0].sources}
    stayed = {flow.source: flow.rows_out for flow in flows[-1].sources}
    for source in recipe.sources:
        rows, published = came.get(source.name, 0), stayed.get(source.name, 0)
        yield SourceLine(name=source.name, license=source.license, rows=rows, published=published)
    if INAUDIBLE in stayed:
        made = stayed[INAUDIBLE]
        yield SourceLine(name=INAUDIBLE, license=LICENSE, rows=made, published=made)
