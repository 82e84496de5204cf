"""What tests share: the real data beside the project, empty corpora, and one real Label Studio for the whole run."""

import os
from pathlib import Path

import pytest
from real_data import ant_corpus, ant_folder, shared  # noqa: F401  # fixtures, and what tests import from there

from corpus import workspace
from corpus.labeling.studio import server
from corpus.labeling.sync.server import Server, connect
from corpus.workspace import Workspace

os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ.pop("PYTHONUNBUFFERED", None)  # a person's shell has it not, and it hides what the last flush meets


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Workspace:
    """A new, empty corpus folder named `tiny`."""
    workspace.create(tmp_path / "tiny")
    return workspace.find(tmp_path / "tiny")


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Server]:
    """A real Label Studio, started once for all tests and stopped at the end, and a connection to it as its owner.

    Tests make projects of their own in it: give each corpus a name of its own.
    """
    folder = tmp_path_factory.mktemp("studio") / "server"
    workspace.create(folder)
    space = workspace.find(folder)
    with server.served(space):
        yield space, connect(space)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: those that need a server go last, in the order they were found."""
    items.sort(key=lambda item: bool(item.get_closest_marker("studio")))
