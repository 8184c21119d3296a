"""How well words survive the sound tokens, beside how well Whisper itself hears them.

    python -m sayso.stages.speech.tokenizers.whispervq.training.evaluate sentences.txt

Each line of the file is said by hibari, at its own speed and with the line's number as the seed. Prints JSON: word
and character error rate over all lines (errors summed before they are divided, Whisper's own English normalizer
on both sides), of the text read from the tokens and of Whisper on the same audio.
"""

import json
import time
from pathlib import Path
from typing import Annotated

import jiwer
import numpy as np
import torch
import typer

from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.voices.hibari.voice import HibariVoice
from sayso.stages.speech.whisper.loading import load_whisper
from sayso.stages.speech.whisper.normalizer import normalizer_of


def main(
    sentences: Annotated[Path, typer.Argument(help="Text, one sentence a line.", exists=True)],
    model: Annotated[str, typer.Option(help="A bundled WhisperVQ model, a file, or a Hub file.")] = "whispervq-tiny-en",
    whisper: Annotated[str, typer.Option(help="The Whisper it was trained on.")] = "tiny.en@package",
    speaker: Annotated[str, typer.Option(help="One of hibari's voices.")] = "heart",
    speed: Annotated[float, typer.Option(help="1.0 is the voice's own.")] = 1.0,
    threads: int = 1,
    details: Annotated[Path | None, typer.Option(help="Write each line's texts and error rate here, as JSON.")] = None,
) -> None:
    """Measure error rates through the tokens and without them."""
    torch.set_num_threads(threads)
    tokenizer = WhisperVQ.load(model, load_whisper(whisper))
    lines = [line.strip() for line in sentences.read_text(encoding="utf-8").splitlines() if line.strip()]
    seconds = {}

    def timed(name: str, start: float) -> None:
        seconds[name] = round((time.process_time() - start) / len(lines), 3)

    start = time.process_time()
    clips = HibariVoice(speaker).synthesize(lines, range(len(lines)), [speed] * len(lines))
    timed("voice", start)
    start = time.process_time()
    tokens = tokenizer.encode(clips)
    timed("encode", start)
    start = time.process_time()
    read = tokenizer.decode_text(tokens)
    timed("decode", start)
    heard = tokenizer.transcribe(clips)

    normalize = normalizer_of("en")
    said, through, direct = ([normalize(text) for text in texts] for texts in (lines, read, heard))
    rows = [float(jiwer.wer(one, other)) for one, other in zip(said, through, strict=True)]
    codes = np.bincount(np.concatenate(tokens), minlength=tokenizer.codes + 1)
    report = {
        "sentences": len(lines),
        "words": sum(len(text.split()) for text in said),
        "audio_seconds": round(sum(map(len, clips)) / tokenizer.sample_rate, 1),
        "tokens": {"wer": round(jiwer.wer(said, through), 4), "cer": round(jiwer.cer(said, through), 4)},
        "whisper": {"wer": round(jiwer.wer(said, direct), 4), "cer": round(jiwer.cer(said, direct), 4)},
        "rows_with_wer_at_most": {
            str(most): sum(row <= most for row in rows) for most in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
        },
        "codes_used": int((np.delete(codes, tokenizer.mask) > 0).sum()),
        "mask_codes": int(codes[tokenizer.mask]),
        "cpu_seconds_a_row": seconds,
    }
    typer.echo(json.dumps(report, indent=2))
    if details:
        columns = zip(lines, read, heard, rows, strict=True)
        table = [
            {"said": said, "tokens": read, "whisper": heard, "wer": round(row, 4)} for said, read, heard, row in columns
        ]
        details.write_text(json.dumps(table, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
