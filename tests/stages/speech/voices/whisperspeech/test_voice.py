"""A voice from text to speech, and what becomes of the rows that it cannot say."""

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from sayso.stages.rows.turns import LATER_TURNS
from sayso.stages.speech.engines import engine_versions, load_voice
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.speech.voices.whisperspeech.vocoder import Vocos
from sayso.stages.speech.voices.whisperspeech.voice import WhisperSpeechVoice
from sayso.stages.speech.weights.hashes import sha256_of
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.sound_formats import SOUND_FORMAT
from tests.stages.speech.voices.whisperspeech.checkpoints import micro_s2a

TEXTS = ["why does it freeze", "what is the name of this river", "seven old towns", "seven old towns"]
SEEDS, SPEEDS = [2, 5, 1, 4], [1.0, 1.0, 1.0, 0.9]


def settings(folder: Path, **changes: object) -> WhisperSpeechSettings:
    files = {"t2s": str(folder / "t2s.model"), "s2a": str(folder / "s2a.model"), "vocoder": str(folder / "vocos")}
    return WhisperSpeechSettings.model_validate(files | {"max_batch_size": 3} | changes)


@pytest.fixture(scope="module")
def voice(folder: Path) -> WhisperSpeechVoice:
    return WhisperSpeechVoice(settings(folder), "default")


@pytest.fixture(scope="module")
def said(voice: WhisperSpeechVoice) -> list[torch.Tensor]:
    return voice.synthesize(TEXTS, SEEDS, SPEEDS)


def test_a_text_becomes_speech_at_16_khz(voice: WhisperSpeechVoice, said: list[torch.Tensor]) -> None:
    for clip in said:
        assert clip.dtype == torch.float32
        # Of n tokens of 1/25 s, 4/75 s are left off.
        assert (len(clip) / 16_000 * 75 + 4) % 3 == pytest.approx(0, abs=0.01)
    assert len({len(clip) for clip in said}) > 1


def test_the_batch_around_a_row_changes_none_of_its_samples(
    voice: WhisperSpeechVoice, said: list[torch.Tensor]
) -> None:
    for place in (2, 0):
        again = voice.synthesize(TEXTS[place : place + 1], SEEDS[place : place + 1], SPEEDS[place : place + 1])
        assert torch.equal(again[0], said[place])
    other = voice.synthesize(TEXTS[:1], [99], [1.0])[0]
    assert other.tolist() != said[0].tolist()


def test_what_is_said_stays_on_the_device_where_the_vocoder_made_it(
    voice: WhisperSpeechVoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Vocos, "decode", lambda self, rows: [torch.zeros(codes.shape[1], device="meta") for codes in rows]
    )
    for clip in voice.synthesize(TEXTS, SEEDS, SPEEDS):
        assert clip.device.type == "meta"
        assert clip.dtype == torch.float32


def test_another_speaker_is_another_voice(folder: Path, tmp_path: Path, said: list[torch.Tensor]) -> None:
    np.save(tmp_path / "someone.npy", np.linspace(-1, 1, 192))
    someone = WhisperSpeechVoice(settings(folder), str(tmp_path / "someone.npy"))
    assert someone.synthesize(TEXTS[:1], SEEDS[:1], SPEEDS[:1])[0].tolist() != said[0].tolist()


def test_voices_of_the_same_models_share_them(folder: Path, voice: WhisperSpeechVoice) -> None:
    slower = WhisperSpeechVoice(settings(folder, cps=12, temperature=0.5), "default")
    assert slower._t2s is voice._t2s
    assert slower._s2a is voice._s2a


