"""What a change costs is told before anything is done, and speech may stay where only the code has changed."""

import json
import shutil
from collections import Counter

import polars as pl
import pytest

from sayso.manifests.dataset.contract import SOUND_START, TRANSCRIBE_TOKEN
from sayso.manifests.lease import Lease, this_process
from sayso.manifests.ledger import Ledger
from sayso.manifests.reports.status import status
from sayso.manifests.verify.run import verify
from sayso.pipeline.recipe import load_recipe
from sayso.pipeline.run import Run
from sayso.pipeline.stage_names import SPEECH
from sayso.stages.jobs import fingerprint
from sayso.stages.jobs.code_version import code_version
from tests.faults.small_runs import SPOKEN, InThisProcess, Silent, recipe, run_here
from tests.runs import sayso_here

BEHIND_SCREEN = ("decontaminate", "frames", "signatures", "pairs", "clusters", "deduplicate", "sample", SPEECH, "mix")
BEHIND_SPEECH = ("mix", "candidates", "leaks", "compose")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run to its end, and the recipe beside it."""
    folder = tmp_path_factory.mktemp("finished")
    path = recipe(folder, SPOKEN, 5)
    change(folder, "speech_shard_rows: 8", "speech_shard_rows: 2")
    run_here(path, folder / "run")
    return folder


@pytest.fixture
def there(finished, tmp_path):
    """The same, to be changed."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def other_speech_code(monkeypatch):
    """The code that speaks is another than it was."""

    def changed(module):
        return code_version(module) + ("x" if module == "sayso.stages.synthesize.job" else "")

    monkeypatch.setattr(fingerprint, "code_version", changed)


def change(folder, old, new):
    path = folder / "small.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def cost(folder, keep=(), until="publish"):
    ledger = Ledger(str(folder / "run"))
    return Run(load_recipe(folder / "small.yaml"), folder, ledger, InThisProcess(), Silent(), keep).cost(until)


def parts(found):
    """Stage, shards, and why they are to do or what they follow from."""
    return [(part.stage, part.shards, part.follows_from or " and ".join(part.why)) for part in found.to_do]


def shards_of(folder, stage):
    return len(Ledger(str(folder / "run")).plan().shards_of(stage))


def written(folder):
    return {file: file.stat().st_mtime_ns for file in (folder / "run").rglob("*.record.json")}


def again(before):
    """How many records were written anew, by stage."""
    changed = [file for file, when in before.items() if not file.exists() or file.stat().st_mtime_ns != when]
    return Counter(file.parent.name for file in changed)


class Told(Silent):
    """Progress that keeps the costs that it is told, and how many records had been written anew by then."""

    def __init__(self, before):
        self.before, self.costs = before, []

    def cost_known(self, found):
        self.costs.append(found)
        assert again(self.before) == {}


def test_a_finished_run_has_nothing_to_do(there):
    found = cost(there)
    assert found.to_do == ()
    assert found.finished == len(written(there))


def test_a_changed_filter_is_told_before_it_is_screened_and_costs_what_was_told(there):
    change(there, "mixture:", "screen: {filters: [{filter: spoken_length, max_words: 12}]}\nmixture:")
    found = cost(there)
    first, *behind = parts(found)
    assert first == ("screen", shards_of(there, "screen"), "recipe")
    assert {(stage, why) for stage, _, why in behind} >= {(stage, "screen") for stage in BEHIND_SCREEN}
    screened = Ledger(str(there / "run")).records(Ledger(str(there / "run")).plan().stages[1])
    assert found.to_do[0].rows == sum(record.rows_in for record in screened)
    assert found.to_do[0].seconds == pytest.approx(sum(record.seconds for record in screened), abs=0.001)
    told = Told(written(there))
    run_here(there / "small.yaml", there / "run", until="screen", progress=told)
    assert [parts(found) for found in told.costs] == [[first]]
    assert again(told.before)["screen"] == first[1]
    assert "ingest" not in again(told.before)
    assert cost(there, until="screen").to_do == ()


def test_a_changed_source_file_is_told_as_another_input(there):
    source = there / "mine.jsonl"
    source.write_text('{"instruction": "Name a bird.", "output": "The wren is a bird."}\n')
    change(there, "decontaminate:", "  - {name: mine, paths: [mine.jsonl], license: CC0-1.0}\ndecontaminate:")
    assert parts(cost(there))[0] == ("survey", 1, "new")
    run_here(there / "small.yaml", there / "run", until="ingest")
    source.write_text('{"instruction": "Name a bird that sings.", "output": "The wren is a bird."}\n')
    told = parts(cost(there))
    assert told[0] == ("survey", 1, "input")
    # The other shards depend on what the survey finds.
    assert ("ingest", 1, "input") in told
    assert {why for stage, _, why in told if stage == "ingest"} == {"input", "survey"}


def test_another_request_for_transcriptions_composes_anew_and_says_nothing_again(there):
    change(there, "compose: {", "compose: {transcription: token, ")
    before = written(there)
    run_here(there / "small.yaml", there / "run")
    assert set(again(before)) == {"compose"}
    assert verify(Ledger(str(there / "run"))).problems == ()
    asked = pl.read_parquet(there / "run/dataset/ichigo/*.parquet")["conversations"].list.first().struct["content"]
    assert set(asked.str.split(SOUND_START).list.first()) == {"", TRANSCRIBE_TOKEN}


