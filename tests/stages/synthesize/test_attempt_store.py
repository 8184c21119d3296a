"""What was said is kept: gates, names and weights change without saying it again, and no byte is another for that."""

import io
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import torch
import xxhash

from sayso.manifests.attempt_files import DamagedAttempts, beside_run
from sayso.manifests.ledger import Ledger
from sayso.manifests.storage import Storage
from sayso.stages.speech.protocols import SynthesisError
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.speech.voices.whisperspeech.settings import WhisperSpeechSettings
from sayso.stages.synthesize.attempt_store import AttemptStore, KeptAttempts
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.augment import Augment, Gain, Noise, Room
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.stages.synthesize.letters import LetterTokenizer, LetterTokens, LetterVoice, letters, rows, talks


class MoodyVoice(LetterVoice):
    """Says some letters wrong, other ones and more or fewer with each seed; notes what it was asked."""

    def __init__(self):
        self.asked = []

    def synthesize(self, texts, seeds, speeds):
        self.asked += zip(texts, seeds, speeds, strict=True)
        return [self._in_a_mood(*each) for each in zip(texts, seeds, speeds, strict=True)]

    def _in_a_mood(self, text, seed, speed):
        if "cannot" in text:
            raise RuntimeError("out of memory")
        if "unsayable" in text:
            return SynthesisError("no phonemes for this text")
        random = np.random.default_rng(xxhash.xxh3_64_intdigest(f"{text}/{seed}/{speed}".encode()))
        wrong = random.random(len(text)) < random.choice([0, 0, 0.05, 0.3])
        said = "".join("z" if one and letter != " " else letter for letter, one in zip(text, wrong, strict=True))
        if random.random() < 0.1:
            said = said[: len(said) // 2]
        return torch.from_numpy(letters(said))


WORDS = ("name", "a", "fruit", "that", "grows", "on", "large", "trees", "and", "say", "why", "we", "eat", "it")


def questions(count, start=0):
    """Rows of some words, each other ones."""
    texts = [" ".join(WORDS[n % 5 : n % 5 + 3 + n % 9]) + " " + "x" * (n % 7 + 1) for n in range(start, start + count)]
    return rows(*texts).with_columns(pl.Series("id", [f"{n * (2**120 + 1):032x}" for n in range(start, start + count)]))


class Said:
    """Says rows, by whatever was kept before, and tells what the voices were asked for."""

    def __init__(self, path, voices=("heart",)):
        self.ledger, self.voices = Ledger(str(path)), voices

    def __call__(self, said, config, seed=1, with_store=True):
        voices = {name: MoodyVoice() for name in self.voices}
        models = SpeechModels(voices, LetterTokenizer(), {name: LetterTokens() for name in self.voices})
        near = [file.name for file in beside_run(self.ledger.storage).listed()]
        store = AttemptStore(None, 10**9, dict.fromkeys(self.voices, "engines"), near)
        kept = store.kept(self.ledger) if with_store else None
        outcome = synthesize(said, models, config, seed, 16, kept)
        if with_store:
            store.add(self.ledger, kept)
        self.asked = sum(len(voice.asked) for voice in voices.values())
        return outcome

    def as_without(self, said, config, seed=1):
        """The same, and that it is what comes out without a store; how much was asked for with it, and without."""
        found = self(said, config, seed)
        asked = self.asked
        expected = self(said, config, seed, with_store=False)
        assert found.rows.equals(expected.rows)
        assert found.verdicts.equals(expected.verdicts)
        return asked, self.asked


@pytest.fixture
def said(tmp_path):
    return Said(tmp_path)


GATES = [
    Gates(),
    Gates(max_cer=0.02),
    Gates(max_wer=1, max_cer=1),
    Gates(max_wer=1, max_cer=0.05, max_lost_end=9),
    Gates(max_wer=0, max_cer=0),
    Gates(max_wer=1, max_cer=1, max_lost_start=9, max_lost_end=9, max_lost_inside=9),
    Gates(max_seconds=2),
    Gates(max_seconds=1, max_wer=1, max_cer=0.4),
    Gates(max_run=1),
    Gates(max_wer=0.2, max_run=3, max_lost_end=1),
]


def test_ten_settings_of_the_gates_have_what_runs_without_a_store_have(said):
    texts = pl.concat(
        [questions(40), talks(("name a fruit", "and a tree"), ("who is that", "why", "what for")).drop([])]
    )
    texts = texts.unique("id", keep="first", maintain_order=True)
    known, lost = 0, set()
    for gates in GATES:
        asked, without = said.as_without(texts, Synthesize(gates=gates))
        assert asked <= without
        known += without - asked
        lost.add(said(texts, Synthesize(gates=gates)).rows.height)
        assert said.asked == 0, "all of it is known now"
    assert known > 300
    assert len(lost) > 6


def test_a_looser_gate_says_nothing_again_and_a_stricter_one_only_what_has_attempts_left(said):
    texts = questions(40)
    assert said.as_without(texts, Synthesize(gates=Gates(max_wer=0.2)))[0] > 40
    assert said.as_without(texts, Synthesize(gates=Gates(max_wer=1, max_cer=1)))[0] == 0
    passed = said(texts, Synthesize(gates=Gates(max_wer=0.2))).verdicts
    strict = Synthesize(gates=Gates(max_wer=0.1, max_cer=0))
    asked, without = said.as_without(texts, strict)
    again = said(texts, strict).verdicts
    more = (again["speech.attempts"] - passed["speech.attempts"]).sum()
    assert 0 < asked == more < without


def test_another_number_of_attempts_says_only_the_attempts_that_are_new(said):
    texts, strict = questions(40), Gates(max_wer=0, max_cer=0)
    assert said.as_without(texts, Synthesize(gates=strict, attempts=2))[0] > 40
    assert said.as_without(texts, Synthesize(gates=strict, attempts=1))[0] == 0
    asked, without = said.as_without(texts, Synthesize(gates=strict, attempts=4))
    assert 0 < asked < without / 2


def test_a_row_more_is_all_that_is_said(said):
    assert said.as_without(questions(20), Synthesize(attempts=1)) == (20, 20)
    assert said.as_without(questions(21), Synthesize(attempts=1)) == (1, 21)
    other = questions(21).with_columns(pl.Series("spoken", ["how are you", *questions(21)["spoken"][1:]]))
    assert said.as_without(other, Synthesize(attempts=1)) == (1, 21)


def test_a_name_and_a_weight_change_no_attempt_and_a_seed_or_a_speed_does(tmp_path):
    said = Said(tmp_path, ("heart", "soul"))
    texts, once = questions(40), Synthesize(voices=(Hibari(name="heart"),), attempts=1)
    assert said.as_without(texts, once) == (40, 40)
    renamed = Synthesize(voices=(Hibari(name="soul", weight=7, license="MIT"),), attempts=1)
    assert said.as_without(texts, renamed) == (0, 40)
    assert said(texts, renamed).rows["voice"].unique().to_list() == ["soul"]
    assert said.as_without(texts, once.model_copy(update={"voices": (Hibari(name="heart", speeds=(1.1,)),)}))[0] == 40
    assert said.as_without(texts, once, seed=2)[0] == 40
    two = Synthesize(voices=(Hibari(name="heart"), Hibari(name="soul", speeds=(1.2,))), attempts=1)
    asked, _ = said.as_without(texts, two)
    assert 10 < asked < 30, "those of the other voice"


def test_long_texts_and_what_is_done_to_the_clips_are_known_by_all_that_decides_about_them(said):
    texts, short = questions(12), Synthesize(attempts=1, max_utterance_bytes=20)
    assert said.as_without(texts, short)[0] > 12
    assert said.as_without(texts, short)[0] == 0
    assert 0 < said.as_without(texts, short.model_copy(update={"pause_seconds": 0.4}))[0] <= 24
    before = said.as_without(texts, Synthesize(attempts=1))[0]
    assert before < 12, "short ones are the same whatever the longest may have"
    loud = Augment(gain=Gain(db=(1, 2), probability=0.5))
    asked = said.as_without(texts, Synthesize(attempts=1, augment=loud))[0]
    assert 0 < asked < 12, "who is left alone is known"
    steady = Augment(noise=Noise(probability=0.5), room=Room(probability=0.5))
    assert said.as_without(texts, Synthesize(attempts=1, augment=steady))[0] < 12
    assert said.as_without(texts, Synthesize(attempts=1, augment=steady))[0] == 0
    white = Augment(noise=Noise(probability=0.5, color="white"), room=Room(probability=0.5))
    assert 0 < said.as_without(texts, Synthesize(attempts=1, augment=white))[0] < 12


def test_audio_and_its_transcript_are_said_again_once_where_they_were_not_asked_for(said):
    texts = talks(("name a fruit", "and a tree"), ("who are you",), ("all is silent here",))
    for config in (Synthesize(), Synthesize(audio=True), Synthesize(audio=True, listen=True)):
        assert said.as_without(texts, config)[0] > 0
        assert said.as_without(texts, config)[0] == 0
    for config in (Synthesize(listen=True), Synthesize(), Synthesize(audio=True)):
        assert said.as_without(texts, config)[0] == 0


def test_what_was_said_without_audio_is_known_too(said):
    direct = WhisperSpeech(
        name="heart", license="MIT", whisperspeech=WhisperSpeechSettings(route="direct", vq="vq.pt", t2s="t2s.model")
    )
    config = Synthesize(voices=(direct,), gates=Gates(max_silence=1, min_speaking_rate=0, max_speaking_rate=99))
    texts = talks(("name a fruit", "say audio"), ("who are you",))
    first = said.as_without(texts, config)
    assert first[0] == first[1] > 0, "the second attempt is made with audio"
    assert said.as_without(texts, config)[0] == 0


def test_an_error_of_the_machine_is_no_outcome_to_keep_to(said):
    texts = rows("they cannot say", "this is unsayable", "name a fruit")
    assert said.as_without(texts, Synthesize())[0] >= 7
    assert said.as_without(texts, Synthesize())[0] == 3, "three attempts at the one that met it"


def test_a_damaged_file_is_taken_away_and_named_and_a_file_of_another_version_holds_nothing(said, tmp_path):
    texts = questions(5)
    said(texts, Synthesize(attempts=1))
    (file,) = (tmp_path / "attempts").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedAttempts, match=file.name):
        said(texts, Synthesize(attempts=1))
    assert said.as_without(texts, Synthesize(attempts=1))[0] == 5
    said.ledger.storage.remove(f"attempts/{next((tmp_path / 'attempts').iterdir()).name}")
    kept = beside_run(Storage(str(tmp_path)))
    nonsense = kept.write("0" * 32, "f" * 32, b"PAR1 is not all that it takes")
    with pytest.raises(DamagedAttempts, match=nonsense.name):
        said(texts, Synthesize(attempts=1))
    kept.write("0" * 32, "f" * 32, _parquet(pl.DataFrame({"key": ["a"], "wer": [0.1]})))
    assert said.as_without(texts, Synthesize(attempts=1))[0] == 5


