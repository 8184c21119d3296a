"""Texts → packs of spoken sentences → what Whisper hears in them, kept on disk for `train`.

    python -m sayso.stages.speech.tokenizers.whispervq.training.prepare data/*.json data/*.jsonl --to prepared --hours 6

A pack is one 30 s window of Whisper's encoder: one sentence, or as many as fit. Written under `--to`:
`packs.parquet` (written, spoken, voice, seconds, tokens; one line a pack), `features.f16` (packs × 1500 × width,
the encoder's output) and `unseen.txt` (sentences kept out of training, for a look while it runs).
"""

import json
import random
import re
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import polars as pl
import typer
from num2words import num2words
from rich.progress import track

from sayso.stages.speech.protocols import SAMPLE_RATE

WINDOW_SECONDS, SAMPLES_PER_TOKEN = 30.0, 640
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z])")
PLAIN = re.compile(r"[A-Z][A-Za-z0-9 ,.'?!;$%-]{13,138}[.?!]")
NUMBER = re.compile(r"(?<![\w.])(\$?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%?)(?![\w$])")
SHOUTED = re.compile(r"[A-Z]{5}|\.\.|--| [A-Za-z]\.|[.?!] [a-z]")
FLITE_VOICES = ("slt", "rms", "awb", "kal16")


def strings(value: Any) -> Iterator[str]:
    """Every string inside a JSON value, whatever the schema around it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def rows(path: Path) -> list[Any]:
    """The rows of a Parquet, JSON lines or JSON file."""
    if path.suffix == ".parquet":
        return pl.read_parquet(path).to_dicts()
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return [json.loads(text)]


def sentences(path: Path) -> list[str]:
    """The plain sentences of 15 to 140 characters in a file, each once, in the file's order."""
    found = {}
    for text in strings(rows(path)):
        for sentence in map(str.strip, SENTENCE_END.split(text[:4000])):
            plain = PLAIN.fullmatch(sentence) and not SHOUTED.search(sentence) and 3 <= len(sentence.split()) <= 28
            if plain and spell(sentence) is not None:
                found[sentence.lower()] = sentence
    return list(found.values())


def spell(sentence: str) -> str | None:
    """The sentence with its numbers in words; null where a sign or a digit is left that nobody says so."""

    def words(match: re.Match[str]) -> str:
        dollar, whole, fraction, percent = match.groups()
        if dollar and fraction:
            return match[0]
        year = not (fraction or dollar or percent) and re.fullmatch(r"1[1-9]\d\d|20[0-4]\d", whole)
        number = whole.replace(",", "") + (fraction or "")
        said = num2words(float(number) if fraction else int(number), to="year" if year else "cardinal")
        unit = (" dollar" if number == "1" else " dollars") if dollar else " percent" if percent else ""
        return str(said).replace(",", "") + unit

    if re.search(r"\d{7}", sentence):
        return None
    spoken = NUMBER.sub(words, sentence)
    return None if re.search(r"[\d$%]", spoken) else spoken


def spread(pools: list[list[str]], rng: random.Random) -> Iterator[str]:
    """Sentences of all files in turn, so that no file drowns the others; each pool in random order."""
    for pool in pools:
        rng.shuffle(pool)
    waiting = [iter(pool) for pool in pools]
    while waiting:
        for sentences_left in list(waiting):
            sentence = next(sentences_left, None)
            if sentence is None:
                waiting.remove(sentences_left)
            else:
                yield sentence


def plan_packs(texts: Iterator[str], hours: float, short: float, rng: random.Random, voices: list[str]) -> list[dict]:
    """Packs of about `hours` in all, `short` of them by number of one or two sentences, the others full.

    hibari says four of five packs: it is the voice that the rows will have.
    """
    packs: list[dict[str, Any]] = []
    seconds = 0.0
    while seconds < hours * 3600:
        room = rng.choice([1, 1, 2]) if rng.random() < short else 99
        pack: list[str] = []
        length = 0.0
        while len(pack) < room and length < 26.5:
            sentence = next(texts, None)
            if sentence is None:
                return packs
            pack.append(sentence)
            length += 0.9 + len(sentence) / 15
        voice = "hibari" if not voices or rng.random() < 0.8 else rng.choice(voices)
        packs.append({"sentences": pack, "voice": voice, "seed": rng.randrange(1 << 30)})
        seconds += min(length, WINDOW_SECONDS)
    return packs


