"""What tests of several folders share."""

import importlib
import os
import sys
import types

import pytest
from huggingface_hub import constants

from tests.cluster.slow import WHY_SLOW
from tests.hub_server import HubServer
from tests.open_data import WHAT_TO_DO, OpenDataError, checked, named
from tests.ray_cluster import cluster

# One thread a process, as the workers of a run have it; torch reads this when it is imported.
os.environ["OMP_NUM_THREADS"] = "1"


# They take longest, and start first: none is to stand alone at the end, where files go to several processes.
LONGEST = (
    "tests/pipeline/test_run.py",
    "tests/docs/test_tried_out.py",
    "tests/faults/test_campaign.py",
    "tests/cluster/test_lost_nodes.py",
    "tests/pipeline/engine/test_engine.py",
    "tests/pipeline/test_whisperspeech_run.py",
)


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Names packed bytes after their argument: what packs them may write the time of day in, and then the processes of
    one run would disagree on the names of the tests."""
    return argname if isinstance(val, bytes) and not val.isascii() else None


@pytest.fixture
def hub():
    """An empty Hub on loopback."""
    with HubServer() as server:
        yield server


@pytest.fixture
def hub_here(hub, monkeypatch):
    """The same Hub, for what runs in this process, too."""
    for name, value in hub.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(constants, "ENDPOINT", hub.address)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", f"{hub.address}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    )
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    return hub


@pytest.fixture(scope="module")
def torchaudio():
    """torchaudio, or a stand-in where it is absent or of another torch: packages import it and do without its parts."""
    before = set(sys.modules)
    try:
        importlib.import_module("torchaudio")
    except (ImportError, OSError):
        sys.modules["torchaudio"] = types.ModuleType("torchaudio")
        sys.modules["torchaudio"].__dict__["transforms"] = None
    yield
    for name in set(sys.modules) - before:
        # What imported it goes with it, so that the next test finds things as they are.
        if name.split(".")[0] in {"torchaudio", "speechbrain"}:
            del sys.modules[name]


@pytest.fixture(scope="session")
def ray_cluster():
    with cluster({}) as address:
        yield address


@pytest.fixture(scope="module")
def shared_ray(ray_cluster):
    """Lets the runs of a module work on the cluster that other modules use, too, instead of one of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_ADDRESS", ray_cluster)
        yield


@pytest.fixture(scope="module")
def in_this_process():
    """Lets the runs of a module do their jobs here, where all is imported: for tests of what becomes of the rows."""
    from tests.faults.small_runs import jobs_done_here  # which brings all stages with it

    with jobs_done_here():
        yield


@pytest.fixture(scope="session")
def open_data():
    """The folder of real instruction files; a test that reads them is left out where none is named."""
    if not named():
        pytest.skip(WHAT_TO_DO)
    try:
        return checked(named())
    except OpenDataError as error:
        pytest.fail(str(error))


def pytest_terminal_summary(terminalreporter):
    """Say how many tests were left out for want of real instruction files or of time, whatever else is shown."""
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for kind, reason in (("on real rows", WHAT_TO_DO), ("on clusters", WHY_SLOW)):
        if left_out := sum(reason in told for told in skipped):
            terminalreporter.write_line(f"{left_out} tests {kind} were left out: {reason}", yellow=True)
