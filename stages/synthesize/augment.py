"""Augmentation: another loudness, noise, or a room around the speech, drawn for each row from the recipe's seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import polars as pl
import xxhash
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sayso.stages.rows.draws import draw
from sayso.stages.speech.protocols import Clip
from sayso.stages.synthesize.acoustics import FRAME, Color, amplify, in_room, room_response, with_noise

DRAWN = {"augment.gain_db": pl.Float64, "augment.snr_db": pl.Float64, "augment.rt60": pl.Float64}


def _range(lowest: float, highest: float) -> AfterValidator:
    def check(ends: tuple[float, float]) -> tuple[float, float]:
        if not lowest <= ends[0] <= ends[1] <= highest:
            raise ValueError(f"a range goes from low to high and lies within {lowest:g} and {highest:g}")
        return ends

    return AfterValidator(check)


class Gain(BaseModel):
    """Louder or quieter speech. What goes beyond full scale is cut off, as in a recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    db: Annotated[tuple[float, float], _range(-60, 30)] = Field(
        default=(-6.0, 3.0), description="least and most gain in dB, within -60 and 30"
    )
    probability: float = Field(default=1.0, gt=0, le=1, description="share of the rows that get it")


class Noise(BaseModel):
    """Steady noise under the whole clip, at a ratio to the speech in it; pauses do not count as speech."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    snr_db: Annotated[tuple[float, float], _range(-10, 80)] = Field(
        default=(10.0, 30.0), description="least and most dB of the speech over the noise, within -10 and 80"
    )
    color: Color = Field(
        default="pink", description="white: as much in every hertz; pink: as much in every octave from 20 Hz up"
    )
    probability: float = Field(default=1.0, gt=0, le=1, description="share of the rows that get it")


class Room(BaseModel):
    """Reverberation of a made-up room: the speech itself, then noise that dies away. Length and power stay."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rt60: Annotated[tuple[float, float], _range(0.05, 3)] = Field(
        default=(0.2, 0.6), description="least and most seconds until it is 60 dB down, within 0.05 and 3"
    )
    direct_db: float = Field(default=3.0, ge=-10, le=30, description="dB of the direct sound over all reverberation")
    probability: float = Field(default=1.0, gt=0, le=1, description="share of the rows that get it")


class Augment(BaseModel):
    """What is done to the speech between voice and tokenizer: first the room, then noise, then gain.

    Which rows get what is drawn from the recipe's seed, the row and the attempt, and stored with the verdict. All turns
    of a row are in one room, with one gain and one ratio.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    gain: Gain | None = Field(default=None, description="louder or quieter")
    noise: Noise | None = Field(default=None, description="noise under the clip")
    room: Room | None = Field(default=None, description="reverberation")

    @model_validator(mode="after")
    def _does_something(self) -> Augment:
        if not (self.gain or self.noise or self.room):
            raise ValueError("it names nothing to do; give gain, noise or room, or leave the key out")
        return self


def draw_augmentation(ids: pl.Series, augment: Augment | None, seed: int, attempt: int) -> pl.DataFrame:
    """`DRAWN` for each id (32 hexadecimal digits): what is done to it, null where it is left alone."""
    gain, noise, room = (augment.gain, augment.noise, augment.room) if augment else (None, None, None)
    asked = (
        (gain.db, gain.probability) if gain else None,
        (noise.snr_db, noise.probability) if noise else None,
        (room.rt60, room.probability) if room else None,
    )
    return pl.DataFrame([_drawn(ids, name, one, seed, attempt) for name, one in zip(DRAWN, asked, strict=True)])


def add_augmentation(
    clips: Sequence[Clip | Exception], turns: pl.DataFrame, augment: Augment, seed: int, attempt: int
) -> list[Clip | Exception]:
    """Clips (16 kHz mono) of turns (`id`, `turn`, `DRAWN`) with what was drawn for them; errors stay in their places.

    It is done on the CPU, and what comes of it goes back to where the clip was. A row's noise and room follow from
    seed, id, attempt and, for the noise, the turn; not from what is beside it.
    """
    result: list[Clip | Exception] = []
    for clip, (row_id, turn, *drawn) in zip(clips, turns.select("id", "turn", *DRAWN).rows(), strict=True):
        try:
            heard = clip if isinstance(clip, Exception) else _vary(clip, row_id, turn, drawn, augment, seed, attempt)
            result.append(heard)
        except Exception as error:  # this row's own; its neighbours go on
            result.append(error)
    return result


def _drawn(
    ids: pl.Series, name: str, asked: tuple[tuple[float, float], float] | None, seed: int, attempt: int
) -> pl.Series:
    nothing = pl.repeat(None, len(ids), dtype=pl.Float64, eager=True)
    if asked is None:
        return nothing.alias(name)
    (low, high), probability = asked
    happens = draw(ids, seed, f"{name} happens/{attempt}") < probability
    # Rounded before it is used, so that what is stored is what was done.
    return (draw(ids, seed, f"{name}/{attempt}") * (high - low) + low).round(3).zip_with(happens, nothing).alias(name)


def _vary(
    clip: Clip, row_id: str, turn: int, drawn: Sequence[float | None], augment: Augment, seed: int, attempt: int
) -> Clip:
    gain_db, snr_db, rt60 = drawn
    if gain_db is None and snr_db is None and rt60 is None:
        return clip
    wave = clip.cpu().numpy().astype(np.float64)
    # What is no sound, or silence, is for the gates to find.
    if len(wave) < FRAME or not np.isfinite(wave).all() or not wave.any():
        return clip
    if augment.room and rt60 is not None:
        random = _generator(f"{row_id}/{attempt}/room", seed)
        wave = in_room(wave, room_response(rt60, augment.room.direct_db, random))
    if augment.noise and snr_db is not None:
        wave = with_noise(wave, snr_db, augment.noise.color, _generator(f"{row_id}/{attempt}/{turn}/noise", seed))
    if gain_db is not None:
        wave = amplify(wave, gain_db)
    return clip.new_tensor(np.clip(wave, -1, 1))


def _generator(purpose: str, seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(xxhash.xxh3_64_intdigest(purpose.encode(), seed=seed)))