def say_flite(text: str, voice: str, speed: float) -> np.ndarray:
    """The text in one of flite's voices, 16 kHz float32."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        command = ["flite", "-voice", voice, "--setf", f"duration_stretch={1 / speed}", "-t", text, file.name]
        subprocess.run(command, check=True, capture_output=True)
        with wave.open(file.name) as sound:
            if sound.getframerate() != SAMPLE_RATE:
                raise ValueError(f"flite's voice {voice} has {sound.getframerate()} Hz, not {SAMPLE_RATE}")
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
    return samples.astype(np.float32) / 32768


_worker: dict[str, Any] = {}


def _start_worker(whisper_ref: str, features: str, count: int) -> None:
    import torch
    from hibari import Hibari

    from sayso.stages.speech.whisper.loading import load_whisper

    torch.set_num_threads(1)
    model = load_whisper(whisper_ref)
    shape = (count, model.dims.n_audio_ctx, model.dims.n_audio_state)
    _worker.update(voice=Hibari(threads=1), whisper=model)
    _worker["features"] = np.memmap(features, dtype=np.float16, mode="r+", shape=shape)


def make_pack(index: int, pack: dict) -> dict:
    """Say one pack, keep what Whisper's encoder makes of it; the line for packs.parquet."""
    import soxr
    import torch

    from sayso.stages.speech.tokenizers.whispervq.mels import padded_mel

    rng = random.Random(pack["seed"])
    clips: list[np.ndarray] = []
    written: list[str] = []
    samples = 0
    lone = len(pack["sentences"]) <= 2
    for sentence in pack["sentences"]:
        spoken, speed = spell(sentence) or sentence, rng.uniform(0.85, 1.2)
        if pack["voice"] == "hibari":
            clip = soxr.resample(
                _worker["voice"](spoken, speed=speed, seed=rng.randrange(1 << 30)),
                _worker["voice"].sample_rate,
                SAMPLE_RATE,
            )
        else:
            clip = say_flite(spoken, pack["voice"], speed)
        gap = np.zeros(int(rng.uniform(0.0, 0.5 if written or not lone else 0.1) * SAMPLE_RATE))
        if samples + len(gap) + len(clip) > (WINDOW_SECONDS - 0.4) * SAMPLE_RATE:
            break
        clips += [gap, clip]
        written.append(sentence)
        samples += len(gap) + len(clip)
    if not written:
        return {"written": "", "voice": pack["voice"], "seconds": 0.0, "tokens": 0}
    audio = np.concatenate(clips).astype(np.float32) * rng.uniform(0.5, 1.2)
    with torch.inference_mode():
        features = _worker["whisper"].encoder(padded_mel(torch.from_numpy(audio))[None])[0]
    _worker["features"][index] = features.numpy().astype(np.float16)
    return {
        "written": " ".join(written),
        "voice": pack["voice"],
        "seconds": len(audio) / SAMPLE_RATE,
        "tokens": len(audio) // SAMPLES_PER_TOKEN,
    }


def main(
    files: Annotated[list[Path], typer.Argument(help="Parquet, JSON or JSON lines, in any schema.", exists=True)],
    to: Annotated[Path, typer.Option(help="Folder for the prepared packs.")],
    exclude: Annotated[Path | None, typer.Option(help="Sentences, one a line, that must stay unseen.")] = None,
    hours: Annotated[float, typer.Option(help="Hours of speech to make.")] = 6.0,
    short: Annotated[float, typer.Option(help="Share of the packs that hold one or two sentences.")] = 0.3,
    unseen: Annotated[int, typer.Option(help="Sentences to put aside in unseen.txt.")] = 64,
    whisper: Annotated[str, typer.Option(help="The Whisper model that listens.")] = "tiny.en@package",
    workers: Annotated[int, typer.Option(help="Processes, one thread each.")] = 2,
    seed: int = 0,
) -> None:
    """Make the training packs. A window of 30 s takes about a second of one core."""
    from sayso.stages.speech.whisper.loading import load_whisper

    rng = random.Random(seed)
    forbidden = set(exclude.read_text(encoding="utf-8").lower().splitlines()) if exclude else set()
    pools = [[text for text in sentences(path) if text.lower() not in forbidden] for path in files]
    for path, pool in zip(files, pools, strict=True):
        typer.echo(f"{path.name}: {len(pool)} sentences")
    # Questions are what people will ask aloud: they get pools of their own, so that every second sentence is one.
    pools = [[text for text in pool if text.endswith("?") == asks] for pool in pools for asks in (True, False)]
    texts = iter(dict.fromkeys(spread(pools, rng)))
    put_aside = [next(texts) for _ in range(unseen)]
    voices = list(FLITE_VOICES) if shutil.which("flite") else []
    packs = plan_packs(texts, hours, short, rng, voices)

    to.mkdir(parents=True, exist_ok=True)
    (to / "unseen.txt").write_text("\n".join(put_aside) + "\n", encoding="utf-8")
    dims = load_whisper(whisper).dims
    features = to / "features.f16"
    np.memmap(features, np.float16, "w+", shape=(len(packs), dims.n_audio_ctx, dims.n_audio_state)).flush()
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_start_worker, initargs=(whisper, str(features), len(packs))
    ) as processes:
        lines = list(track(processes.map(make_pack, range(len(packs)), packs), total=len(packs), description="saying"))
    table = pl.DataFrame(lines)
    table.write_parquet(to / "packs.parquet")
    typer.echo(f"{len(table)} packs, {table['seconds'].sum() / 3600:.2f} hours")


if __name__ == "__main__":
    typer.run(main)
