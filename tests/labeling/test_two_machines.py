"""Two machines push one corpus at the same time, whoever comes first with each call: each item stands once after both."""

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from killed import TOKEN
from labeling_corpus import small
from small_studio import SmallStudio
from stand_in import Answer, stand_in

from corpus import store
from corpus.labeling.studio import accounts
from corpus.labeling.sync import server as seam
from corpus.labeling.sync import standing
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.records import Item
from corpus.workspace import Workspace

ITEMS = 5


class Turns:
    """Lets the calls of two machines through in a given order; from its end on, in turn. Who has ended is not waited for."""

    def __init__(self, order: list[int]) -> None:
        self.order: Iterator[int] = itertools.chain(order, itertools.cycle((0, 1)))
        self.whose, self.ended = next(self.order), set[int]()
        self.changed = threading.Condition()

    def mine(self, machine: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.whose == machine or 1 - machine in self.ended, timeout=20)

    def over(self) -> None:
        with self.changed:
            self.whose = next(self.order)
            self.changed.notify_all()

    def end(self, machine: int) -> None:
        with self.changed:
            self.ended.add(machine)
            self.changed.notify_all()


def machine(number: int, space: Workspace, backend: SmallStudio, turns: Turns) -> None:
    """One push, each of whose calls waits for its turn."""

    def before(_: str, __: str) -> Answer | None:
        return turns.mine(number)

    def after(_: str, __: str) -> Answer | None:
        return turns.over()

    try:
        with stand_in(after, backend, before) as server:
            push(space, Server(server.url, TOKEN))
    finally:
        turns.end(number)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seam, "PAGE", 2)
    monkeypatch.setattr(standing, "WAITS", ())


@pytest.fixture(scope="module")
def spaces(tmp_path_factory: pytest.TempPathFactory) -> list[Workspace]:
    """Two copies of one corpus."""
    return [small(tmp_path_factory.mktemp(name) / "c", "same", ITEMS) for name in ("here", "there")]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 1), max_size=30))
@example([0, 1] * 15)
@example([0, 0, 1, 1] * 8)
def test_in_whatever_order_their_calls_come(spaces: list[Workspace], order: list[int]) -> None:
    backend, turns = SmallStudio(), Turns(order)
    threads = [threading.Thread(target=machine, args=(n, space, backend, turns)) for n, space in enumerate(spaces)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wanted = sorted(item.id for item in store.read(spaces[0].items, Item))
    assert sorted(task["data"]["item_id"] for task in backend.tasks.values()) == wanted
    assert len(backend.projects) == 1


@pytest.mark.studio
def test_at_once_on_a_real_server(studio: tuple[Workspace, Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two corpora, each pushed twice from one folder and once from its copy, all starting together; nobody pushes again."""
    monkeypatch.setattr(seam, "PAGE", 10)
    monkeypatch.setattr(standing, "WAITS", (0.5,) * 8)  # SQLite has one writer: the other may be refused
    owner, server = studio
    token = accounts.owner(owner.state).token
    for number in range(2):
        pair = [small(tmp_path / f"{name} {number}", f"two machines {number}", 40) for name in ("here", "there")]
        with ThreadPoolExecutor(3) as pool:
            reports = list(pool.map(lambda space: push(space, Server(server.url, token)), [*pair, pair[0]]))
        assert len({report.project for report in reports}) == 1
        held = sorted(data["item_id"] for _, data in server.tasks(reports[0].project))
        assert held == sorted(item.id for item in store.read(pair[0].items, Item))
        assert len(server.find_projects(reports[0].title)) == 1
