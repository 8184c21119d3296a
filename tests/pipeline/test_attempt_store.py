"""A run says what was never said: with other gates, another name, a row more, elsewhere, and by the demo's voice."""

import json
import shutil
from functools import cache
from unittest.mock import patch

import fsspec
import pytest

from sayso.manifests.attempt_files import AttemptFiles, beside_run
from sayso.manifests.ledger import Ledger
from sayso.manifests.reports.status import status
from sayso.manifests.storage import Storage
from sayso.manifests.verify.run import verify
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.synthesize import job, plan
from sayso.stages.synthesize.attempt_keys import engine_hash
from sayso.stages.synthesize.attempt_store import AttemptStore
from sayso.stages.synthesize.attempts import SpeechModels
from sayso.stages.synthesize.gates import Gates
from sayso.stages.synthesize.synthesize import Synthesize, synthesize
from tests.faults.small_runs import Silent, run_here
from tests.stages.synthesize.letters import LetterTokenizer, LetterVoice, rows
from tests.store_server import store_server

PROMPTS = ("Name a tree.", "Why is it so?")
RECIPE = """
name: mine
sources: [{{name: asked, paths: [asked.jsonl], license: MIT}}]
screen: {{filters: [{{filter: spoken_length}}]}}
synthesize: {{attempts: 2, {speech}}}
resources: {{speech_shard_rows: 1}}
"""


class Telling(Silent):
    """Keeps what is told of damage."""

    def __init__(self):
        self.damage = []

    def damaged(self, message):
        self.damage.append(message)


def said(folder, run="run", speech="gates: {}", prompts=PROMPTS):
    """Run the recipe; how many rows were synthesized and taken from the store when each shard was done last.

    And what was told of damage.
    """
    lines = (json.dumps({"prompt": prompt, "completion": "Yes."}) for prompt in prompts)
    (folder / "asked.jsonl").write_text("\n".join(lines))
    (folder / "mine.yaml").write_text(RECIPE.format(speech=speech))
    progress = Telling()
    run_here(folder / "mine.yaml", folder / run, until="synthesize", progress=progress)
    assert verify(Ledger(str(folder / run))).problems == ()
    use = next(stage.store for stage in status(Ledger(str(folder / run))).stages if stage.store)
    return (use.synthesized, use.from_store), progress.damage


def made(run):
    """The bytes of all that was made of rows, by name."""
    files = (path for top in ("work", "manifests") for path in run.glob(f"{top}/**/*.parquet"))
    return {str(path.relative_to(run)): path.read_bytes() for path in files}


@pytest.fixture(scope="module", autouse=True)
def letters():
    """Voices and a tokenizer that take no time: they speak in bytes. But for that a run is as any other."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(job, "load_voice", lambda voice: LetterVoice())
        patched.setattr(job, "load_tokenizer", lambda tokenizer: LetterTokenizer())
        for module in (job, plan):
            patched.setattr(module, "format_of", lambda tokenizer: LetterTokenizer.sound_format)
        for cached in (job.speech_models, job.sound_tokenizer):
            cached.cache_clear()
        yield
        for cached in (job.speech_models, job.sound_tokenizer):
            cached.cache_clear()


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A folder with a run of the recipe."""
    folder = tmp_path_factory.mktemp("said")
    assert said(folder) == ((2, 0), [])
    return folder


@pytest.fixture
def folder(first, tmp_path):
    return shutil.copytree(first, tmp_path / "said")


def test_with_another_gate_only_attempts_that_are_left_are_made_and_the_bytes_are_those_of_a_fresh_run(folder):
    assert said(folder, speech="gates: {max_wer: 1, max_cer: 1}") == ((0, 2), [])
    # Nothing can be said at this rate.
    strict = "gates: {max_speaking_rate: 2}"
    assert said(folder, speech=strict) == ((2, 0), [])
    said(folder, "fresh", strict)
    assert made(folder / "run") == made(folder / "fresh")


def test_a_voice_that_is_called_otherwise_says_nothing_again(folder):
    before = made(folder / "run")
    assert said(folder, speech="voices: [{name: heart, weight: 2}]") == ((2, 0), []), "no shard is done again"
    assert made(folder / "run") == before
    assert said(folder, speech="voices: [{name: anna, weight: 2}]") == ((0, 2), [])
    assert made(folder / "run") != before


def test_of_a_shard_that_another_row_comes_into_it_alone_is_said(folder):
    both = ("run", "gates: {}", (*PROMPTS, "Name a bird."))
    whole = RECIPE.replace("speech_shard_rows: 1", "speech_shard_rows: 9")
    with patch.dict(globals(), RECIPE=whole):
        assert said(folder, *both) == ((1, 2), [])


@pytest.fixture
def bucket():
    """A bucket of a store like S3."""
    with store_server() as store:
        yield store.new_bucket()


