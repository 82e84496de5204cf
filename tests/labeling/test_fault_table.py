"""The fault table: each fault × push and pull, and kills at each call. Then the same command again, and all is right.

Right is: each item stands exactly once, and the files hold exactly the annotations that the server holds. The server is the
small one of small_studio.py; test_kills_live.py kills at random instants on the real one.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from killed import TOKEN, Child, child_process
from labeling_corpus import small
from small_studio import SmallStudio
from stand_in import CUT, Answer, Fault, Faulty, none, stand_in, without_backoff

from corpus import store
from corpus.errors import ServiceError
from corpus.labeling.answers import to_result
from corpus.labeling.sync import server as seam
from corpus.labeling.sync import standing
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.reading import AnnotationReject
from corpus.labeling.sync.server import Server
from corpus.records import Annotation, Item
from corpus.workspace import Workspace

ITEMS = 14
SEED = 20251122
HTML = (200, "text/html", b"<html><h1>gateway</h1>sessionid=topsecret</html>")
GOOD = to_result({"stance": "favor", "topic": "04000000"}, [], None)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seam, "PAGE", 4)
    monkeypatch.setattr(seam, "EXPORT_TASKS", 4)
    monkeypatch.setattr(standing, "WAITS", (0.0, 0.0, 0.0))
    monkeypatch.setattr("os.fsync", lambda _: None)  # no power is cut here
    without_backoff(monkeypatch)


def labelled(space: Workspace, backend: SmallStudio, url: str) -> None:
    """Push, and let two people answer, skip, and answer unfitly."""
    push(space, Server(url, TOKEN))
    for number, task in enumerate(sorted(backend.tasks)):
        backend.annotate(task, 2, GOOD, number % 5 == 0)
        backend.annotate(task, 3, GOOD if number % 3 else [])


def right(space: Workspace, backend: SmallStudio, step: str) -> None:
    items = [item.id for item in store.read(space.items, Item)]
    assert sorted(task["data"]["item_id"] for task in backend.tasks.values()) == sorted(items)
    if step == "push":
        return
    rows = list(store.read(space.annotations, Annotation))
    refused = list(store.read(space.annotation_rejects, AnnotationReject))
    found = sorted([row.origin.annotation for row in rows] + [row.annotation for row in refused])
    assert found == sorted(backend.annotations)
    for row in rows:
        held = backend.annotations[row.origin.annotation]
        assert (row.id, row.updated, row.status == "skipped") == (held["unique_id"], held["updated_at"], held["was_cancelled"])


def on(of: str, answer: Callable[[], Answer | None], times: int = 1) -> Fault:
    """A fault of the calls whose path ends like this, the first few times."""
    left = [times]

    def fault(_: str, path: str) -> Answer | None:
        if not path.rstrip("/").endswith(of) or not left[0]:
            return None
        left[0] -= 1
        return answer()

    return fault


def slow() -> None:
    time.sleep(0.3)


STATUSES = [408, 409, 429, 500, 502, 503, 504]
FAULTS: dict[str, Callable[[], Answer | None]] = {
    **{str(code): lambda code=code: (code, "text/html", HTML[2]) for code in STATUSES},  # type: ignore[misc]
    "cut": lambda: CUT,
    "html": lambda: HTML,
    "half": lambda: (200, "application/json", b'{"tasks": [{"id": 1'),
    "slow": slow,
}
CALLS = {"push": ["projects", "import", "tasks"], "pull": ["projects", "tasks", "export", "users"]}


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("step", "call"), [(step, call) for step, calls in CALLS.items() for call in calls])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_then_the_same_command_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, step: str, call: str, when: str
) -> None:
    """Asked before the server has done its work, or after; once, and as long as the first command runs."""
    backend, space = SmallStudio(), small(tmp_path / "c", "faults", ITEMS)
    run = push if step == "push" else pull
    if fault == "slow":
        monkeypatch.setattr(seam, "TIMEOUT", 0.1)
    with stand_in(real=backend) as server:
        if step == "pull":
            labelled(space, backend, server.url)
        for times in (1, 10**6):
            broken = on(call, FAULTS[fault], times)
            server.before, server.fault = (broken, none) if when == "before" else (none, broken)
            with suppress(ServiceError):
                run(space, Server(server.url, TOKEN))
            if step == "pull":
                backend.annotate(min(backend.tasks), 2, GOOD)
        server.before = server.fault = none
        run(space, Server(server.url, TOKEN))
        right(space, backend, step)


@pytest.mark.parametrize("code", [401, 403, 400, 404])
def test_what_does_not_pass_stops_at_once(tmp_path: Path, code: int) -> None:
    backend, space = SmallStudio(), small(tmp_path / "c", "faults", ITEMS)
    with stand_in(real=backend, before=on("import", lambda: (code, "application/json", b'{"detail": "no"}'))) as server:
        with pytest.raises(ServiceError, match=str(code)):
            push(space, Server(server.url, TOKEN))
        assert [path for _, path in server.seen if path.endswith("import")] == [server.seen[-1][1]]
        push(space, Server(server.url, TOKEN))
        right(space, backend, "push")


def test_attempts_are_bounded_and_each_is_after_a_look(tmp_path: Path) -> None:
    backend, space = SmallStudio(), small(tmp_path / "c", "faults", ITEMS)
    with stand_in(real=backend, before=on("import", lambda: CUT, 10**6)) as server:
        with pytest.raises(ServiceError):
            push(space, Server(server.url, TOKEN))
        calls = [path.rstrip("/").rsplit("/", 1)[1] for _, path in server.seen]
    assert calls.count("import") == len(standing.WAITS) + 1
    assert [call for call in calls if call in ("import", "tasks")] == ["import", *["tasks", "import"] * len(standing.WAITS)]


def test_two_machines_at_once(tmp_path: Path) -> None:
    """While one imports, another does too: each looks again, and both leave each item once."""
    backend = SmallStudio()
    spaces = [small(tmp_path / name, "same", ITEMS) for name in ("here", "there")]
    for at in ("import", "projects"):
        backend.__init__()  # type: ignore[misc]
        with stand_in(real=backend) as server:
            other = on(at, lambda: push(spaces[1], Server(server.url, TOKEN)) and None)
            inside = [False]

            def once(method: str, path: str, other: Fault = other, inside: list[bool] = inside) -> Answer | None:
                if inside[0] or method != "POST":
                    return None
                inside[0] = True
                answer = other(method, path)
                inside[0] = False
                return answer

            server.before = once
            push(spaces[0], Server(server.url, TOKEN))
        right(spaces[0], backend, "push")
        assert len(backend.projects) == 1


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with child_process() as made:
        yield made


def again(space: Workspace, backend: SmallStudio, server: Faulty, step: str) -> None:
    (push if step == "push" else pull)(space, Server(server.url, TOKEN))
    right(space, backend, step)
    assert not list(space.root.glob(".*.part")), "what a killed writer left is taken away"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["push", "pull"])
def test_killed_at_each_call(tmp_path: Path, child: Child, step: str, when: str) -> None:
    """SIGKILL of the client at each of its calls in turn: before the server has done its work, and after."""
    for number in range(1, 30):
        backend, space = SmallStudio(), small(tmp_path / f"{number}", "kills", ITEMS)
        calls, pid = [0], [0]

        def kill(_: str, __: str, calls: list[int] = calls, pid: list[int] = pid, number: int = number) -> Answer | None:
            calls[0] += 1
            if calls[0] == number:
                while not pid[0]:
                    time.sleep(0.001)
                os.kill(pid[0], signal.SIGKILL)
                return CUT
            return None

        with stand_in(real=backend) as server:
            if step == "pull":
                labelled(space, backend, server.url)
            server.before, server.fault = (kill, none) if when == "before" else (none, kill)
            pid[0] = child.start(step, space, server.url)
            killed = child.ended()
            server.before = server.fault = none
            again(space, backend, server, step)
        if not killed:
            break
    assert 5 < number < 29, "every call had its turn"
