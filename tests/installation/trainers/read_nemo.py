"""NeMo reads the archives by the manifest of all and by one for each, as its loaders for speech models do."""

from importlib.metadata import version

from expected import done, same, splits, with_audio
from nemo.collections.asr.data.audio_to_text import TarredAudioToCharDataset
from nemo.collections.common.data.lhotse.nemo_adapters import LazyNeMoTarredIterator
from nemo.collections.common.parts.preprocessing.manifest import item_iter

count = 0
for folder, rows in splits("nemo"):
    heard = with_audio(rows)
    tars = sorted(map(str, folder.glob("audio_*.tar")))
    last = len(tars) - 1
    sharded = f"{folder}/sharded_manifests/manifest__OP_0..{last}_CL_.json"
    for manifest in (f"{folder}/tarred_audio_manifest.json", sharded):
        cuts = list(LazyNeMoTarredIterator(manifest, f"{folder}/audio__OP_0..{last}_CL_.tar"))
        same([cut.custom["id"] for cut in cuts], [row["id"] for row in heard])
        for cut, row in zip(cuts, heard, strict=True):
            same(cut.load_audio().shape, (1, cut.num_samples))
            same((cut.supervisions[0].text, cut.supervisions[0].language), (row["said"], row["language"]))
            same((cut.license, cut.transcript, cut.wer), (row["license"], row["transcript"], row["wer"]))
    # The loader of recognizers finds them, too, and has as many samples of each.
    letters = sorted(set("".join(row["said"] for row in heard)))
    read = TarredAudioToCharDataset(
        tars,
        f"{folder}/tarred_audio_manifest.json",
        letters,
        16_000,
        parser="base",
        normalize=False,
        shard_strategy="replicate",
        world_size=1,
    )
    lengths = [(len(samples), "".join(letters[token] for token in tokens)) for samples, _, tokens, _ in read]
    same(lengths, [(cut.num_samples, row["said"]) for cut, row in zip(cuts, heard, strict=True)])
    # What the older loaders keep of an entry.
    entries = list(item_iter(f"{folder}/tarred_audio_manifest.json"))
    same([entry["audio_file"] for entry in entries], [f"{row['id']}.flac" for row in heard])
    same([(one["text"], one["answer"]) for one in entries], [(row["said"], row["answer"]) for row in heard])
    count += len(heard)
done(f"nemo-toolkit {version('nemo-toolkit')}", count)