def test_damage_is_to_do_and_changes_nothing_behind_it(there):
    file = next((there / "run/work/sample").glob("*.parquet"))
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)
    found = cost(there)
    assert parts(found) == [("sample", 1, "damaged")]
    # They are planned from what the damaged file holds.
    assert found.not_planned == (SPEECH, *BEHIND_SPEECH)
    before = written(there)
    run_here(there / "small.yaml", there / "run")
    assert again(before) == {"sample": 1}


def test_other_code_of_the_speech_is_told_apart_and_what_follows_from_it(there, other_speech_code):
    spoken, *behind = parts(cost(there))
    assert spoken == (SPEECH, shards_of(there, SPEECH), "code")
    assert [(stage, why) for stage, _, why in behind] == [(stage, SPEECH) for stage in BEHIND_SPEECH]


def test_speech_that_is_kept_is_counted_and_all_else_goes_on_as_if_it_was_new(there, other_speech_code):
    shards = shards_of(there, SPEECH)
    found = cost(there, keep={SPEECH})
    assert found.to_do == ()
    assert found.kept_speech == shards
    before = written(there)
    run_here(there / "small.yaml", there / "run", keep={SPEECH})
    assert again(before) == {}
    ledger = Ledger(str(there / "run"))
    assert verify(ledger).problems == ()
    assert verify(ledger).spoken_by_earlier_code == shards
    assert next(stage.earlier_code for stage in status(ledger).stages if stage.stage == SPEECH) == shards
    card = (there / "run/dataset/README.md").read_text()
    assert f"{shards} of {shards} shards of the speech were spoken by an earlier version of the code." in card


def test_kept_speech_that_is_damaged_or_unfinished_is_spoken_by_the_code_as_it_is(there, other_speech_code):
    shards = shards_of(there, SPEECH)
    records = sorted((there / "run/manifests" / SPEECH).glob("*.record.json"))
    records[0].unlink()
    file = there / "run/work" / SPEECH / records[1].name.replace(".record.json", ".parquet")
    file.write_bytes(b"no table")
    before = written(there)
    run_here(there / "small.yaml", there / "run", keep={SPEECH})
    # Spoken by the same models, the rows are those of before, and nothing behind is other.
    assert again(before) == {SPEECH: 1}
    ledger = Ledger(str(there / "run"))
    assert verify(ledger).problems == ()
    assert verify(ledger).spoken_by_earlier_code == shards - 2
    assert cost(there, keep={SPEECH}).to_do == ()
    assert parts(cost(there))[0] == (SPEECH, shards - 2, "code")


def test_another_recipe_of_the_speech_is_spoken_again_whatever_is_kept(there, other_speech_code):
    change(there, "seed: 3", "seed: 3\nsynthesize: {gates: {max_wer: 0.9}}")
    assert parts(cost(there, keep={SPEECH}))[0] == (SPEECH, shards_of(there, SPEECH), "recipe and code")


def test_a_dry_run_tells_people_and_programs_the_same_and_touches_nothing(there, monkeypatch):
    # There is nothing to do for a cluster, and a run that holds the folder is not disturbed.
    monkeypatch.setenv("RAY_ADDRESS", "nowhere")
    change(there, "mixture:", "screen: {filters: [{filter: spoken_length, max_words: 12}]}\nmixture:")
    command = ("run", there / "small.yaml", "--to", there / "run", "--dry-run")
    with Lease(Ledger(str(there / "run")).storage, this_process(), print, every=600):
        before = {file: file.stat().st_mtime_ns for file in there.rglob("*")}
        answer = json.loads(sayso_here(*command, "--json").stdout)
        shown = sayso_here(*command).stdout
        assert {file: file.stat().st_mtime_ns for file in there.rglob("*")} == before
    first = answer["to_do"][0]
    assert (first["stage"], first["why"], first["follows_from"]) == ("screen", ["recipe"], None)
    lines = {line.split()[0]: " ".join(line.split()) for line in shown.splitlines() if line.strip()}
    assert lines["screen"].startswith(f"screen {first['shards']} {first['rows']} ")
    assert lines["screen"].endswith("recipe: other parameters or models")
    assert "follows from screen (other" in lines[SPEECH]


def test_a_dry_run_tells_of_a_damaged_plan_what_a_run_would_do_and_leaves_it(there):
    plan = there / "run/plan.json"
    plan.write_text(plan.read_text() + "x")
    answer = sayso_here("run", there / "small.yaml", "--to", there / "run", "--dry-run")
    assert "damaged: plan.json is not as it was written; a run writes it anew" in answer.stderr
    assert answer.stdout.startswith("no shard is to do: ")
    assert plan.read_text().endswith("x")


def test_a_dry_run_into_a_folder_that_is_not_there_leaves_it_so(finished, tmp_path):
    answer = sayso_here("run", finished / "small.yaml", "--to", tmp_path / "run", "--dry-run", "--json").stdout
    found = json.loads(answer)
    assert [(part["stage"], part["why"]) for part in found["to_do"]] == [("evaluations", ["new"])]
    assert found["not_planned"][:2] == ["survey", "ingest"]
    assert list(tmp_path.iterdir()) == []
