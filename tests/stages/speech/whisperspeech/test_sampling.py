import torch

from stages.speech.whisperspeech.sampling import NOT_A_NUMBER, draw, gumbel


def rows(*values: float) -> torch.Tensor:
    return torch.tensor(values)


def test_tokens_are_drawn_as_often_as_the_softmax_says() -> None:
    count = 20_000
    logits = torch.tensor([0.0, 1.0, 2.0, -3.0]).expand(count, -1)
    tokens = draw(logits, torch.full((count,), 0.7), torch.arange(count), torch.zeros(count, dtype=torch.long))
    often = torch.bincount(tokens, minlength=4) / count
    torch.testing.assert_close(often, (logits[0] / 0.7).softmax(-1), atol=0.012, rtol=0)


def test_each_row_has_a_temperature_of_its_own() -> None:
    logits = torch.zeros(64, 8)
    logits[:, 5] = 0.1
    temperatures = torch.tensor([0.0, 50.0]).repeat(32)
    tokens = draw(logits, temperatures, torch.arange(64), torch.arange(64))
    assert set(tokens[::2].tolist()) == {5}
    assert len(set(tokens[1::2].tolist())) > 4


def test_noise_depends_on_seed_step_and_code_alone() -> None:
    seeds, steps = torch.tensor([7, 7, 8]), torch.tensor([0, 1, 0])
    noise = gumbel(seeds, steps, 600)
    assert torch.equal(gumbel(seeds[1:2], steps[1:2], 600)[0], noise[1])
    assert len({round(value, 5) for value in noise[:, 0].tolist()}) == 3
    # A standard Gumbel variable's mean and variance; 1800 of them.
    assert abs(noise.mean() - 0.5772) < 0.1
    assert abs(noise.var() - torch.pi**2 / 6) < 0.25


def test_rows_that_are_not_numbers_are_named() -> None:
    logits = torch.zeros(3, 4)
    logits[1, 2] = torch.nan
    tokens = draw(logits, rows(0.0, 0.0, 1.0), torch.arange(3), torch.arange(3))
    assert (tokens == NOT_A_NUMBER).tolist() == [False, True, False]
