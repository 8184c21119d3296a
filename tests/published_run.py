"""A finished run made by hand, with shards of two splits and two configs: what there is to push, without a model."""

import yaml

from sayso.manifests.dataset.configs import CONFIG_FOLDERS
from sayso.manifests.dataset.file_list import PublishedFile, file_list
from sayso.manifests.ledger import Ledger
from sayso.manifests.records import ShardKey
from sayso.manifests.run_plan import RunPlan
from sayso.stages.compose.compose import Compose, account, compose
from sayso.stages.compose.ichigo import ichigo
from sayso.stages.compose.parquet_shards import parquet_bytes
from sayso.stages.compose.published_columns import CONFIGS
from tests.sound_formats import SOUND_FORMAT
from tests.stages.compose.test_compose import row, rows

CARD = {
    "configs": [
        {
            "config_name": config,
            "data_files": [
                {"split": split, "path": f"{CONFIG_FOLDERS[config]}/{split}-*.parquet"} for split in ("train", "test")
            ],
        }
        for config in CONFIGS
    ]
}


def published_run(folder, train=(4, 4, 2), test=(3,), words="Four."):
    """A run below `folder` whose shards have so many rows; other `words` make other bytes in every shard of train."""
    ledger = Ledger(str(folder))
    files, number = [], 0
    names = {
        **{f"train-{shard:05d}-of-{len(train):05d}": count for shard, count in enumerate(train)},
        **{f"test-{shard:05d}-of-{len(test):05d}": count for shard, count in enumerate(test)},
    }
    for shard, count in names.items():
        split = shard.partition("-")[0]
        said = words if split == "train" else "Four."
        given = rows(*(row(f"{number + place:032x}", answer=f"{said} {number + place}") for place in range(count)))
        number += count
        table = compose(given, Compose(), SOUND_FORMAT, 0)
        of_config = {"default": table, "ichigo": ichigo(table, number - count, SOUND_FORMAT)}
        parquet = {
            f"{CONFIG_FOLDERS[each]}/{shard}.parquet": parquet_bytes(of_config[each], CONFIGS[each]) for each in CONFIGS
        }
        key = ShardKey(stage="compose", shard=shard, fingerprint="f", input="i")
        parameters = {"model": "/home/somebody/models/tiny.model", "voice": "heart"}
        published = {f"dataset/{name}": content for name, content in parquet.items()}
        record = ledger.commit(key, account(given, shard), count, parameters, 0.5, published)
        for config, file in zip(CONFIGS, record.files[2:], strict=True):
            name = file.name.removeprefix("dataset/")
            files.append(
                PublishedFile(name=name, config=config, split=split, rows=count, bytes=file.bytes, sha256=file.sha256)
            )
    recipe = {"sources": [{"name": "web", "paths": ["/home/somebody/rows.jsonl", "more/rows.jsonl"]}]}
    ledger.write_plan(RunPlan(name="sums", recipe=recipe).with_stage("compose", list(names)))
    files.sort(key=lambda file: (list(CONFIGS).index(file.config), file.split != "train", file.name))
    card = f"---\n{yaml.safe_dump(CARD, sort_keys=False)}---\n\n# Sums\n\n{words}\n"
    pages = {"funnel.svg": b"<svg/>", "README.md": card.encode()}
    ledger.storage.write("dataset/files.json", file_list(files, pages, SOUND_FORMAT))
    for name, page in pages.items():
        ledger.storage.write(f"dataset/{name}", page)
    return ledger
