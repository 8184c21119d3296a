"""Which machines workers of a kind may be on, and for how many there is room."""

import pytest

from sayso.pipeline.engine import machines
from sayso.pipeline.engine.machines import Machines, WorkerKind
from sayso.pipeline.engine.pool import AHEAD, all_at_once, as_needed
from sayso.pipeline.resources import Resources

GIB = 1 << 30


def node(name, cpus, gpus=0, memory=64, alive=True, **labels):
    labels = {f"ray.io/{key.replace('_', '-')}": value for key, value in labels.items()}
    resources = {"CPU": cpus, "memory": memory * GIB, **({"GPU": gpus} if gpus else {})}
    return {"NodeID": name, "Alive": alive, "Resources": resources, "Labels": {"ray.io/node-id": name, **labels}}


HEAD, TEXT, SPEECH = node("head", 0), node("text", 16), node("speech", 4, gpus=2)
SPOT = node("spot", 8, gpus=1, market_type="spot", accelerator_type="L4")


@pytest.fixture
def cluster(monkeypatch):
    """Machines of a cluster of these nodes."""

    def found(*nodes):
        monkeypatch.setattr(machines.ray, "nodes", lambda: list(nodes))
        return Machines()

    return found


def text(**keys):
    return WorkerKind.of("text", Resources(text=keys))


def speech(**keys):
    return WorkerKind.of("speech", Resources(speech=keys))


@pytest.mark.parametrize(
    ("kind", "room"),
    [
        (text(), 16),
        (text(cpus=4), 4),
        (text(memory=24), 2),
        (text(label={}), 28),
        (text(label={"ray.io/market-type": "spot"}), 8),
        (speech(gpus=1), 3),
        (speech(gpus=2), 1),
        (speech(gpus=0.5), 6),
        # Of a GPU a share of 0.3 fits three times, and what is left of two is not one more.
        (speech(gpus=0.3), 7),
        (speech(gpus=0.25, cpus=2), 6),
        (speech(gpus=1, label={"ray.io/market-type": "spot"}), 1),
        (speech(gpus=1, label={"ray.io/market-type": "!spot"}), 2),
        (speech(gpus=1, label={"ray.io/accelerator-type": "in(A100, L4)"}), 1),
        (speech(gpus=1, label={"ray.io/accelerator-type": "!in(A100, H100)"}), 3),
        # On a cluster that has GPUs those who speak on CPUs keep off them, too.
        (speech(gpus=0), 16),
    ],
)
def test_there_is_room_for_as_many_as_each_machine_holds(cluster, kind, room):
    assert cluster(HEAD, TEXT, SPEECH, SPOT, node("gone", 64, alive=False)).room(kind) == room


def test_text_keeps_off_gpus_where_there_are_other_machines(cluster):
    there = cluster(HEAD, TEXT, SPEECH, SPOT)
    assert there.avoided(text()) == {"speech", "spot"}
    assert there.selector(text()) == {"ray.io/accelerator-type": "!in(L4)", "ray.io/node-id": "!in(speech)"}
    assert (there.avoided(text(label={})), there.selector(text(label={}))) == (set(), {})
    assert (there.avoided(speech(gpus=1)), there.selector(speech(gpus=1))) == (set(), {})


def test_text_works_beside_gpus_where_every_machine_has_some(cluster):
    there = cluster(HEAD, SPEECH, SPOT)
    assert (there.room(text()), there.avoided(text()), there.selector(text())) == (12, set(), {})


def test_a_machine_that_was_sent_away_is_asked_for_nothing_more(cluster):
    there = cluster(HEAD, TEXT, node("other", 16))
    there.refuse("other")
    assert (there.room(text()), there.avoided(text())) == (16, {"other"})
    assert there.selector(text(label={"zone": "a"})) == {"ray.io/node-id": "!in(other)", "zone": "a"}


def test_a_label_that_no_machine_has_is_told_with_those_that_there_are(cluster):
    there = cluster(HEAD, TEXT, SPOT)
    assert there.fault_of_label(speech(label={"ray.io/market-type": "spot"})) is None
    assert there.fault_of_label(text()) is None
    told = "no machine has the label zone=a, disk=ssd; the labels there are: ray.io/accelerator-type=L4, ray.io/market"
    assert there.fault_of_label(speech(label={"zone": "a", "disk": "ssd"})).startswith(told)
    assert cluster(HEAD).fault_of_label(text(label={"zone": "a"})).endswith("the labels there are: none")


def test_no_more_workers_are_asked_for_than_there_are_jobs(cluster):
    count = as_needed(text(label={"ray.io/zone": "a"}), cluster(HEAD, node("text", 16, zone="a")))
    assert [count(jobs) for jobs in (0, 1, 20, 1_000)] == [0, 1, 20, 32]
    assert as_needed(text(workers=4), cluster(TEXT))(1_000) == 4


def test_text_without_a_label_waits_for_no_machine_beyond_the_first(cluster):
    """An autoscaler whose machines without a GPU are all there would start others for it."""
    assert as_needed(text(), cluster(HEAD, TEXT, SPEECH))(1_000) == 16
    assert as_needed(text(), cluster(HEAD))(1_000) == 1


def test_a_cluster_without_a_machine_is_asked_for_some(cluster):
    count = as_needed(speech(gpus=1), cluster(HEAD, TEXT))
    assert [count(jobs) for jobs in (0, 3, 1_000)] == [0, 3, AHEAD]


def test_a_machine_of_our_own_has_all_its_workers_at_once(cluster):
    assert all_at_once(text(), cluster(TEXT))(1) == 16
    assert all_at_once(text(workers=3), cluster(TEXT))(1) == 3


def test_a_machine_that_comes_or_goes_is_seen_after_a_while(cluster, monkeypatch):
    there = cluster(HEAD)
    assert there.room(text()) == 0
    monkeypatch.setattr(machines.ray, "nodes", lambda: [HEAD, TEXT])
    assert there.room(text()) == 0
    monkeypatch.setattr(machines, "EVERY", 0.0)
    assert there.room(text()) == 16


def test_text_leaves_the_room_that_speech_needs_beside_it(cluster):
    there = cluster(HEAD, TEXT, SPEECH, SPOT)
    assert there.room_beside(text(label={}), speech(gpus=1)) == {"text": 16, "speech": 2, "spot": 7}
    assert there.room_beside(text(label={}), speech(gpus=1, cpus=4)) == {"text": 16, "speech": 0, "spot": 4}
    assert there.room_beside(text(), speech(gpus=1)) == {"text": 16}, "it keeps off their machines anyway"
    spot_only = speech(gpus=1, label={"ray.io/market-type": "spot"})
    assert there.room_beside(text(label={}), spot_only) == {"text": 16, "speech": 4, "spot": 7}
