"""Where training begins: a codec that is fitted to the data at hand, not drawn at random."""

import torch
import torch.nn.functional as F
from torch import Tensor

from sayso.stages.speech.tokenizers.whispervq.bottleneck import Bottleneck
from sayso.stages.speech.whisper.model import Whisper


def decoder_view(whisper: Whisper, sound: Tensor) -> Tensor:
    """Matrix (width, width) after which the squared error of features is what the decoder's attention sees of it.

    Each key and value projection counts alike, relative to its variance over `sound` (frames, width): predicting
    the mean scores 1.
    """
    spread = sound.T.cov()
    total = torch.zeros_like(spread)
    for block in whisper.decoder.blocks:
        for weight in (block.cross_attn.key.weight, block.cross_attn.value.weight):
            total += weight.T @ weight / torch.trace(weight @ spread @ weight.T)
    total /= 2 * len(whisper.decoder.blocks)
    return torch.linalg.cholesky(total + 1e-6 * torch.trace(total) / len(total) * torch.eye(len(total)))


def start_from_data(model: Bottleneck, whisper: Whisper, sound: Tensor, view: Tensor, seed: int) -> None:
    """Start near a working codec: principal axes of the pooled sound, k-means codes, a linear way back.

    `sound` (vectors, width) are encoder frames pooled by two. The mask code is the zero vector: no sound is ever
    nearest to it by cosine.
    """
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        if parameter.ndim == 2 and name != "positions":
            # The residual branches start quiet: at first the way back is all but linear.
            quiet = 0.1 if name.endswith(("mlp.2.weight", "attn.out.weight")) else 1.0
            parameter.normal_(std=quiet * parameter.shape[1] ** -0.5, generator=generator)
        elif name.endswith("bias"):
            parameter.zero_()
    mean = sound.mean(0)
    values, axes = torch.linalg.eigh(((sound - mean) @ view).T.cov())
    dim = model.project_in.out_features
    top = view @ axes[:, -dim:] / values[-dim:].sqrt() ** 0.5
    model.project_in.weight.copy_(top.T)
    model.project_in.bias.copy_(-mean @ top)
    vectors = F.normalize(model.project_in(sound), dim=-1)
    codebook = vectors[torch.randint(len(vectors), (model.codes,), generator=generator)]
    for _ in range(15):
        nearest = (vectors @ codebook.T).argmax(-1)
        codebook = F.normalize(codebook * 1e-3 + torch.zeros_like(codebook).index_add_(0, nearest, vectors), dim=-1)
    model.codebook[0, : model.codes] = codebook
    ln = whisper.encoder.ln_post
    model.ln_post.load_state_dict(ln.state_dict())
    known = F.pad(codebook[(vectors @ codebook.T).argmax(-1)], (0, 1), value=1.0)
    back = torch.linalg.lstsq(known, (sound - ln.bias) / ln.weight).solution
    model.project_out.weight.copy_(back[:-1].T)
    model.project_out.bias.copy_(back[-1])
