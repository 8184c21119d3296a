"""In the key of an attempt is what decides what comes of it: not what a voice is called, nor gates or their code."""

from sayso.stages.jobs.code_version import ROOT, _reachable
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.synthesize.attempt_keys import engine_hash

HEART = Hibari(name="heart")


def test_a_voice_is_known_by_how_it_speaks_and_by_what_encodes_it():
    known = engine_hash(HEART, WhisperVQConfig())
    told = Hibari(name="anna", weight=3, speeds=(1.2,), license="CC0-1.0", accent="Scottish", consent="Anna agreed.")
    assert engine_hash(told, WhisperVQConfig()) == known
    assert engine_hash(HEART, WhisperVQConfig(max_batch_size=4)) != known
    assert engine_hash(HEART, WhisperVQConfig(prompt="Hello.")) != known


def test_other_bytes_of_a_model_are_another_voice(monkeypatch, tmp_path):
    known = engine_hash(HEART, WhisperVQConfig())
    (tmp_path / "other.model").write_bytes(b"other")
    monkeypatch.setattr(Hibari, "files", lambda self: {"speaker": ("hibari heart", tmp_path / "other.model")})
    assert engine_hash(HEART, WhisperVQConfig()) != known


def test_the_code_of_gates_and_measures_makes_no_attempt_another_one():
    reached = {name.rpartition(".")[2] for name in _reachable("sayso.stages.synthesize.attempts", ROOT)}
    assert {"acoustics", "attempts", "augment", "recording", "results", "utterances"} <= reached
    assert not {"gates", "heard_words", "judged_rows", "measures", "attempt_store", "ledger"} & reached
