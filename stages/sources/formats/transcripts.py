"""Transcripts in lines, as sets of recorded speech come with them: the name of a recording, and what is said in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from sayso.stages.sources.files import UTF8_MARK, File, open_bytes
from sayso.stages.sources.formats.json_lines import lines
from sayso.stages.sources.formats.json_values import Broken
from sayso.stages.sources.limits import large_row

Row = dict[str, str | None]


def transcripts(file: File) -> Iterator[Row | Broken]:
    """A row for each line that is not blank: `file_name`, `text` and `speaker_id`, who is null in LJSpeech.

    Broken (`invalid_transcript`, `invalid_utf8`) at a line that has another form.
    """
    read = _reader_of(PurePosixPath(file.name).name)
    with open_bytes(file) as stream:
        for number, _, size, content in lines(file, stream):
            if content is None:
                yield Broken(*large_row(size, file.limits.row_bytes))
                continue
            try:
                line = content.removeprefix(UTF8_MARK if number == 1 else b"").decode().strip()
            except UnicodeDecodeError:
                yield Broken("invalid_utf8", "the line holds bytes that are not UTF-8")
                continue
            yield read(line) or Broken("invalid_transcript", "the line is no name of a recording with its text")


def _reader_of(name: str) -> Callable[[str], Row | None]:
    if name.endswith(".trans.txt"):
        return _librispeech
    return _mls if name == "transcripts.txt" else _ljspeech


def _librispeech(line: str) -> Row | None:
    name, _, text = line.partition(" ")
    speaker, dash, _ = name.partition("-")
    return {"file_name": f"{name}.flac", "text": text, "speaker_id": speaker} if dash else None


def _mls(line: str) -> Row | None:
    name, _, text = line.partition("\t")
    speaker, _, rest = name.partition("_")
    book, found, _ = rest.partition("_")
    place = f"audio/{speaker}/{book}/{name}.flac"
    return {"file_name": place, "text": text, "speaker_id": speaker} if found else None


def _ljspeech(line: str) -> Row | None:
    name, *texts = line.split("|")
    # The last one has numbers and abbreviations as they are said.
    return {"file_name": f"wavs/{name}.wav", "text": texts[-1], "speaker_id": None} if len(texts) in (1, 2) else None