class AnyWords:
    """A tokenizer that hears every text as it should be: the gates then judge the voice alone."""

    sound_format, sample_rate = SOUND_FORMAT, 16_000

    def encode(self, clips: list[torch.Tensor]) -> list[np.ndarray]:
        return [np.arange(len(clip) // 640, dtype=np.uint16) for clip in clips]

    def decode_text(self, tokens: list[np.ndarray]) -> list[str]:
        return ["anything"] * len(tokens)


def verdicts(voice: WhisperSpeechVoice, texts: list[str]) -> list[tuple[str | None, str | None]]:
    """Reason and detail of each text, where only what breaks is a reason."""
    rows = pl.DataFrame(
        {
            "id": [f"{n:032x}" for n in range(len(texts))],
            "source": ["facts"] * len(texts),
            "position": [f"facts.jsonl:{n}" for n in range(len(texts))],
            "spoken": texts,
            "kind": ["instruction"] * len(texts),
            "later_turns": pl.Series([None] * len(texts), dtype=LATER_TURNS),
        }
    )
    lenient = Gates(max_wer=99, max_cer=99, min_seconds_per_word=0, max_seconds_per_word=99)
    config = Synthesize(voices=(Hibari(name="anna"),), gates=lenient, attempts=2)
    outcome = synthesize(rows, SpeechModels({"anna": voice}, AnyWords()), config, seed=1, batch=16)
    return outcome.verdicts.sort("position").select("reason", "detail").rows()


def test_each_text_that_cannot_be_said_has_its_verdict(voice: WhisperSpeechVoice) -> None:
    assert verdicts(voice, [TEXTS[0], "", "é" * 99 + "!", "é" * 99 + "?!", TEXTS[1]]) == [
        (None, None),
        ("synthesis_error", "SynthesisError: there is no text to say"),
        (None, None),
        ("synthesis_error", "SynthesisError: the text has 200 UTF-8 bytes, the model takes at most 199"),
        (None, None),
    ]


def ends_with(weight: float) -> dict[str, float]:
    """Of T2S: the last layer says the same at every place, and the end is the likeliest or the unlikeliest of all."""
    return {"decoder.ln_post.weight": 0, "decoder.ln_post.bias": 1, "embeddings.embedding.special.weight": weight}


@pytest.mark.parametrize(
    ("part", "weights", "detail"),
    [
        ("t2s.model", ends_with(9), "the model ended before it had said anything"),
        ("t2s.model", ends_with(-9), "the model had not ended after 99 semantic tokens"),
        ("t2s.model", {"decoder.ln_post.weight": np.nan}, "text to semantic tokens: not a number at token 1"),
        ("s2a.model", {"decoder.ln_post.bias": np.nan}, "semantic tokens to acoustic codes: not a number at step 1"),
        ("vocos/pytorch_model.bin", {"head.out.bias": np.nan}, "codes to audio: not a number"),
    ],
)
def test_a_broken_model_is_a_verdict_on_every_row(
    folder: Path, tmp_path: Path, part: str, weights: dict[str, float], detail: str
) -> None:
    """One that ends at once, never, or is not a number somewhere."""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    checkpoint = torch.load(folder / part, weights_only=True)
    for key, value in weights.items():
        checkpoint.get("state_dict", checkpoint)[key][:] = value
    torch.save(checkpoint, tmp_path / part)
    broken = WhisperSpeechVoice(settings(tmp_path), "default")
    assert verdicts(broken, TEXTS[:2]) == [("synthesis_error", f"SynthesisError: {detail}")] * 2


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (np.zeros(192), "its numbers are all zero, or one is not finite"),
        (np.ones(512), "it holds no row of 192 numbers"),
        (np.array(["a"] * 192), "it holds no row of 192 numbers"),
        (np.array([{"a": 1}] * 192), "Object arrays cannot be loaded"),
    ],
)
def test_a_file_that_is_no_speaker(folder: Path, tmp_path: Path, content: np.ndarray, match: str) -> None:
    np.save(tmp_path / "speaker.npy", content)
    with pytest.raises(SpeechModelError, match=rf"speaker\.npy is no speaker.*{match}"):
        WhisperSpeechVoice(settings(folder), str(tmp_path / "speaker.npy"))


def test_a_voice_that_cannot_be_loaded_is_named(folder: Path) -> None:
    anna = WhisperSpeech(name="anna", whisperspeech=settings(folder, s2a="nowhere.model"))
    for look in (load_voice, lambda voice: engine_versions([voice])):
        with pytest.raises(SpeechModelError, match=r"voice 'anna' cannot be loaded: no model 'nowhere.model'"):
            look(anna)


@pytest.mark.parametrize(("codebooks", "most"), [(6, "2 or 4"), (8, "2 or 4")])
def test_codebooks_that_the_vocoder_does_not_take(folder: Path, tmp_path: Path, codebooks: int, most: str) -> None:
    s2a = str(micro_s2a(tmp_path / "s2a.model", codebooks))
    with pytest.raises(SpeechModelError, match=rf"s2a\.model says {codebooks} codebooks, .*vocos takes {most}"):
        WhisperSpeechVoice(settings(folder, s2a=s2a), "default")


def test_other_weights_are_another_engine_wherever_they_lie(folder: Path, tmp_path: Path) -> None:
    def voice(name: str, **changes: object) -> WhisperSpeech:
        return WhisperSpeech(name=name, whisperspeech=settings(folder, **changes))

    versions = engine_versions([voice("anna")])
    assert len(versions["t2s.model"]) == 64
    moved = str(shutil.copy(folder / "t2s.model", tmp_path))
    assert engine_versions([voice("anna", t2s=moved)]) == versions
    with open(moved, "ab") as file:
        file.write(b" ")
    both = engine_versions([voice("anna"), voice("jan", t2s=moved)])
    assert both["t2s.model"] == versions["t2s.model"] != both["t2s.model as t2s of jan"]


def test_two_models_of_a_voice_in_files_of_one_name_are_two(folder: Path, tmp_path: Path) -> None:
    for model in ("t2s", "s2a"):
        (tmp_path / model).mkdir()
        shutil.copy(folder / f"{model}.model", tmp_path / model / "latest.model")
    files = {model: f"{tmp_path}/{model}/latest.model" for model in ("t2s", "s2a")}
    versions = engine_versions([WhisperSpeech(name="anna", whisperspeech=settings(folder, **files))])
    assert versions["latest.model"] == sha256_of(folder / "t2s.model")
    assert versions["latest.model as s2a of anna"] == sha256_of(folder / "s2a.model")


def test_the_models_go_with_their_engine() -> None:
    assert Hibari(name="heart").speaker == "heart"
    anna = WhisperSpeech(name="anna")
    assert (anna.speaker, anna.whisperspeech.temperature) == ("default", 0.7)
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        Hibari.model_validate({"name": "heart", "whisperspeech": {}})
