"""The direct route: what T2S says are the sound tokens, where its codebook is the tokenizer's."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from sayso.stages.speech.engines import engine_versions, load_token_synthesizer
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic
from sayso.stages.speech.voices.whisperspeech.voice import WhisperSpeechVoice
from sayso.stages.speech.weights.needed import weights_of
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.stages.speech.tokenizers.whispervq.quantizers import Kind, micro_quantizer, micro_whisper
from tests.stages.speech.voices.whisperspeech.checkpoints import SEMANTIC_CODES
from tests.stages.synthesize.letters import ANY_WORDS, rows

TEXTS = ["why does it freeze", "what is the name of this river"]
# T2S has a token for the mask code, too.
KIND = Kind("base", 8, 80, 51865, SEMANTIC_CODES - 1, 64)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> WhisperVQ:
    return _tokenizer(KIND, tmp_path_factory.mktemp("tokenizer"))


def _tokenizer(kind: Kind, folder: Path, seed: int = 6) -> WhisperVQ:
    return WhisperVQ.load(str(micro_quantizer(kind, folder / "tokenizer.model", seed=seed)), micro_whisper(kind))


def anna(folder: Path, quantizer: Path) -> WhisperSpeech:
    files = {"t2s": str(folder / "t2s.model"), "s2a": str(folder / "s2a.model"), "vocoder": str(folder / "vocos")}
    models = WhisperSpeechSettings.model_validate(
        files | {"max_batch_size": 3, "route": "direct", "vq": str(quantizer)}
    )
    return WhisperSpeech(name="anna", whisperspeech=models)


def test_the_tokens_are_those_that_the_audio_would_be_made_of(
    folder: Path, tmp_path: Path, tokenizer: WhisperVQ
) -> None:
    voice = anna(folder, micro_quantizer(KIND, tmp_path / "their.model", "fixed"))
    found = load_token_synthesizer(voice, tokenizer).synthesize_tokens(TEXTS, [2, 5], [1.0, 1.0])
    audio = WhisperSpeechVoice(voice.whisperspeech, "default").synthesize(TEXTS, [2, 5], [1.0, 1.0])
    assert all(row.dtype == np.uint16 and row.max() <= tokenizer.codes for row in found)
    assert [len(row) for row in found] == [round((len(clip) / 16_000 * 75 + 4) / 3) for clip in audio]


def test_a_token_that_stands_for_nothing_is_an_error_of_its_row_and_the_mask_code_a_matter_of_the_gates(
    folder: Path, tmp_path: Path, tokenizer: WhisperVQ, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = load_token_synthesizer(anna(folder, micro_quantizer(KIND, tmp_path / "their.model")), tokenizer)
    said = [np.array([1, 65], np.uint16), np.array([1, 64], np.uint16)]
    monkeypatch.setattr(TextToSemantic, "generate", lambda self, utterances: said)
    beyond, masked = speaker.synthesize_tokens(TEXTS, [2, 5], [1.0, 1.0])
    assert str(beyond) == "semantic token 65, which stands for no sound"
    outcome = synthesize(
        rows("name a tree", "name a fruit"),
        SpeechModels({}, tokenizer, {"anna": speaker}),
        Synthesize(voices=(anna(folder, tmp_path / "their.model"),), attempts=1, gates=LENIENT),
        1,
        16,
    )
    assert masked.tolist() == [1, 64]
    assert outcome.verdicts.select("reason", "speech.route", "speech.mask_codes").rows() == [
        ("synthesis_error", "direct", 0),
        ("mask_code", "direct", 1),
    ]


LENIENT = ANY_WORDS.model_copy(update={"min_seconds_per_word": 0, "max_seconds_per_word": 99, "max_run": 999})


def test_rows_are_said_without_audio_by_the_same_gates(folder: Path, tmp_path: Path, tokenizer: WhisperVQ) -> None:
    voice = anna(folder, micro_quantizer(KIND, tmp_path / "their.model"))
    models = SpeechModels({}, tokenizer, {"anna": load_token_synthesizer(voice, tokenizer)})
    config = Synthesize(voices=(voice,), gates=LENIENT, attempts=1)
    outcome = synthesize(rows("seven old towns", ""), models, config, 1, 16)
    kept, (said, unsaid) = outcome.rows.row(0, named=True), outcome.verdicts.rows(named=True)
    assert kept["duration"] == round(len(kept["sound_tokens"]) / 25, 3) > 0
    assert kept["transcript"] == tokenizer.decode_text([np.array(kept["sound_tokens"], np.uint16)])[0]
    assert (said["speech.route"], said["speech.seconds"]) == ("direct", kept["duration"])
    assert (unsaid["reason"], unsaid["detail"]) == ("synthesis_error", "SynthesisError: there is no text to say")


@pytest.mark.parametrize(
    ("change", "seed", "match"),
    [
        ({}, 9, r"codebook, they differ in rq\.layers\.0\._codebook\.embed, mlp\.0\.weight, .*project_in\.weight"),
        ({"codes": 128}, 6, r"has codes 128, the sound tokenizer has 64: use that quantizer as .* or `route: audio`"),
        ({"dim": 32}, 6, r"they differ in .*rq\.layers\.0\._codebook\.embed"),
    ],
)
def test_another_codebook_is_refused(
    folder: Path, tmp_path: Path, tokenizer: WhisperVQ, change: dict, seed: int, match: str
) -> None:
    other = micro_quantizer(dataclasses.replace(KIND, **change), tmp_path / "other.model", seed=seed)
    with pytest.raises(
        SpeechModelError, match=rf"direct route of voice 'anna' cannot be taken: .*other\.model.*{match}"
    ):
        load_token_synthesizer(anna(folder, other), tokenizer)


def test_a_quantizer_with_another_number_of_codes_than_t2s_is_refused(folder: Path, tmp_path: Path) -> None:
    kind = dataclasses.replace(KIND, codes=512)
    quantizer = micro_quantizer(kind, tmp_path / "their.model")
    with pytest.raises(SpeechModelError, match=r"T2S model has 65 tokens, .*their\.model has 512 codes and a mask"):
        load_token_synthesizer(anna(folder, quantizer), _tokenizer(kind, tmp_path))


def test_what_only_reads_codes_back_may_differ(folder: Path, tmp_path: Path, tokenizer: WhisperVQ) -> None:
    path = micro_quantizer(KIND, tmp_path / "their.model")
    checkpoint = torch.load(path, weights_only=True)
    checkpoint["state_dict"]["_out_blocks.0.mlp.0.weight"] += 1
    torch.save(checkpoint, path)
    assert load_token_synthesizer(anna(folder, path), tokenizer)


def test_another_quantizer_is_another_engine(folder: Path, tmp_path: Path) -> None:
    path = micro_quantizer(KIND, tmp_path / "their.model")
    assert len(engine_versions([anna(folder, path)])[path.name]) == 64
    assert str(path) in [weights.name for weights in weights_of([anna(folder, path)], WhisperVQConfig())]


def test_the_direct_route_names_its_codebook_and_the_other_has_none() -> None:
    for wrong in ({"route": "direct"}, {"vq": "their.model"}):
        with pytest.raises(ValueError, match=r"the key vq, .*, goes with `route: direct`"):
            WhisperSpeechSettings(**wrong)
