"""The conversations of rows: the user's turns as sound or as text, each with its answer after it."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
import pyarrow as pa

from sayso.manifests.dataset.contract import TRANSCRIBE_TOKEN, TRANSCRIPTION_PROMPTS
from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.compose.sound_strings import Spelling, sound_strings
from sayso.stages.rows.draws import draw
from sayso.stages.rows.kinds import KINDS
from sayso.stages.rows.turns import tokens_of_turns, turns

# What asks for a transcription, before the sound.
TranscriptionRequest = Literal["prompt", "token"]
_REQUESTS: dict[TranscriptionRequest, tuple[str, ...]] = {
    "prompt": TRANSCRIPTION_PROMPTS,
    "token": (TRANSCRIBE_TOKEN,),
}


def conversations(
    rows: pl.DataFrame, spelling: Spelling, request: TranscriptionRequest, sound: SoundFormat, seed: int
) -> pl.Series:
    """One list of messages for each row: a user's turn is sound, or text where nothing was said.

    A row of a kind that has no answer is the sound alone. In rows of a kind that asks for it, a request to transcribe
    stands before the sound; which one of several, is drawn by the row's id.
    """
    before = rows.select(
        _requests(rows, request, seed).alias("before"), (pl.col("tokens_per_turn").list.len() > 0).alias("has_sound")
    )
    each = turns(rows)
    each = each.hstack(before[each["row"]])
    sounds = sound_strings(tokens_of_turns(rows), spelling, sound)
    place = each["has_sound"].cum_sum().cast(pl.Int64) - 1
    spoken = sounds.gather(pl.select(pl.when(each["has_sound"]).then(place)).to_series())
    users = each.select(pl.when("has_sound").then(pl.col("before") + spoken).otherwise("prompt")).to_series()
    whole = _interleave(users, each["answer"], turns_of_row=rows["later_turns"].list.len().fill_null(0) + 1)
    alone = rows["kind"].is_in([kind for kind, of_kind in KINDS.items() if of_kind.answer is None])
    return whole.list.head(1).zip_with(alone, whole) if alone.any() else whole


def _requests(rows: pl.DataFrame, request: TranscriptionRequest, seed: int) -> pl.Expr:
    """What stands before the sound of each row: a request, or nothing."""
    requests = pl.Series(_REQUESTS[request])
    drawn = requests.gather((draw(rows["id"], seed, "transcription prompt") * len(requests)).cast(pl.Int64))
    asks = pl.col("kind").is_in([kind for kind, of_kind in KINDS.items() if of_kind.asks_to_transcribe])
    return pl.when(asks).then(pl.lit(drawn)).otherwise(pl.lit(""))


def _interleave(users: pl.Series, assistants: pl.Series, turns_of_row: pl.Series) -> pl.Series:
    """One list of messages for each row, of `turns_of_row` turns."""
    count = len(users)
    order = np.arange(2 * count).reshape(2, count).T.ravel()
    messages = pl.DataFrame(
        {
            "role": pl.select(pl.lit(pl.Series(["user", "assistant"])).gather(np.arange(2 * count) % 2)).to_series(),
            "content": pl.concat([users.alias("content"), assistants.alias("content")]).gather(order),
        }
    )
    ends = np.append(0, 2 * np.cumsum(turns_of_row.to_numpy().astype(np.int64)))
    lists = pa.LargeListArray.from_arrays(pa.array(ends), messages.to_struct("message").to_arrow())
    return pl.Series("conversations", pl.from_arrow(lists))
