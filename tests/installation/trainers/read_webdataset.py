"""WebDataset joins the files of each row, and decodes them."""

import hashlib
from importlib.metadata import version

import webdataset
from expected import done, same, splits, with_audio

count = 0
for folder, rows in splits("webdataset"):
    shards = sorted(map(str, folder.glob("*.tar")))
    samples = list(webdataset.WebDataset(shards, shardshuffle=False).decode())
    same([sample["__key__"] for sample in samples], [row["id"] for row in with_audio(rows)])
    for sample, row in zip(samples, with_audio(rows), strict=True):
        same(hashlib.sha256(sample["flac"]).hexdigest(), row["audio"])
        of_row = {name: row[name] for name in row if name not in ("audio", "said", "duration")}
        same({name: sample["json"][name] for name in of_row}, of_row)
        count += 1
done(f"webdataset {version('webdataset')}", count)