def test_runs_in_other_folders_share_a_store_from_which_damaged_files_are_taken_away(folder, bucket):
    shared = f"gates: {{}}, store: {{folder: '{bucket}/attempts'}}"
    assert said(folder, "one", shared) == ((2, 0), [])
    assert not (folder / "one" / "attempts").exists()
    assert said(folder, "two", shared) == ((0, 2), [])
    files = AttemptFiles(Storage(f"{bucket}/attempts"), "")
    (damaged, *_) = files.listed()
    with fsspec.open(files.path(damaged.name), "wb") as file:
        file.write(b"PAR1")
    found, told = said(folder, "three", shared)
    assert found == (1, 1)
    assert len(told) == 1
    assert damaged.name in told[0]
    assert damaged not in files.listed()
    assert made(folder / "one") == made(folder / "two") == made(folder / "three")


def test_one_flipped_byte_is_named_and_the_next_run_takes_the_file_away(folder):
    kept = beside_run(Storage(str(folder / "run")))
    (file, *_) = kept.listed()
    path = folder / "run" / "attempts" / file.name
    content = path.read_bytes()
    path.write_bytes(content[:99] + bytes([content[99] ^ 1]) + content[100:])
    (folder / "run" / "attempts" / "mine.txt").write_text("mine")
    problems = {problem.where: problem.what for problem in verify(Ledger(str(folder / "run"))).problems}
    assert "does not have the bytes that its name stands for; run the recipe again" in problems[f"attempts/{file.name}"]
    assert problems["attempts/mine.txt"] == "is no part of this run; move it away"
    (folder / "run" / "attempts" / "mine.txt").unlink()
    found, told = said(folder, speech="gates: {max_wer: 1}, store: {max_gigabytes: 1}")
    assert told == [f"attempts/{file.name} is not as it was written; what it held is said again where it is asked for"]
    assert found == (1, 1)
    assert file not in kept.listed()


class Once:
    """The demo's voice and tokenizer, each asked once for each thing: what they answer depends on it alone."""

    def __init__(self):
        self.voice, self.tokenizer = Hibari(name="heart").load(), WhisperVQConfig().load()
        self.sound_format, self.sample_rate = self.tokenizer.sound_format, self.tokenizer.sample_rate
        self.say = cache(lambda text, seed, speed: self.voice.synthesize([text], [seed], [speed])[0])
        self.said = 0
        self._encoded, self._decoded = {}, {}

    def synthesize(self, texts, seeds, speeds):
        self.said += len(texts)
        return [self.say(*asked) for asked in zip(texts, seeds, speeds, strict=True)]

    def encode(self, clips):
        return [self._once(self._encoded, self.tokenizer.encode, clip) for clip in clips]

    def decode_text(self, tokens):
        return [self._once(self._decoded, self.tokenizer.decode_text, some) for some in tokens]

    def _once(self, known, model, given):
        content = (given if hasattr(given, "tobytes") else given.numpy()).tobytes()
        if content not in known:
            known[content] = model([given])[0]
        return known[content]


GATES = (
    Gates(),
    Gates(max_wer=0, max_cer=0),
    Gates(max_cer=0.05),
    Gates(max_wer=1, max_cer=1, max_lost_start=9, max_lost_end=9, max_lost_inside=9, max_name_error=1),
    Gates(max_speaking_rate=4),
    Gates(max_speaking_rate=4.5, max_wer=0.1),
    Gates(max_silence=0.1),
    Gates(max_seconds=1.2),
    Gates(max_run=3, max_wer=1, max_cer=0.3),
    Gates(min_speaking_rate=4, max_wer=1, max_cer=1),
)


def test_the_demo_voice_is_judged_at_ten_settings_of_the_gates_as_if_each_had_said_it(tmp_path):
    ledger, once, counts = Ledger(str(tmp_path)), Once(), set()
    asked = rows("Name a tree.", "Who wrote Emma?")
    models = SpeechModels({"heart": once}, once)
    engines = {"heart": engine_hash(Hibari(name="heart"), WhisperVQConfig())}
    for gates in GATES:
        config, near = Synthesize(gates=gates, attempts=2), [file.name for file in beside_run(ledger.storage).listed()]
        store = AttemptStore(None, 10**9, engines, near)
        kept, before = store.kept(ledger), once.said
        found = synthesize(asked, models, config, 7, 16, kept)
        store.add(ledger, kept)
        with_store, before = once.said - before, once.said
        expected = synthesize(asked, models, config, 7, 16)
        assert with_store <= once.said - before
        assert found.rows.equals(expected.rows)
        assert found.verdicts.equals(expected.verdicts)
        counts.add((found.rows.height, with_store))
    assert len({kept for kept, _ in counts}) > 1
    assert any(with_store == 0 for _, with_store in counts)
