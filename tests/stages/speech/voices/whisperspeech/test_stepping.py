"""Steps on a device that is not the CPU: what they give, and how often the device is asked for anything."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from whisperspeech import languages
from whisperspeech.t2s_up_wds_mlang_enclm import TSARTransformer

from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance, _Rows
from tests.stages.speech import accelerator


@pytest.fixture(autouse=True)
def asked() -> Counter:
    """What the device is asked by operator, from now on."""
    accelerator.register()
    accelerator.ASKED.clear()
    return accelerator.ASKED


LONGEST = 16


def loaded(folder: Path, device: str = accelerator.NAME) -> TSARTransformer:
    return load_t2s(str(folder / "t2s.model"), device, torch.float32)


def test_a_batch_under_a_mask_says_what_whisperspeech_says_of_each_text(
    folder: Path, their_t2s: TSARTransformer, utterances: list[Utterance]
) -> None:
    rows = utterances[::6]
    found = TextToSemantic(loaded(folder), 4, LONGEST).generate(rows)
    assert {len(row) for row in found} > {LONGEST}, "some end before"
    for row, ours in zip(rows, found, strict=True):
        expected = their_t2s.generate(row.text, cps=row.cps, lang=row.language, T=1.0, top_k=1, show_progress_bar=False)
        np.testing.assert_array_equal(ours, expected[0, :LONGEST].numpy(), err_msg=row.text)


def test_a_step_asks_the_device_once_for_all_rows(folder: Path, drawn: list[Utterance], asked: Counter) -> None:
    model = loaded(folder)
    model.embeddings.embedding.bias_out[-1] = -1e6  # so that none ends
    with torch.inference_mode():
        rows = _Rows(model, slots=3, longest=99)
        rows.prefill([0, 2], drawn[5:7])
        asked.clear()
        for _ in range(20):
            assert rows.step([0, 2]) == {}
    assert asked.total() == 20, asked


def test_acoustic_steps_ask_nothing_until_a_row_ends(
    s2a_file: Path, their_s2a: torch.nn.Module, asked: Counter
) -> None:
    generator = np.random.default_rng(0)
    lengths = (3, 9, 5, 9)
    rows = [
        Speech(generator.integers(0, 65, n).astype(np.uint16), generator.normal(size=192).astype(np.float32), 0.0, n)
        for n in lengths
    ]
    engine = SemanticToAcoustic(load_s2a(str(s2a_file), accelerator.NAME, torch.float32), max_batch_size=4)
    asked.clear()
    found = engine.generate(rows)
    assert asked.total() <= len(set(lengths)), asked
    for row, ours in zip(rows, found, strict=True):
        tokens, speaker = torch.from_numpy(row.tokens.astype(np.int64)), torch.from_numpy(row.speaker)[None]
        expected = their_s2a.generate(tokens, speaker, T=1.0, top_k=1, show_progress_bar=False)[0]
        assert ours.device.type == accelerator.NAME
        np.testing.assert_array_equal(ours.cpu(), expected)


def test_as_many_rows_are_always_begun_at_once_so_that_no_bit_hangs_on_how_many_wait(
    folder: Path, utterances: list[Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, model = [], loaded(folder)
    encode = model.run_encoder

    def seen(texts: torch.Tensor, *rest: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        begun.append(len(texts))
        return encode(texts, *rest)

    monkeypatch.setattr(model, "run_encoder", seen)
    together = TextToSemantic(model, 16, LONGEST).generate(utterances[:5])
    assert begun == [2, 2, 2]
    np.testing.assert_array_equal(TextToSemantic(model, 16, LONGEST).generate(utterances[4:5])[0], together[4])


def test_a_row_that_is_not_a_number_leaves_its_slot_fit_for_the_next(folder: Path, utterances: list[Utterance]) -> None:
    rows = utterances[9:11]
    expected = TextToSemantic(loaded(folder), 1, LONGEST).generate(rows)
    model = loaded(folder)
    cursed = Utterance("a long, long curse", "cs", 1.0, 0.0, 0)
    model.lang_embeddings.weight[languages.to_id("cs")] = torch.nan
    found = TextToSemantic(model, 1, LONGEST).generate([*rows, cursed])
    assert str(found.pop()) == "text to semantic tokens: not a number at token 1"
    for ours, before in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, before)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_recorded_steps_give_what_steps_launched_kernel_by_kernel_give(
    folder: Path, drawn: list[Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = loaded(folder, "cuda")
    recorded = TextToSemantic(model, 8).generate(drawn)
    monkeypatch.setattr("sayso.stages.speech.voices.whisperspeech.stepping.Graphs", lambda step, device: step)
    launched = TextToSemantic(model, 8).generate(drawn)
    for ours, expected in zip(recorded, launched, strict=True):
        np.testing.assert_array_equal(ours, expected)
