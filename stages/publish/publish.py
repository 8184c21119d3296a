"""Publish a run: the list of files, the pictures and, last, the card, once every shard of the dataset is in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.dataset.file_list import PublishedFile, file_list
from sayso.manifests.ledger import Ledger
from sayso.manifests.names import CARD_NAME, DATASET, LIST_NAME
from sayso.manifests.reading import StoredTable
from sayso.manifests.records import Record
from sayso.manifests.reports.funnel import StageFlow, funnel
from sayso.manifests.run_folder import remove_unpublished
from sayso.stages.compose.compose import Compose
from sayso.stages.mix.inaudible import INAUDIBLE, LICENSE
from sayso.stages.publish.card import card_text
from sayso.stages.publish.card_content import CardContent, SourceLine
from sayso.stages.publish.config import Card
from sayso.stages.publish.pictures import pictures
from sayso.stages.publish.summarize import COLUMNS, summarize
from sayso.stages.rows.mixture import Mixture
from sayso.stages.sources.source import Source
from sayso.stages.speech.engines import engine_versions
from sayso.stages.speech.tokenizers.tokenizer import format_of
from sayso.stages.synthesize.synthesize import Synthesize

# Of a row that is shown as a sample.
SHOWN = ("spoken", "sound_tokens", "duration", "transcript", "wer", "answer")


def publish(
    ledger: Ledger,
    name: str,
    card: Card,
    sources: Sequence[Source],
    mixture: Mixture,
    synthesize: Synthesize,
    compose: Compose,
) -> int:
    """Publish what was composed, and take away shards of an earlier cut. Returns how many rows there are."""
    storage, plan = ledger.storage, ledger.plan()
    records = ledger.records(plan.stages[-1])
    stored = {table.file.name: table for table in _tables(ledger, records)}
    ledger.check_claim()
    remove_unpublished(ledger, plan, stored)
    files = [_published_file(table) for table in stored.values()]
    sound = format_of(synthesize.tokenizer)
    flows = funnel(ledger)
    content = CardContent(
        name=name,
        card=card,
        mixture=mixture,
        transcription=compose.transcription,
        summary=summarize(_splits(files, stored)),
        files=files,
        sources=list(_source_lines(sources, flows)),
        flows=flows,
        voices=synthesize.voices,
        sound=sound,
        tokenizer=synthesize.tokenizer.published_name(),
        engines=engine_versions(synthesize.voices),
        augment=synthesize.augment,
    )
    # The card is the last: with it the dataset is published.
    pages = {**pictures(content), CARD_NAME: card_text(content)}
    # To look at every row of the dataset may have taken long.
    ledger.check_claim()
    storage.write(f"{DATASET}{LIST_NAME}", file_list(files, pages, sound))
    for page_name, page in pages.items():
        storage.write(f"{DATASET}{page_name}", page)
    return sum(record.rows_out for record in records)


def spoken_samples(ledger: Ledger, count: int) -> list[dict[str, object]]:
    """Some published rows that are said, evenly spread; fewer where there are not so many."""
    tables = [
        table
        for table in _tables(ledger, ledger.records(ledger.plan().stages[-1]))
        if table.file.name.startswith(f"{DATASET}{CONFIG_FOLDERS['default']}/")
    ]
    spoken = pl.concat(
        table.read(["voice"]).with_row_index("row").drop_nulls().select("row", pl.lit(number).alias("table"))
        for number, table in enumerate(tables)
    )
    places = spoken.gather_every(max(1, spoken.height // count)).head(count)
    return [tables[number].read(SHOWN).row(row, named=True) for row, number in places.rows()]


def _tables(ledger: Ledger, records: Sequence[Record]) -> Iterator[StoredTable]:
    """The files of the dataset that belong to records of compose."""
    for record in records:
        for file in record.files:
            if file.name.startswith(DATASET):
                yield ledger.table_in(record, file.name)


def _splits(files: Sequence[PublishedFile], stored: Mapping[str, StoredTable]) -> dict[str, pl.DataFrame]:
    """What the summary needs of the rows of each split, in the default config."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for file in files:
        if file.config == "default":
            parts.setdefault(file.split, []).append(stored[f"{DATASET}{file.name}"].read(COLUMNS))
    return {split: pl.concat(of_split) for split, of_split in parts.items()}


def _published_file(table: StoredTable) -> PublishedFile:
    file = table.file
    name = file.name.removeprefix(DATASET)
    folder, _, shard = name.partition("/")
    config = next(config for config, of_config in CONFIG_FOLDERS.items() if of_config == folder)
    split = shard.partition("-")[0]
    return PublishedFile(name=name, config=config, split=split, rows=table.rows, bytes=file.bytes, sha256=file.sha256)


def _source_lines(sources: Sequence[Source], flows: list[StageFlow]) -> Iterator[SourceLine]:
    """What was read of each source and what was published of it; rows that were made come last."""
    rows_in = {flow.source: flow.rows_in for flow in flows[0].sources}
    rows_out = {flow.source: flow.rows_out for flow in flows[-1].sources}
    for source in sources:
        rows, published = rows_in.get(source.name, 0), rows_out.get(source.name, 0)
        yield SourceLine(name=source.name, license=source.license, rows=rows, published=published)
    if INAUDIBLE in rows_out:
        made = rows_out[INAUDIBLE]
        yield SourceLine(name=INAUDIBLE, license=LICENSE, rows=made, published=made)