def test_of_two_attempts_with_one_key_the_first_is_kept(said):
    texts = questions(3)
    said(texts, Synthesize(attempts=1))
    kept = AttemptStore(None, 1, {"heart": "engines"}, [file.name for file in beside_run(said.ledger.storage).listed()])
    first = kept.kept(said.ledger)
    later = first.known.with_columns(pl.lit("later").alias("speech.transcript"))
    both = KeptAttempts(first.engines, pl.concat([first.known, later]))
    models = SpeechModels({}, LetterTokenizer())
    assert "later" not in synthesize(texts, models, Synthesize(attempts=1), 1, 16, both).rows["transcript"].to_list()


def test_a_store_has_at_most_what_it_may_have_and_the_oldest_go_first(said, tmp_path):
    texts = questions(30)
    for start in (0, 10, 20):
        said(texts[start : start + 10], Synthesize(attempts=1))
    files = beside_run(said.ledger.storage)
    _, *others = files.listed()
    files.remove_oldest(files.size().bytes - 1)
    assert files.listed() == others
    assert said.as_without(texts, Synthesize(attempts=1))[0] == 10
    files.remove_oldest(0)
    assert files.listed() == []
    nothing = AttemptStore(None, 0, {"heart": "engines"}, ())
    kept = nothing.kept(said.ledger)
    synthesize(texts, SpeechModels({"heart": MoodyVoice()}, LetterTokenizer()), Synthesize(), 1, 16, kept)
    nothing.add(said.ledger, kept)
    assert files.listed() == []


def test_a_file_that_was_removed_meanwhile_holds_nothing(said):
    texts = questions(5)
    said(texts, Synthesize(attempts=1))
    store = AttemptStore(None, 1, {"heart": "engines"}, [beside_run(said.ledger.storage).listed()[0].name])
    assert store.kept(said.ledger).known.height == 5
    beside_run(said.ledger.storage).remove_oldest(0)
    assert store.kept(said.ledger).known.is_empty()
    assert replace(store, near=()).kept(said.ledger).known.is_empty()


def _parquet(table):
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()
