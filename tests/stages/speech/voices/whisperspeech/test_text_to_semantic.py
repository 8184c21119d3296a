import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from whisperspeech import languages
from whisperspeech.t2s_up_wds_mlang_enclm import TSARTransformer

from sayso.stages.speech.voices.whisperspeech.batching import ContinuousBatcher
from sayso.stages.speech.voices.whisperspeech.decoder import Alone, SlotDecoder
from sayso.stages.speech.voices.whisperspeech.loading import load_t2s
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance, _Rows


@pytest.fixture(scope="module")
def some(utterances: list[Utterance]) -> list[Utterance]:
    """A dozen, from the shortest to the longest that fits, which end at different places."""
    return [utterances[place] for place in (0, 1, 3, 6, 9, 12, 14, 17, 21, 26, 30, 31)]


@pytest.fixture(scope="module")
def theirs(their_t2s: TSARTransformer, some: list[Utterance]) -> list[np.ndarray]:
    """Greedy, one text after the other."""
    found = [
        their_t2s.generate(row.text, cps=row.cps, lang=row.language, T=1.0, top_k=1, show_progress_bar=False)
        for row in some
    ]
    return [tokens[0].numpy() for tokens in found]


@pytest.fixture(scope="module")
def model(folder: Path) -> TSARTransformer:
    return load_t2s(str(folder / "t2s.model"), "cpu", torch.float32)


def shuffled(rows: list, seed: int) -> tuple[list[int], list]:
    order = np.random.default_rng(seed).permutation(len(rows)).tolist()
    return order, [rows[place] for place in order]


def test_texts_of_all_lengths_end_at_different_places(theirs: list[np.ndarray]) -> None:
    """The models say enough different things for the next tests to mean something."""
    lengths = [len(row) for row in theirs]
    assert len(set(lengths)) > 8, lengths
    assert len({tuple(row[:8]) for row in theirs}) > 8


@pytest.mark.parametrize("max_batch_size", [1, 5, 12])
def test_a_batch_of_texts_gets_the_tokens_that_whisperspeech_gives_each_alone(
    model: TSARTransformer, some: list[Utterance], theirs: list[np.ndarray], max_batch_size: int
) -> None:
    order, rows = shuffled(some, max_batch_size)
    for place, ours in zip(order, TextToSemantic(model, max_batch_size).generate(rows), strict=True):
        np.testing.assert_array_equal(ours, theirs[place], err_msg=some[place].text)


def test_the_same_row_and_seed_get_the_same_tokens_in_any_batch(model: TSARTransformer, drawn: list[Utterance]) -> None:
    engine = TextToSemantic(model, max_batch_size=7)
    together = engine.generate(drawn[:16])
    order, rows = shuffled(drawn[:16], 1)
    for place, again in zip(order, engine.generate(rows), strict=True):
        np.testing.assert_array_equal(again, together[place])
    np.testing.assert_array_equal(engine.generate(drawn[5:6])[0], together[5])


def test_another_seed_gets_other_tokens_and_temperature_zero_has_no_use_for_it(
    model: TSARTransformer, drawn: list[Utterance]
) -> None:
    row = dataclasses.replace(drawn[7], temperature=1.0)
    engine = TextToSemantic(model, max_batch_size=2)
    first, second = engine.generate([row, dataclasses.replace(row, seed=99)])
    assert first.tolist() != second.tolist()
    cold = dataclasses.replace(row, temperature=0.0)
    first, second = engine.generate([cold, dataclasses.replace(cold, seed=99)])
    assert first.tolist() == second.tolist()


def test_the_bits_of_a_row_are_the_same_beside_any_neighbours(
    model: TSARTransformer, utterances: list[Utterance]
) -> None:
    """With one torch thread, as workers have: what the tokens' independence of the batch rests on."""

    def output(rows: list[Utterance]) -> torch.Tensor:
        working = _Rows(model, slots=8, longest=99)
        slots = list(range(len(rows)))
        for slot, row in enumerate(rows):
            working.prefill([slot], [row])
        for step in range(40):
            x = torch.randn(1, model.width, generator=torch.Generator().manual_seed(step)).expand(8, -1)
            attention = Alone(slots, [step + 1] * len(rows))
            found = working.decoder.step(x.contiguous(), torch.full((8,), step), attention)
        return found[len(rows) - 1]

    assert torch.equal(output([utterances[9]]), output([*utterances[20:27], utterances[9]]))


