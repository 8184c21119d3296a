"""What Whisper says of sound when each word piece is the likeliest, as openai-whisper's `decode` at temperature 0."""

from __future__ import annotations

import torch
from torch import Tensor

from sayso.stages.speech.whisper.model import LayerCache, Whisper
from sayso.stages.speech.whisper.word_pieces import WordPieces


@torch.inference_mode()
def decode(whisper: Whisper, pieces: WordPieces, sound: Tensor, longest: int) -> list[list[int]]:
    """The word pieces of each row of the encoder's output (rows, positions, width), at most `longest`, without its end.

    A row that has ended says its end again until all have.
    """
    prompt, caches = pieces.prompt, [LayerCache() for _ in whisper.decoder.blocks]
    decoded = torch.tensor([prompt], device=sound.device).repeat(len(sound), 1)
    given = decoded
    for count in range(min(longest, whisper.dims.n_text_ctx + 1 - len(prompt))):
        logits = whisper.decoder(given, sound, caches)[:, -1]
        logits[:, pieces.never] = -torch.inf
        if count == 0:
            logits[:, pieces.not_first] = -torch.inf
        given = logits.argmax(-1, keepdim=True)
        given[decoded[:, -1] == pieces.end] = pieces.end
        decoded = torch.cat([decoded, given], 1)
        if (given == pieces.end).all():
            break
    return [row[: row.index(pieces.end)] if pieces.end in row else row for row in decoded[:, len(prompt) :].tolist()]
