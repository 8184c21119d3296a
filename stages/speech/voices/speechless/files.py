"""The files of a language model: in a folder, or in a Hub repository."""

from __future__ import annotations

from pathlib import Path

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.finding import find_or_fetch
from sayso.stages.speech.weights.hub_file import file_in
from sayso.stages.speech.weights.weights import LOCAL, Weights

# A repository's weights are one file, as those of models of some billions of numbers are; a folder may have several.
FILES = ("config.json", "tokenizer.json", "model.safetensors")


def find_model(name: str) -> dict[str, Path]:
    """The files of a model by their names, all in one folder. Raises SpeechModelError where one cannot be had."""
    if Path(name).is_dir():
        return _in_folder(Path(name))
    try:
        wanted = [file_in(name, file) for file in FILES]
    except SpeechModelError as error:
        raise SpeechModelError(f"no language model {name!r}: there is no such folder, and {error}") from None
    found = {file.file: find_or_fetch(file) for file in wanted}
    if len({path.parent for path in found.values()}) > 1:
        raise SpeechModelError(f"the files of {name} are of several commits; pin one as {name}@COMMIT")
    return found


def model_weights(name: str) -> Weights:
    """What must be there of a model."""
    if Path(name).is_dir():
        return Weights(name, elsewhere=LOCAL)
    return Weights(name, tuple(file_in(name, file) for file in FILES))


def _in_folder(folder: Path) -> dict[str, Path]:
    weights = sorted(folder.glob("*.safetensors"))
    missing = [file for file in FILES[:2] if not (folder / file).is_file()]
    if missing or not weights:
        raise SpeechModelError(f"the folder {folder} has no {missing[0] if missing else FILES[2]}")
    return {**{file: folder / file for file in FILES[:2]}, **{path.name: path for path in weights}}
