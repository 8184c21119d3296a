"""A published dataset for each test to do with as it likes, and where it is exported to."""

import shutil

import pytest

from tests.pipeline.export.heard_dataset import publish


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"))[0].root


@pytest.fixture
def dataset(published, tmp_path):
    shutil.copytree(published, tmp_path / "dataset")
    return str(tmp_path / "dataset")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"
