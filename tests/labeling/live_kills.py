"""Kills on a real Label Studio: of push and pull, or of the server, while they are at work; then once more, undisturbed.

After each, every item must stand exactly once, and the files must hold exactly the annotations that the server holds. The
tests kill some dozens of times, `python -m tests.kill_sync` hundreds of times.
"""

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from corpus import store
from corpus.labeling.answers import to_result
from corpus.labeling.studio import accounts
from corpus.labeling.studio import server as studio_server
from corpus.labeling.sync.pull import pull
from corpus.labeling.sync.push import push
from corpus.labeling.sync.server import Server
from corpus.records import Annotation, Item
from corpus.workspace import Workspace
from tests.labeling.killed import Child
from tests.labeling.labeling_corpus import small

ITEMS = 40
UNDISTURBED = 3
"""Runs before the kills; instants are drawn from the least time that one took."""
ANSWERS = [to_result({"stance": stance, "topic": "04000000"}, [], None) for stance in ("favor", "against")]


class Work(Protocol):
    """What is killed. `more` gives it something to do, `again` does the rest, and `right` looks that nothing is amiss."""

    step: str

    def more(self) -> Workspace: ...

    def again(self, space: Workspace) -> None: ...

    def right(self, space: Workspace) -> None: ...


class Pushing:
    """Push of a corpus into a project that is not there yet, another one each time."""

    step = "push"

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder, self.number = server, folder, 0

    def more(self) -> Workspace:
        self.number += 1
        return small(self.folder / f"{self.number}", f"{self.folder.name} {self.number}", ITEMS)

    def again(self, space: Workspace) -> None:
        report = push(space, self.server)
        assert report.items == report.present + report.sent == ITEMS, report

    def right(self, space: Workspace) -> None:
        (project,) = self.server.find_projects(f"{space.config.name} · news-stance@1.0.0")
        held = sorted(data["item_id"] for _, data in self.server.tasks(project.id))
        assert held == sorted(item.id for item in store.read(space.items, Item))


class Pulling:
    """Pull of one project, in which people answer, skip, think better of it, and delete what they said."""

    step = "pull"

    def __init__(self, server: Server, folder: Path, random_: random.Random) -> None:
        self.server, self.random = server, random_
        self.space = small(folder, folder.name, ITEMS)
        self.project = push(self.space, server).project
        self.tasks = server.task_ids(self.project)
        for task in self.tasks:
            self.annotate(task)

    def annotate(self, task: int) -> None:
        self.server.annotate(task, self.random.choice(ANSWERS), 1, self.random.random() < 0.2)

    def more(self) -> Workspace:
        """One more answer, two others changed or deleted; half of the pulls then have everything to fetch."""
        self.annotate(self.random.choice(self.tasks))
        annotations = self.server._client.annotations
        for task in self.server.export(self.project, self.random.sample(self.tasks, 2)):
            for place, row in enumerate(task["annotations"]):
                if place:
                    annotations.delete(id=row["id"])
                else:
                    annotations.update(id=row["id"], result=self.random.choice(ANSWERS))
        if self.random.random() < 0.5:
            (self.space.state / "pull.json").unlink(missing_ok=True)
        return self.space

    def again(self, space: Workspace) -> None:
        report = pull(space, self.server)
        assert report.on_server == report.submitted + report.skipped, report

    def right(self, space: Workspace) -> None:
        exported = [row for task in self.server.export(self.project, self.tasks) for row in task["annotations"]]
        held = {row["unique_id"]: (row["id"], row["updated_at"], row["was_cancelled"]) for row in exported}
        rows = list(store.read(space.annotations, Annotation))
        assert {row.id: (row.origin.annotation, row.updated, row.status == "skipped") for row in rows} == held
        assert len(rows) == len(held)


class Killer:
    """Runs work in a forked process of `child`, on the server of the corpus `owner`."""

    def __init__(self, owner: Workspace, server: Server, child: Child, random_: random.Random) -> None:
        self.owner, self.server, self.child, self.random = owner, server, child, random_
        self.token = accounts.owner(owner.state).token

    def clients(self, work: Work, kills: int) -> None:
        """SIGKILL of the client, until so many kills came while it was at work."""
        takes, killed = self._takes(work), 0
        for _ in range(3 * kills):
            space = work.more()
            pid = self._start(work, space)
            time.sleep(self.random.uniform(0, takes))  # any instant of its work
            with suppress(ProcessLookupError):  # it had ended already
                os.kill(pid, signal.SIGKILL)
            code = self.child.exit_code()
            assert code in (0, -signal.SIGKILL), code
            self._mended(work, space)
            killed += code != 0
            if killed == kills:
                return
        raise AssertionError(f"only {killed} kills came while it was at work")

    def servers(self, work: Work, kills: int) -> int:
        """SIGKILL of the server, and a start, so many times; how many clients could not do their work."""
        takes, failed = self._takes(work), 0
        for _ in range(kills):
            space, running = work.more(), studio_server.running(self.owner)
            assert running
            self._start(work, space)
            time.sleep(self.random.uniform(0, takes))  # any instant of its work
            os.killpg(running.pid, signal.SIGKILL)
            code = self.child.exit_code()
            assert code in (0, 3), code
            studio_server.start(self.owner)
            self._mended(work, space)
            failed += code != 0
        return failed

    def _start(self, work: Work, space: Workspace) -> int:
        return self.child.start(work.step, space, self.server.url, self.token)

    def _takes(self, work: Work) -> float:
        """Seconds of a run that is left alone."""
        taken = []
        for _ in range(UNDISTURBED):
            space, start = work.more(), time.perf_counter()
            self._start(work, space)
            assert self.child.exit_code() == 0
            taken.append(time.perf_counter() - start)
            work.right(space)
        return min(taken)

    def _mended(self, work: Work, space: Workspace) -> None:
        work.again(space)
        work.right(space)
        assert not list(space.root.glob(".*.part")), "what a killed writer left is taken away"
