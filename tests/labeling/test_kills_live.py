"""A hundred kills of push and pull on a real Label Studio, and some of the server itself: see live_kills.py."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.labeling.sync.server import Server
from corpus.workspace import Workspace
from tests.labeling.killed import Child, child_process
from tests.labeling.live_kills import Killer, Pulling, Pushing, Work

pytestmark = pytest.mark.studio

SEED = 20251122
CLIENTS = 50
SERVERS = 3


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with child_process() as made:
        yield made


@pytest.fixture
def killer(studio: tuple[Workspace, Server], child: Child) -> Killer:
    print(f"seed {SEED}")
    return Killer(*studio, child, random.Random(SEED))


def work(step: str, name: str, killer: Killer, folder: Path) -> Work:
    if step == "push":
        return Pushing(killer.server, folder / f"{name} push")
    return Pulling(killer.server, folder / f"{name} pull", killer.random)


@pytest.mark.parametrize("step", ["push", "pull"])
def test_the_client_killed_at_random_instants(step: str, tmp_path: Path, killer: Killer) -> None:
    killer.clients(work(step, "client killed", killer, tmp_path), CLIENTS)


@pytest.mark.parametrize("step", ["push", "pull"])
def test_the_server_killed_at_random_instants_and_started_again(step: str, tmp_path: Path, killer: Killer) -> None:
    assert killer.servers(work(step, "server killed", killer, tmp_path), SERVERS) > 0
