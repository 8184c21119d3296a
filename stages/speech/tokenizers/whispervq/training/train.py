"""Train a WhisperVQ bottleneck on prepared packs; Whisper itself stays as it is.

    python -m sayso.stages.speech.tokenizers.whispervq.training.train prepared --to whispervq-tiny-en.model --work work

Step 1 rebuilds the encoder's output from the codes, measured as the decoder's key and value projections see it.
Step 2 goes on with the text: cross-entropy, and Kullback-Leibler divergence to what the decoder says of the
encoder's own output, both through the frozen decoder. Step 2 alone stays near chance for hundreds of steps.
The state is kept under `--work` every few minutes: the same command goes on where it stopped.
"""

import math
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import polars as pl
import torch
import torch.nn.functional as F
import typer
from torch import Tensor

from sayso.stages.speech.tokenizers.whispervq.bottleneck import FRAMES, Bottleneck, to_checkpoint
from sayso.stages.speech.tokenizers.whispervq.training.initial import decoder_view, start_from_data
from sayso.stages.speech.whisper.loading import load_whisper
from sayso.stages.speech.whisper.model import LayerCache, TextDecoder, Whisper
from sayso.stages.speech.whisper.word_pieces import WordPieces

CODES, DIM, QUERY_MULT = 512, 32, 2
TUNABLES = {
    "query_mult": QUERY_MULT,
    "rope": True,
    "mask_embs": True,
    "downsample_conv": False,
    "downsample_mean": True,
}
COMMITMENT, PADDING, STRETCH = 0.25, 0.1, 500


