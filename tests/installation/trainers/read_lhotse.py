"""Lhotse opens a split's folder and loads each cut's samples, after its own checks."""

import lhotse
from expected import done, same, splits, with_audio
from lhotse.qa import validate

count = 0
for folder, rows in splits("lhotse"):
    cuts = list(lhotse.CutSet.from_shar(in_dir=folder))
    same([cut.id for cut in cuts], [row["id"] for row in with_audio(rows)])
    for cut, row in zip(cuts, with_audio(rows), strict=True):
        validate(cut, read_data=True)
        samples = cut.load_audio()
        same(samples.shape, (1, cut.num_samples))
        same(abs(cut.duration - row["duration"]) < 0.01, True)
        same((cut.supervisions[0].text, cut.supervisions[0].speaker), (row["said"], row["voice"]))
        same((cut.license, cut.transcript, cut.wer), (row["license"], row["transcript"], row["wer"]))
        same((cut.source, cut.answer, cut.sound_tokens), (row["source"], row["answer"], row["sound_tokens"]))
        count += 1
done(f"lhotse {lhotse.__version__}", count)
