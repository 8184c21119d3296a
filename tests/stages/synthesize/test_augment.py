"""Noise is as loud as was asked, gain is exact, rooms die away in time; and a row's draws are its own."""

import io

import numpy as np
import polars as pl
import pytest
import soundfile
import torch

from sayso.stages.synthesize.acoustics import FRAME, amplify, in_room, room_response, speech_power, with_noise
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.augment import Augment, Gain, Noise, Room, add_augmentation, draw_augmentation
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.stages.synthesize.letters import ANY_WORDS, LetterTokenizer, LetterVoice, rows, talks

RATE = 16_000
IDS = pl.Series("id", [f"{n:032x}" for n in range(2000)])
ALL = Augment(gain=Gain(db=(-6, -3)), noise=Noise(), room=Room(probability=0.5))


def speech(seconds=2.0):
    """A hum of power 0.005 in every other half second, and silence between."""
    time = np.arange(int(seconds * RATE)) / RATE
    return 0.1 * np.sin(2 * np.pi * 200 * time) * (time % 1 < 0.5)


def decibels(ratio):
    return 10 * np.log10(ratio)


def turns(count, augment, seed=1, attempt=0):
    ids = IDS[:count]
    frame = ids.to_frame().with_columns(pl.lit(1, pl.Int64).alias("turn"))
    return frame.hstack(draw_augmentation(ids, augment, seed, attempt))


def clips(count):
    return [torch.from_numpy(speech(1 + n / 10)).float() for n in range(count)]


@pytest.mark.parametrize("color", ["white", "pink"])
@pytest.mark.parametrize("snr_db", [-5, 10, 30])
def test_noise_is_as_far_below_the_speech_as_was_asked(color, snr_db):
    noise = with_noise(speech(), snr_db, color, np.random.default_rng(1)) - speech()
    assert abs(decibels(0.005 / np.mean(noise**2)) - snr_db) < 0.2


def test_pauses_do_not_count_as_speech():
    assert abs(decibels(speech_power(speech()) / 0.005)) < 0.1
    # What is left of the clip where nobody speaks, which is half of it.
    heard = with_noise(speech(4), 20, "white", np.random.default_rng(1))[speech(4) == 0]
    assert abs(decibels(0.005 / np.mean(heard**2)) - 20) < 0.2


def test_pink_noise_has_as_much_in_every_octave():
    spectrum = np.abs(np.fft.rfft(with_noise(speech(8), 0, "pink", np.random.default_rng(1)) - speech(8))) ** 2
    octaves = [spectrum[low * 8 : low * 16].sum() for low in (250, 500, 1000, 2000, 4000)]
    assert np.ptp(decibels(np.array(octaves))) < 1


def test_gain_is_exact():
    assert np.allclose(decibels(amplify(speech(), -6)[1] ** 2 / speech()[1] ** 2), -6)


def test_a_room_is_sixty_decibels_down_in_time():
    for rt60 in (0.1, 0.5, 2.0):
        response = room_response(rt60, 3, np.random.default_rng(1))
        assert response[0] == 1
        assert not response[1 : int(0.005 * RATE)].any()
        assert abs(decibels(1 / np.sum(response[1:] ** 2)) - 3) < 0.01
        # Schroeder's decay curve, from 5 to 25 dB down, and on to 60.
        left = decibels(np.cumsum(response[:0:-1] ** 2)[::-1])
        early, late = (np.argmax(left < left[0] - down) for down in (5, 25))
        assert abs((late - early) / RATE * 3 / rt60 - 1) < 0.15


def test_a_clip_in_a_room_keeps_length_and_power_and_rings_on_in_its_pauses():
    heard = in_room(speech(), room_response(0.4, 3, np.random.default_rng(1)))
    assert len(heard) == len(speech())
    assert np.isclose(np.mean(heard**2), np.mean(speech() ** 2))
    after, long_after = (heard[int(at * RATE) : int(at * RATE) + FRAME] for at in (0.52, 0.88))
    assert decibels(np.mean(after**2) / np.mean(long_after**2)) > 40


def test_draws_follow_from_seed_row_and_attempt_and_lie_in_their_ranges():
    drawn = draw_augmentation(IDS, ALL, 1, 0)
    assert drawn["augment.gain_db"].is_between(-6, -3).all()
    assert drawn["augment.snr_db"].is_between(10, 30).all()
    assert 0.45 < drawn["augment.rt60"].is_not_null().mean() < 0.55
    assert draw_augmentation(IDS.reverse(), ALL, 1, 0).reverse().equals(drawn)
    for seed, attempt in ((2, 0), (1, 1)):
        assert (draw_augmentation(IDS, ALL, seed, attempt)["augment.snr_db"] != drawn["augment.snr_db"]).mean() > 0.99
    gain_alone = draw_augmentation(IDS, Augment(gain=ALL.gain), 1, 0)
    assert gain_alone["augment.gain_db"].equals(drawn["augment.gain_db"])
    assert gain_alone["augment.snr_db"].null_count() == len(IDS)


def test_what_is_done_is_what_was_drawn():
    louder = Augment(gain=Gain(db=(-6, 3), probability=0.5))
    wanted = turns(20, louder)
    for clip, heard, gain_db in zip(
        clips(20), add_augmentation(clips(20), wanted, louder, 1, 0), wanted[:, 2], strict=True
    ):
        assert np.allclose(heard, clip if gain_db is None else amplify(clip, gain_db), atol=1e-7)
    assert 0 < wanted[:, 2].null_count() < 20


