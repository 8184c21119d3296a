"""The plan of a run is read as it was written, and that of another version of sayso is told apart."""

import pytest

from sayso.manifests.run_plan import DamagedPlan, OtherVersion, RunPlan
from tests.runs import sayso_here
from tests.sealed_json import changed

EARLIER = r"plan\.json is of an earlier version of sayso \(its format is 1, and this version reads \d+\); run "


def without_format(fields):
    """The first version wrote none."""
    del fields["format"]


def test_planning_a_stage_anew_forgets_the_stages_after_it():
    plan = RunPlan(name="tiny").with_stage("ingest", ["a"]).with_stage("screen", ["a"]).with_stage("ingest", ["a", "b"])
    assert [(stage.stage, stage.shards) for stage in plan.stages] == [("ingest", ("a", "b"))]


def test_a_plan_that_is_not_as_it_was_written_says_so(ledger):
    whole = ledger.storage.read("plan.json")
    ledger.storage.write("plan.json", whole.replace(b"tiny", b"tinz"))
    with pytest.raises(DamagedPlan, match=r"plan\.json does not have its checksum; run the recipe into this folder"):
        ledger.plan()


def test_a_plan_without_a_checksum_is_of_an_earlier_version(ledger):
    ledger.storage.write("plan.json", b'{"name": "tiny"}')
    with pytest.raises(OtherVersion, match="of an earlier version of sayso, whose files carry no checksums"):
        ledger.plan()


def test_a_plan_without_a_format_is_of_an_earlier_version_whatever_else_it_has(ledger):
    def change(fields):
        without_format(fields)
        fields["what_later_versions_do_not_have"] = 1

    ledger.storage.write("plan.json", changed(ledger.storage.read("plan.json"), change))
    with pytest.raises(OtherVersion, match=EARLIER):
        ledger.plan()


def test_a_plan_of_a_later_version_says_so(ledger):
    written = ledger.storage.read("plan.json")
    ledger.storage.write("plan.json", changed(written, lambda fields: fields.update(format=999)))
    with pytest.raises(OtherVersion, match="of a later version of sayso"):
        ledger.plan()


def test_a_plan_whose_format_is_no_number_is_damaged(ledger):
    written = ledger.storage.read("plan.json")
    ledger.storage.write("plan.json", changed(written, lambda fields: fields.update(format=["2"])))
    with pytest.raises(DamagedPlan, match="is no plan of a run: 'format': Input should"):
        ledger.plan()


@pytest.mark.parametrize(
    "command",
    [
        ("run", "demo", "--until", "screen", "--to"),
        ("status",),
        ("funnel",),
        ("verify",),
        ("explain",),
    ],
)
def test_every_command_says_of_a_run_of_an_earlier_version_what_to_do(ledger, command):
    ledger.storage.write("plan.json", changed(ledger.storage.read("plan.json"), without_format))
    row = ["facts.jsonl:1"] if command == ("explain",) else []
    said = sayso_here(*command, ledger.storage.root, *row, code=1).stderr
    assert said.startswith(f"error: {ledger.storage.root}/plan.json is of an earlier version of sayso (its format is 1")
    assert "run the recipe into another folder with --to, or verify, pull and push this run with the version" in said
    assert len(said.splitlines()) == 1


def test_the_manifests_beside_a_dataset_of_an_earlier_version_say_so(ledger, tmp_path):
    """As in a repository of the Hub, where the plan lies beside the dataset."""
    ledger.storage.write("plan.json", changed(ledger.storage.read("plan.json"), without_format))
    ledger.storage.write("files.json", b"{}")
    assert "is of an earlier version of sayso" in sayso_here("verify", ledger.storage.root, code=1).stderr
