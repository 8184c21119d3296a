import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from whisperspeech.s2a_delar_mup_wds_mlang import SADelARTransformer

from sayso.stages.speech.voices.whisperspeech.decoder import Together
from sayso.stages.speech.voices.whisperspeech.loading import load_s2a
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SemanticToAcoustic, Speech
from tests.stages.speech.voices.whisperspeech.checkpoints import SEMANTIC_CODES, micro_s2a, tiny_s2a


@pytest.fixture(scope="module")
def rows() -> list[Speech]:
    """A dozen rows of 2 to 35 tokens, each in a voice of its own."""
    rng = np.random.default_rng(0)
    return [
        Speech(
            rng.integers(0, SEMANTIC_CODES, 2 + 3 * n).astype(np.uint16),
            rng.normal(0, 1, 192).astype(np.float32),
            temperature=0.0,
            seed=n,
        )
        for n in range(12)
    ]


@pytest.fixture(scope="module")
def theirs(their_s2a: torch.nn.Module, rows: list[Speech]) -> list[np.ndarray]:
    """Greedy, one row after the other."""
    found = []
    for row in rows:
        tokens, speaker = torch.from_numpy(row.tokens.astype(np.int64)), torch.from_numpy(row.speaker)[None]
        found.append(their_s2a.generate(tokens, speaker, T=1.0, top_k=1, show_progress_bar=False)[0].numpy())
    return found


@pytest.fixture(scope="module")
def model(s2a_file: Path) -> torch.nn.Module:
    return load_s2a(str(s2a_file), "cpu", torch.float32)


@pytest.mark.parametrize("max_batch_size", [1, 5, 12])
def test_a_batch_gets_the_codes_that_whisperspeech_gives_each_row_alone(
    model: torch.nn.Module, rows: list[Speech], theirs: list[np.ndarray], max_batch_size: int
) -> None:
    assert len({tuple(codes[:, 0]) for codes in theirs}) > 8, "the rows must differ for this to mean something"
    order = np.random.default_rng(max_batch_size).permutation(len(rows)).tolist()
    found = SemanticToAcoustic(model, max_batch_size).generate([rows[place] for place in order])
    for place, ours in zip(order, found, strict=True):
        assert ours.shape == (4, 3 * len(rows[place].tokens) - 4)
        np.testing.assert_array_equal(ours, theirs[place])


def test_the_same_row_and_seed_get_the_same_codes_in_any_batch(model: torch.nn.Module, rows: list[Speech]) -> None:
    drawn = [dataclasses.replace(row, temperature=5.0) for row in rows[:6]]
    engine = SemanticToAcoustic(model, max_batch_size=4)
    together = engine.generate(drawn)
    for row, again in zip(drawn[::-1], engine.generate(drawn[::-1]), strict=True):
        assert torch.equal(again, together[row.seed])
    assert torch.equal(engine.generate(drawn[3:4])[0], together[3])
    other = engine.generate([dataclasses.replace(drawn[3], seed=77)])[0]
    assert not torch.equal(other, together[3])


def test_a_row_that_cannot_be_said_fails_alone(model: torch.nn.Module, rows: list[Speech]) -> None:
    good = rows[4]

    def like(tokens: np.ndarray) -> Speech:
        return dataclasses.replace(good, tokens=tokens.astype(np.uint16))

    nowhere = dataclasses.replace(good, speaker=np.full(192, np.nan, np.float32))
    bad = [like(np.zeros(1)), like(np.zeros(110)), like(np.array([3, 65, 9])), nowhere]
    found = SemanticToAcoustic(model, max_batch_size=3).generate([bad[0], good, *bad[1:], good])
    assert [str(error) for error in (found[0], *found[2:5])] == [
        "1 semantic tokens are too few for any sound",
        "110 semantic tokens, the model takes at most 109",
        "semantic token 65 is none of this model's 65",
        "semantic tokens to acoustic codes: not a number at step 1",
    ]
    alone = SemanticToAcoustic(model, max_batch_size=3).generate([good])[0]
    assert torch.equal(found[1], alone)
    assert torch.equal(found[5], alone)


def test_of_sampled_rows_of_eight_seconds_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    # 162, 268 and 334 meet the largest noise that there is.
    seeds = [*range(400)]
    speech = [
        Speech(rng.integers(0, SEMANTIC_CODES, 200).astype(np.uint16), np.ones(192, np.float32), 0.7, seed)
        for seed in seeds
    ]
    # All at once under a mask, as on a GPU.
    monkeypatch.setattr(
        "sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic.stepping",
        lambda advance, positions, most: lambda slots, lengths: advance(Together(positions, max(lengths))),
    )
    model = load_s2a(str(tiny_s2a(tmp_path / "s2a.model")), "cpu", torch.float32)
    (embedding,) = model.embds.embeddings
    embedding.merged_out = embedding.merged_out[:64]  # of 1,026 codes
    found = SemanticToAcoustic(model, max_batch_size=len(seeds)).generate(speech)
    assert [tuple(codes.shape) for codes in found] == [(1, 596)] * len(seeds)


def test_with_more_codebooks_than_whisperspeech_leaves_off_frames_those_are_left_off_that_have_no_code_in_the_last(
    tmp_path: Path, rows: list[Speech]
) -> None:
    """WhisperSpeech goes round there: the last codebooks end with what they began with, which is no sound."""
    path = micro_s2a(tmp_path / "eight.model", codebooks=8)
    theirs = SADelARTransformer.load_model(str(path), device="cpu")
    theirs.optimize(torch_compile=False, dtype=torch.float32)
    # The last is as long as the model takes.
    spoken = [*rows[1:4], dataclasses.replace(rows[0], tokens=np.arange(109, dtype=np.uint16) % SEMANTIC_CODES)]
    ours = SemanticToAcoustic(load_s2a(str(path), "cpu", torch.float32), 2).generate([rows[0], *spoken])
    assert str(ours[0]) == "2 semantic tokens are too few for any sound"
    for row, codes in zip(spoken, ours[1:], strict=True):
        tokens, speaker = torch.from_numpy(row.tokens.astype(np.int64)), torch.from_numpy(row.speaker)[None]
        expected = theirs.generate(tokens, speaker, T=1.0, top_k=1, show_progress_bar=False)[0]
        assert codes.shape == (8, 3 * len(row.tokens) - 8)
        assert torch.equal(codes, expected[:, : codes.shape[1]])