def test_a_clip_is_the_same_whatever_is_beside_it():
    wanted = turns(6, ALL)
    together = add_augmentation(clips(6), wanted, ALL, 1, 0)
    for row in reversed(range(6)):
        (alone,) = add_augmentation(clips(6)[row : row + 1], wanted[[row]], ALL, 1, 0)
        assert alone.dtype == torch.float32
        assert torch.equal(alone, together[row])
        assert not torch.equal(alone, clips(6)[row])
    (later,) = add_augmentation(clips(1), wanted[[0]].with_columns(pl.lit(2, pl.Int64).alias("turn")), ALL, 1, 0)
    assert not torch.equal(later, together[0])


def test_what_is_beyond_full_scale_is_cut_off():
    loud = Augment(gain=Gain(db=(30, 30)))
    (heard,) = add_augmentation(clips(1), turns(1, loud), loud, 1, 0)
    assert (heard.min(), heard.max()) == (-1, 1)


def test_what_is_no_speech_is_left_to_the_gates():
    error = RuntimeError("no phonemes for this text")
    odd = [torch.zeros(0), torch.zeros(RATE), torch.full((RATE,), torch.nan), error]
    heard = add_augmentation(odd, turns(4, ALL), ALL, 1, 0)
    assert all(one is other for one, other in zip(heard, odd, strict=True))


def test_only_clips_that_something_is_done_to_are_fetched_from_their_device():
    sometimes = Augment(gain=Gain(probability=0.5))
    # Nothing can be read from this device.
    far, wanted = [clip.to("meta") for clip in clips(20)], turns(20, sometimes)
    for clip, heard, gain_db in zip(far, add_augmentation(far, wanted, sometimes, 1, 0), wanted[:, 2], strict=True):
        assert heard is clip if gain_db is None else "Cannot copy out of meta tensor" in str(heard)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"gain": {"db": [3, -6]}}, "a range goes from low to high and lies within -60 and 30"),
        ({"noise": {"snr_db": [10, 90]}}, "a range goes from low to high and lies within -10 and 80"),
        ({"room": {"rt60": [0, 0.5]}}, "a range goes from low to high and lies within 0.05 and 3"),
        ({"room": {"rt60": [0.1, 0.5], "probability": 0}}, "greater than 0"),
        ({}, "it names nothing to do"),
    ],
)
def test_a_recipe_that_cannot_be_meant_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        Augment.model_validate(given)


class QuietVoice(LetterVoice):
    """The same letters, within full scale."""

    def synthesize(self, texts, seeds, speeds):
        return [clip / 256 for clip in super().synthesize(texts, seeds, speeds)]


class QuietTokenizer(LetterTokenizer):
    def encode(self, clips):
        return super().encode([(clip * 256).round() for clip in clips])


QUIET = SpeechModels({"heart": QuietVoice()}, QuietTokenizer())
HALVED = Augment(gain=Gain(db=(-6.021, -6.021), probability=0.5))


def test_tokens_transcript_and_recording_hear_what_was_done_to_the_speech():
    said = rows(*["bdfh"] * 20)
    plain = synthesize(said, QUIET, Synthesize(gates=ANY_WORDS, audio=True), 1, 16)
    outcome = synthesize(said, QUIET, Synthesize(gates=ANY_WORDS, audio=True, augment=HALVED), 1, 16)
    assert plain.verdicts["augment.gain_db"].null_count() == 20
    done = dict(zip(outcome.rows["id"], outcome.verdicts["augment.gain_db"], strict=True))
    assert set(done.values()) == {-6.021, None}
    for before, after in zip(plain.rows.to_dicts(), outcome.rows.to_dicts(), strict=True):
        if done[after["id"]] is None:
            assert after == before
        else:
            assert bytes(after["sound_tokens"]).decode() == after["transcript"] == "1234"
            assert after["wer"] == 1
            assert after["duration"] == before["duration"]
            loud, quiet = (soundfile.read(io.BytesIO(row["audio"]))[0] for row in (before, after))
            assert np.allclose(quiet, loud / 2, atol=1e-4)


def test_a_row_that_is_said_again_is_varied_anew():
    always = Augment(noise=Noise(snr_db=(20, 60)), room=Room())
    said = talks(("it hums and hums", "name a fruit"), ("name a fruit",))
    one, three = (
        synthesize(said, QUIET, Synthesize(attempts=attempts, augment=always), 1, 16).verdicts for attempts in (1, 3)
    )
    assert one["speech.attempts"].to_list() == [1, 1]
    assert (one["augment.snr_db"] != three["augment.snr_db"]).to_list() == (three["speech.attempts"] > 1).to_list()
    assert three["speech.attempts"][0] == 3


def test_batches_and_order_change_nothing_of_what_is_done_to_the_speech():
    faint = Augment(noise=Noise(snr_db=(50, 60)), gain=Gain(db=(-1, 0)))
    config = Synthesize(attempts=1, gates=ANY_WORDS, audio=True, augment=faint)
    said = talks(("name a fruit", "and a tree"), ("name a bird",), ("who are you", "why"))
    whole = synthesize(said, QUIET, config, 1, 16)
    assert whole.rows.height == 3
    for size in (1, 2):
        parts = [synthesize(said[[row]], QUIET, config, 1, size) for row in range(3)]
        assert pl.concat(part.rows for part in parts).equals(whole.rows)
        assert pl.concat(part.verdicts for part in parts).equals(whole.verdicts)