@dataclass(frozen=True)
class Packs:
    """Prepared packs: the encoder's output on disk, its row of each pack, sound lengths in codes, text tokens.

    The first `start` tokens of a text only tell the decoder what to do.
    """

    features: np.ndarray
    start: int
    rows: list[int]
    codes: list[int]
    text: list[list[int]]

    def listen(self, pack: int) -> tuple[Tensor, Tensor]:
        """Features (1, 1500, width) float32 of a pack, and at which codes there is sound (1, 750)."""
        features = torch.from_numpy(self.features[self.rows[pack]].astype(np.float32))
        return features[None], (torch.arange(FRAMES // 2) < self.codes[pack])[None]


def load_packs(folder: Path, whisper: Whisper) -> Packs:
    """Packs as `prepare` wrote them; those in which nothing was said are left out."""
    table = pl.read_parquet(folder / "packs.parquet").with_row_index()
    said = table.filter(pl.col("tokens") > 0)
    shape = (len(table), FRAMES, whisper.dims.n_audio_state)
    features = np.memmap(folder / "features.f16", np.float16, "r", shape=shape)
    pieces = WordPieces(whisper)
    start = list(pieces.prompt)
    text = [[*start, *pieces.encode(" " + written), pieces.end] for written in said["written"]]
    return Packs(features, len(start), said["index"].to_list(), said["tokens"].to_list(), text)


@dataclass
class Codebook:
    """Moving averages (van den Oord et al. 2017, appendix A.1) that carry the codes after what they stand for."""

    counts: Tensor
    sums: Tensor

    @torch.no_grad()
    def update(self, model: Bottleneck, vectors: Tensor, nearest: Tensor, decay: float) -> None:
        """Move the codes towards `vectors` (n, dim); a code that hears next to nothing takes over a random vector."""
        self.counts.mul_(decay).add_(torch.bincount(nearest, minlength=CODES), alpha=1 - decay)
        self.sums.mul_(decay).add_(torch.zeros_like(self.sums).index_add_(0, nearest, vectors), alpha=1 - decay)
        dead = self.counts < 0.02 * self.counts.mean()
        if dead.any():
            self.sums[dead] = vectors[torch.randint(len(vectors), (int(dead.sum()),))] * self.counts.mean()
            self.counts[dead] = self.counts.mean()
        model.codebook[0, :CODES] = F.normalize(self.sums, dim=-1)


def decoder_states(decoder: TextDecoder, tokens: Tensor, features: Tensor) -> Tensor:
    """The decoder's last hidden states (batch, tokens, width), before they are compared with every word piece."""
    x = decoder.token_embedding(tokens) + decoder.positional_embedding[: tokens.shape[1]]
    for block in decoder.blocks:
        x = block(x, features, LayerCache())
    return decoder.ln(x)


@dataclass(frozen=True)
class Pass:
    """Whisper's features (batch, frames, width), and what came back through the codes."""

    features: Tensor
    rebuilt: Tensor


Step = Callable[[int], tuple[Tensor, dict[str, float]]]


class Training:
    """A model in training with all that a step needs."""

    def __init__(self, packs: Packs, whisper: Whisper, whisper_name: str, threads: int, seed: int) -> None:
        self.packs, self.whisper = packs, whisper
        dims = whisper.dims
        config = {
            "codebook_dim": DIM, "vq_codes": CODES, "q_depth": 1, "n_head": dims.n_audio_head,
            "head_width": dims.n_audio_state // dims.n_audio_head, "ffn_mult": 4, "depth": 1, "use_cosine_sim": True,
            "downsample": 2, "whisper_model_name": whisper_name,
        }  # fmt: skip
        self.model = Bottleneck(config, dict(TUNABLES))
        torch.manual_seed(seed)
        some = random.Random(seed).sample(range(len(packs.text)), min(160, len(packs.text)))
        heard = (packs.listen(one) for one in some)
        frames = torch.cat([features.unflatten(1, (-1, 2)).mean(2)[sound] for features, sound in heard])
        self.view = decoder_view(whisper, frames)
        with torch.no_grad():
            start_from_data(self.model, whisper, frames[torch.randperm(len(frames))[:60_000]], self.view, seed)
        self.codebook = Codebook(torch.ones(CODES), self.model.codebook[0, :CODES].clone())
        self.teacher: dict[int, Tensor] = {}
        self.threads = ThreadPoolExecutor(threads)
        self.heard: dict[int, tuple[Tensor, Tensor]] = {}

    def rebuild(self, pack: int, start: int, frames: int) -> tuple[Pass, Tensor, dict[str, float]]:
        """Code a pack from frame `start` on and rebuild it; the loss of it, and what to log."""
        features, sound = self.packs.listen(pack)
        features, sound = features[:, start : start + frames], sound[:, start // 2 : (start + frames) // 2]
        vectors = self.model.project(features)
        nearest = (vectors.detach() @ self.model.codebook[0, :CODES].T).argmax(-1)
        codes = self.model.codebook[0][nearest]
        # Straight through: the gradient of a code goes to the vector that chose it.
        through = (vectors + (codes - vectors).detach()) * sound[..., None]
        rebuilt = self.model.reconstruct(through, start)
        errors = ((rebuilt - features) @ self.view).square().sum(-1)
        heard = sound.repeat_interleave(2, 1)
        left, padding = errors[heard].mean(), errors[~heard].sum() / max(1, int((~heard).sum()))
        commitment = (1 - (vectors * codes).sum(-1))[sound].mean()
        loss = left + PADDING * padding + COMMITMENT * commitment
        self.heard[pack] = vectors.detach()[sound], nearest[sound]
        return Pass(features, rebuilt), loss, {"left": float(left.detach()), "cos": 1 - float(commitment.detach())}

    def read(self, pack: int, made: Pass) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy of a pack's text and divergence from the teacher, per text token, through the decoder."""
        row = torch.tensor(self.packs.text[pack])
        # Place i says token i + 1; the first to be heard comes after the start sequence.
        targets, decoder = row[self.packs.start :], self.whisper.decoder
        if pack not in self.teacher:
            with torch.no_grad():
                said = decoder_states(decoder, row[None, :-1], made.features)
            self.teacher[pack] = said[0, self.packs.start - 1 :].half()
        pieces = decoder.token_embedding.weight.T
        with torch.no_grad():
            teacher = F.log_softmax(self.teacher[pack].float() @ pieces, -1)
        states = decoder_states(decoder, row[None, :-1], made.rebuilt)[0, self.packs.start - 1 :]
        student = F.log_softmax(states @ pieces, -1)
        entropy, floor = F.nll_loss(student, targets), F.nll_loss(teacher, targets)
        divergence = F.kl_div(student, teacher, reduction="batchmean", log_target=True)
        right = (student.argmax(-1) == targets).float().mean()
        facts = {"ce": entropy, "teacher_ce": floor, "kl": divergence, "right": right}
        return entropy + divergence, {name: float(fact.detach()) for name, fact in facts.items()}

    def step_1(self, rng: random.Random, batch: int) -> list[dict[str, float]]:
        """Rebuild a stretch of each of several packs."""
        start = rng.choice([0, 0, *range(100, FRAMES - STRETCH + 1, 100)])
        enough = [one for one, codes in enumerate(self.packs.codes) if start == 0 or 2 * codes > start + STRETCH // 2]
        if not enough:
            start, enough = 0, list(range(len(self.packs.codes)))

        def rebuild(one: int) -> tuple[Tensor, dict[str, float]]:
            return self.rebuild(one, start, STRETCH)[1:]

        return self.descend(dict.fromkeys(rng.sample(enough, min(batch, len(enough))), 1.0), rebuild)

    def step_2(self, rng: random.Random, batch: int) -> list[dict[str, float]]:
        """Read several packs."""

        def read(one: int) -> tuple[Tensor, dict[str, float]]:
            made, loss, facts = self.rebuild(one, 0, FRAMES)
            text_loss, text_facts = self.read(one, made)
            return loss + text_loss, facts | text_facts

        chosen = rng.sample(range(len(self.packs.text)), min(batch, len(self.packs.text)))
        # Between each token alike and each pack alike: rows will be short, yet most of the words are in long packs.
        return self.descend({one: math.sqrt(len(self.packs.text[one])) for one in chosen}, read)

    def descend(self, weights: dict[int, float], loss: Step) -> list[dict[str, float]]:
        """Leave the gradients of the packs' weighted mean loss; a pack a thread, which wastes less than many on one."""
        parameters, total = list(self.model.parameters()), sum(weights.values())

        def gradients(one: int) -> tuple[tuple[Tensor, ...], dict[str, float]]:
            value, facts = loss(one)
            return torch.autograd.grad(value * (weights[one] / total), parameters), facts

        seen = []
        for found, facts in self.threads.map(gradients, weights):
            for parameter, gradient in zip(parameters, found, strict=True):
                parameter.grad = gradient if parameter.grad is None else parameter.grad + gradient
            seen.append(facts)
        return seen

    def move_codes(self, decay: float) -> None:
        """Move the codes after all that was heard since the last step."""
        # By pack, for the threads that heard them finish in any order.
        vectors, nearest = (torch.cat(part) for part in zip(*map(self.heard.get, sorted(self.heard)), strict=True))
        self.codebook.update(self.model, vectors, nearest, decay)
        self.heard.clear()


def rate(step: int, steps: int, peak: float, end: float, warm: int) -> float:
    """Learning rate: a linear warm-up, then half a cosine down to `end`."""
    if step < warm:
        return peak * (step + 1) / warm
    return end + (peak - end) * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def save(path: Path, value: Any) -> None:
    """Write and rename, so that a stop in the middle leaves the older file whole."""
    part = path.with_suffix(path.suffix + ".part")
    torch.save(value, part)
    part.replace(path)


def main(
    prepared: Annotated[Path, typer.Argument(help="Folder that `prepare` wrote.", exists=True)],
    to: Annotated[Path, typer.Option(help="The checkpoint to write, in WhisperSpeech's format, float16.")],
    work: Annotated[Path, typer.Option(help="Folder for the state of the training.")],
    whisper: Annotated[str, typer.Option(help="The Whisper model the packs were prepared with.")] = "tiny.en@package",
    steps_1: Annotated[int, typer.Option(help="Steps that rebuild features.")] = 1000,
    steps_2: Annotated[int, typer.Option(help="Steps that read text.")] = 1000,
    batch_1: int = 8,
    batch_2: int = 4,
    peak_1: Annotated[float, typer.Option(help="Highest learning rate of step 1.")] = 1.5e-3,
    peak_2: Annotated[float, typer.Option(help="Highest learning rate of step 2.")] = 5e-4,
    threads: int = 2,
    every: Annotated[int, typer.Option(help="Steps between two lines of the log.")] = 20,
    keep: Annotated[int, typer.Option(help="Steps between two saved states.")] = 100,
    seed: int = 0,
) -> None:
    """Train, and write the checkpoint each time the state is kept."""
    torch.set_num_threads(1)
    loaded = load_whisper(whisper)
    training = Training(load_packs(prepared, loaded), loaded, whisper.split("@")[0], threads, seed)
    optimizer = torch.optim.AdamW(training.model.parameters(), betas=(0.9, 0.98), weight_decay=1e-3)
    work.mkdir(parents=True, exist_ok=True)
    done, state = 0, work / "state.pt"
    if state.exists():
        kept = torch.load(state, weights_only=True)
        done = kept["done"]
        training.model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        training.codebook = Codebook(kept["counts"], kept["sums"])
    began, seen = time.monotonic(), []
    for step in range(done, steps_1 + steps_2):
        # Drawn from the step, so that a resumed run sees what an undisturbed one would.
        rng = random.Random(f"{seed}/{step}")
        optimizer.zero_grad()
        if step < steps_1:
            pace = rate(step, steps_1, peak_1, peak_1 / 5, 40)
            seen += training.step_1(rng, batch_1)
        else:
            pace = rate(step - steps_1, steps_2, peak_2, 0.0, 40)
            seen += training.step_2(rng, batch_2)
        torch.nn.utils.clip_grad_norm_(training.model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = pace
        optimizer.step()
        training.move_codes(0.97)
        if (step + 1) % every == 0:
            means = {
                name: sum(one[name] for one in seen) / len(seen)
                for name in seen[-1]
                if all(name in one for one in seen)
            }
            shown = " ".join(f"{name} {value:.3f}" for name, value in means.items())
            typer.echo(f"{step + 1} {shown} {(time.monotonic() - began) / (step + 1 - done):.2f} s/step")
            seen = []
        if (step + 1) % keep == 0 or step + 1 == steps_1 + steps_2:
            book = training.codebook
            kept = {"done": step + 1, "model": training.model.state_dict(), "optimizer": optimizer.state_dict()}
            save(state, kept | {"counts": book.counts, "sums": book.sums})
            save(to, to_checkpoint(training.model, torch.float16))


if __name__ == "__main__":
    typer.run(main)
