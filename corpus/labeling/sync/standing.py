"""Each task exactly once: what a project holds, what it lacks, and what stands twice. Whatever the tasks are about.

A task is known by its version: the item's id, the SHA-256 of the text and the codebook, which are in its data.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from corpus.labeling.sync import server as seam
from corpus.labeling.sync.faults import PassingError
from corpus.labeling.sync.server import Server
from corpus.progress import Progress, quiet
from corpus.records import Item

WAITS = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each further attempt. Anything that got through gives all attempts back."""


class Version(Struct, frozen=True, order=True):
    """What a task shows: an item's id, the SHA-256 of its text, and its codebook. Empty where the data does not say."""

    item: str
    sha256: str
    codebook: str

    @classmethod
    def of(cls, item: Item) -> "Version":
        """Of an item as it is now."""
        return cls(item.id, item.sha256, item.codebook)


Held = dict[Version, list[int]]
"""The ids of a project's tasks, rising, by what they show; none for what was sent just now and not listed since."""
Make = Callable[[set[Version]], Iterator[dict[str, Any]]]
"""Yields the data of the tasks of these versions."""


def listed(server: Server, project: int) -> Held:
    """What a project holds: one listing."""
    held: Held = {}
    for task, data in server.tasks(project):
        held.setdefault(version_of(data), []).append(task)
    return held


def version_of(data: Mapping[str, Any]) -> Version:
    """What a task's data says that it shows."""
    return Version(*(str(data.get(key) or "") for key in ("item_id", "sha256", "codebook")))


def bring(server: Server, project: int, held: Held, wanted: set[Version], make: Make, progress: Progress = quiet) -> Held:
    """Import the tasks of `wanted` that are not held, and say what the project holds then.

    After an error that may pass the project is listed before anything is sent again. After sending its tasks are counted:
    if they are not as many as we know of, somebody else is at work on it, and it is listed too.

    Args:
        server: the server.
        project: the project's id.
        held: what the project holds, just listed.
        wanted: what it shall hold.
        make: called with what is missing, anew after each error; what it does not yield is not sent.
        progress: called with the tasks that stand now and the number that is wanted.

    Raises:
        PassingError: nothing got through in as many attempts as WAITS has, and one.
        ServiceError: the server refused.
    """
    waits, look = iter(WAITS), False
    while True:
        try:
            if look:
                before, held = held, listed(server, project)
                waits = iter(WAITS) if len(held) > len(before) else waits
            sent: list[Version] = []
            tasks = make(wanted - held.keys())
            while batch := list(islice(tasks, seam.PAGE)):
                server.import_tasks(project, [{"data": data} for data in batch])
                sent += map(version_of, batch)
                progress(len(wanted & held.keys()) + len(sent), len(wanted))
            if not sent or server.counts(project).tasks == sum(map(len, held.values())) + len(sent):
                return held | {version: [] for version in sent}
        except PassingError:
            wait = next(waits, None)
            if wait is None:
                raise
            time.sleep(wait)
        look = True


def cleared(server: Server, project: int, held: Held, order: Sequence[Version]) -> Held:
    """Delete tasks that stand behind others which come first, so that sending them anew brings all into the order.

    People are given tasks by their ids, which rise. From the first task on that is out of its place, or that is missing, those
    that nobody has begun go; those that somebody has begun stay where they are.

    Args:
        server: the server.
        project: the project's id.
        held: what the project holds, just listed.
        order: what it shall hold, in order.

    Returns:
        What it holds then.
    """
    free, last, behind = server.untouched(project), 0, False
    gone: list[int] = []
    for version in order:
        tasks = [task for task in held.get(version, []) if task in free]
        behind = behind or version not in held or (bool(tasks) and tasks[0] < last)
        gone += tasks if behind else []
        last = max([last, *tasks])
    if not gone:
        return held
    server.delete_untouched(project, gone)
    return listed(server, project)


def doubles(server: Server, project: int, held: Held) -> tuple[list[int], list[int]]:
    """Of tasks that show the same, those that can go and those that have been judged and stay.

    One of each is neither: the lowest id of those with an annotation, or the lowest id if none has one. So two who look
    at the same time choose alike.
    """
    twice = [ids for version, ids in sorted(held.items()) if version.item and len(ids) > 1]
    if not twice:
        return [], []
    exported = server.export(project, [task for ids in twice for task in ids])
    judged = {task["id"] for task in exported if task["annotations"]}
    spare = [task for ids in twice for task in sorted(ids, key=lambda task: (task not in judged, task))[1:]]
    return [task for task in spare if task not in judged], [task for task in spare if task in judged]


def tasks_of(held: Held, versions: Iterable[Version]) -> list[int]:
    """The ids of all tasks that show one of `versions`, rising."""
    return sorted(task for version in versions for task in held[version])