def test_a_text_that_does_not_fit_or_is_none_gets_its_error_and_its_neighbours_their_tokens(
    model: TSARTransformer, utterances: list[Utterance]
) -> None:
    good, like = utterances[4], dataclasses.replace
    rows = [like(good, text="é" * 100), good, like(good, text=" \n"), like(good, language="klingon"), good]
    errors = TextToSemantic(model, max_batch_size=4).generate(rows)
    alone = TextToSemantic(model, max_batch_size=4).generate([good])[0]
    assert str(errors[0]) == "the text has 200 UTF-8 bytes, the model takes at most 199"
    assert str(errors[2]) == "there is no text to say"
    assert str(errors[3]) == "WhisperSpeech has no language 'klingon'; it takes codes such as en, pl, de"
    for ours in (errors[1], errors[4]):
        np.testing.assert_array_equal(ours, alone)


def test_a_row_that_is_not_a_number_fails_alone(folder: Path, utterances: list[Utterance]) -> None:
    model = load_t2s(str(folder / "t2s.model"), "cpu", torch.float32)
    expected = TextToSemantic(model, max_batch_size=4).generate(utterances[6:12])
    model.lang_embeddings.weight[languages.to_id("pl")] = torch.nan
    for row, before, ours in zip(
        utterances[6:12], expected, TextToSemantic(model, max_batch_size=4).generate(utterances[6:12]), strict=True
    ):
        if row.language == "pl":
            assert str(ours) == "text to semantic tokens: not a number at token 1"
        else:
            np.testing.assert_array_equal(ours, before)


def test_a_row_that_ends_at_once_is_empty_and_one_that_never_ends_is_cut(
    folder: Path, utterances: list[Utterance]
) -> None:
    model = load_t2s(str(folder / "t2s.model"), "cpu", torch.float32)
    # The bias of the output: of the last code, the end, alone.
    model.embeddings.embedding.bias_out[-1] = 1e6
    assert [len(row) for row in TextToSemantic(model, 4).generate(utterances[:6])] == [0] * 6
    model.embeddings.embedding.bias_out[-1] = -1e6
    assert [len(row) for row in TextToSemantic(model, 4).generate(utterances[:3])] == [99] * 3
    assert [len(row) for row in TextToSemantic(model, 4, longest=20).generate(utterances[:3])] == [20] * 3


def test_without_memory_for_all_the_rows_are_said_in_smaller_batches(
    model: TSARTransformer, drawn: list[Utterance]
) -> None:
    def crowded(slots: int) -> _Rows:
        if slots > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return _Rows(model, slots, longest=99)

    engine = TextToSemantic(model, max_batch_size=8)
    engine._batcher = ContinuousBatcher(crowded, 8, lambda row: len(row.text))
    for ours, expected in zip(engine.generate(drawn[:5]), TextToSemantic(model, 2).generate(drawn[:5]), strict=True):
        np.testing.assert_array_equal(ours, expected)


def test_after_an_error_in_mid_batch_no_row_is_left_behind_for_the_next_rows_to_meet(
    model: TSARTransformer, utterances: list[Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, step, steps = TextToSemantic(model, 4), SlotDecoder.step, []

    def failing(*arguments: object) -> torch.Tensor:
        steps.append(1)
        if len(steps) == 5:
            raise RuntimeError("an error of the device")
        return step(*arguments)

    monkeypatch.setattr(SlotDecoder, "step", failing)
    with pytest.raises(RuntimeError, match="an error of the device"):
        engine.generate(utterances[12:16])
    # Alone in the batch that four had begun, and together longer than any of them may be.
    for row in utterances[12:18]:
        np.testing.assert_array_equal(engine.generate([row])[0], TextToSemantic(model, 4).generate([row])[0])
    assert len(steps) > 5 + 99
