"""Drawing tokens with a seed for each row, whatever rows are in the batch beside it."""

from __future__ import annotations

import torch
from torch import Tensor

NOT_A_NUMBER = -1

# The increment and the two multipliers of SplitMix64 (Steele et al. 2014), as signed numbers.
GOLDEN, FIRST, SECOND = -0x61C8864680B583EB, -0x40A7B892E31B1A47, -0x6B2FB644ECCEEE15
SEED_STRIDE, STEP_STRIDE = 0x2545F4914F6CDD1D, 0x369DEA0F31A53F85
# The largest uniform number: half of 2**-24 below 1.
LARGEST = 1 - 2**-25


def draw_tokens(logits: Tensor, temperatures: Tensor, seeds: Tensor, steps: Tensor) -> Tensor:
    """A token for each row, (rows,) int64, of logits (rows, codes); NOT_A_NUMBER where the logits hold one.

    Drawn from softmax(logits / temperature) by the largest of logits / temperature + Gumbel noise, which is what
    WhisperSpeech's exponential race does; temperature 0 takes the largest logit. The noise depends on seed, step and
    code alone.
    """
    scores = logits.float()
    # Where nothing is drawn the noise is for nothing: to ask the device whether there is such a row would cost more.
    drawn = scores / temperatures.clamp(min=1e-5)[:, None] + gumbel(seeds, steps, logits.shape[-1])
    best, tokens = torch.where(temperatures[:, None] > 0, drawn, scores).max(-1)
    return torch.where(best.isfinite(), tokens, NOT_A_NUMBER)


def gumbel(seeds: Tensor, steps: Tensor, codes: int) -> Tensor:
    """Gumbel noise (rows, codes) of each row's seed and step, both (rows,) int64, by SplitMix64 as a counter."""
    rows = _mix_bits(seeds * SEED_STRIDE + steps * STEP_STRIDE)
    bits = _mix_bits(rows[:, None] + torch.arange(codes, device=seeds.device) * GOLDEN)
    # The 24 upper bits are what a float32 holds; the half keeps clear of log 0. That float32 rounds the largest of them
    # up to 1, whose noise would be infinite, is put right in double.
    uniform = ((bits >> 40 & 0xFFFFFF) + 0.5).double() / 2**24
    return -torch.log(-torch.log(uniform.clamp(max=LARGEST))).float()


def _mix_bits(bits: Tensor) -> Tensor:
    bits = (bits ^ (bits >> 30 & 0x3FFFFFFFF)) * FIRST
    bits = (bits ^ (bits >> 27 & 0x1FFFFFFFFF)) * SECOND
    return bits ^ (bits >> 31 & 0x1FFFFFFFF)
