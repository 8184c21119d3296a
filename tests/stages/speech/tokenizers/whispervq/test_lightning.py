"""Ichigo's own quantizers as released: Lightning files, read as the same weights with a config are."""

from pathlib import Path

import numpy as np
import pytest
import torch

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ, load_bottleneck
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT
from tests.stages.speech.tokenizers.whispervq.quantizers import (
    HEAD_WIDTH,
    ICHIGO,
    as_lightning,
    micro_quantizer,
    micro_whisper,
    sounds,
)

FORMATS = dict(zip(ICHIGO, (MERGED_FORMAT, SOUND_FORMAT), strict=True))


@pytest.mark.parametrize("name", ICHIGO)
def test_a_lightning_file_gives_the_tokens_and_texts_of_a_checkpoint_with_a_config(name: str, tmp_path: Path) -> None:
    kind = ICHIGO[name]
    plain = micro_quantizer(kind, tmp_path / "plain.model")
    released = as_lightning(plain, tmp_path / name)
    saved = torch.load(plain, weights_only=True)
    saved["config"]["mask_code"] = FORMATS[name].mask_code
    torch.save(saved, plain)
    with_config, read = (WhisperVQ.load(str(path), micro_whisper(kind), language="en") for path in (plain, released))
    assert WhisperVQConfig(model=str(released)).sound_format() == read.sound_format == FORMATS[name]
    clips = sounds(2)
    tokens = read.encode(clips)
    for one, other in zip(tokens, with_config.encode(clips), strict=True):
        np.testing.assert_array_equal(one, other)
    assert len(np.unique(np.concatenate(tokens))) > 5
    assert read.decode_text(tokens) == with_config.decode_text(tokens)
    config = read.bottleneck.config
    assert (config["head_width"], config["n_head"], config["depth"]) == (HEAD_WIDTH, kind.heads, 1)


def test_it_is_for_the_whisper_with_as_many_heads(tmp_path: Path) -> None:
    merged, large = ICHIGO.values()
    released = as_lightning(micro_quantizer(large, tmp_path / "plain.model"), tmp_path / "large.ckpt")
    with pytest.raises(SpeechModelError, match=r"is for Whisper large-v3 \(width 120\), the one that was loaded has"):
        WhisperVQ.load(str(released), micro_whisper(merged))


def test_a_lightning_file_of_another_model_is_refused(tmp_path: Path) -> None:
    torch.save({"state_dict": {"model.encoder.weight": torch.ones(1)}}, tmp_path / "other.ckpt")
    with pytest.raises(SpeechModelError, match=r"other\.ckpt cannot be used: it is a Lightning file of no quantizer"):
        load_bottleneck(str(tmp_path / "other.ckpt"))


def test_language_and_prompt_change_what_is_read_back(tmp_path: Path) -> None:
    kind = ICHIGO["merge-medium-vi-2d-2560c-dim64.pth"]
    released = as_lightning(micro_quantizer(kind, tmp_path / "plain.model"), tmp_path / "merged.pth")
    tokens = [np.random.default_rng(3).integers(0, 2048, 40).astype(np.uint16)]
    asked = [("en", ""), ("vi", ""), ("vi", "Two people talk about trains.")]
    texts = [
        WhisperVQ.load(str(released), micro_whisper(kind), language=language, before=before).decode_text(tokens)[0]
        for language, before in asked
    ]
    assert len({*texts}) == len(asked)


@pytest.mark.parametrize(("language", "told"), [("english", r"knows no language 'english'"), ("vn", "knows no lang")])
def test_a_language_is_named_as_whisper_names_it(language: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        WhisperVQConfig(language=language)
