"""All annotations of a project, by fetching only the tasks that have changed since the last pull.

What was read before is in the files that pull wrote; `.warraq/pull.json` says up to when they are right. It is a cache: if
it is missing, or does not fit the files, the codebook, the people or the project, everything is fetched.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus import store
from corpus.errors import CheckError
from corpus.labeling.sync.people import pseudonyms
from corpus.labeling.sync.project import project_title
from corpus.labeling.sync.reading import AnnotationReject, Reader, Row, task_of
from corpus.labeling.sync.server import Server
from corpus.progress import Progress
from corpus.records import Annotation, Item
from corpus.workspace import Workspace

OVERLAP = timedelta(seconds=60)
"""How far back before the last pull changes are asked for again: a change has its time before it can be seen."""
TRIES = 3
"""How often changes are asked for before everything is: people may answer while we ask."""


class Basis(Struct, frozen=True):
    """What rows that were read once depend on besides their tasks. If any of it is another, nothing read before counts."""

    warraq: str
    server: str
    project: int
    made: str
    codebook: str


class Seen(Struct, frozen=True):
    """Up to when the files are right: `since` is the server's clock less OVERLAP; the files are known by their SHA-256.

    `tasks` and `last_task` are the number of tasks and the greatest id: tasks made later have greater ids.
    """

    basis: Basis
    since: datetime
    tasks: int
    last_task: int
    items: str
    people: dict[int, str]
    files: list[str]


class Gathered(Struct, frozen=True):
    """Every annotation of a project, in no order; annotations.jsonl as it was; and what has to be remembered.

    `kept` are annotations of other projects, such as one of the codebook's version before: only the files have them.
    """

    before: list[Annotation]
    kept: list[Annotation]
    reader: Reader
    rows: list[Row]
    tasks: int
    fetched: int
    last_task: int
    since: datetime | None
    items: str
    basis: Basis


def gather(workspace: Workspace, server: Server, progress: Progress, full: bool = False) -> Gathered:
    """Every annotation that the project holds now. Holds them all: about 1 kB each. Writes nothing.

    Args:
        workspace: the corpus folder.
        server: the server.
        progress: called with the tasks fetched and the number to fetch.
        full: fetch everything, whatever is known.

    Raises:
        CheckError: the corpus has no project on the server.
        ServiceError: the server could not be reached or refused.
    """
    title = project_title(workspace)
    project = server.find_project(title)
    if project is None:
        raise CheckError(f"{server.url} has no project {title!r}", "run `warraq push`")
    since = server.clock and server.clock.replace(tzinfo=None) - OVERLAP  # before anything is listed
    digest = _digest(workspace.items)
    items = {item.id: item for item in store.read(workspace.items, Item)}
    names = pseudonyms(workspace.state, server.user_emails())
    reader = Reader(server.url, project.id, items, workspace.codebook(), names)
    codebook = hashlib.sha256(store.encode(reader.book)).hexdigest()
    basis = Basis(version("warraq"), server.url, project.id, str(project.created_at), codebook)
    seen = None if full else _seen(workspace, basis, names)
    before = list(store.read_if_any(workspace.annotations, Annotation))
    stored = [*before, *store.read_if_any(workspace.earlier, Annotation)]
    own: list[Row] = [row for row in stored if reader.made_here(row)]
    found = _changes(workspace, server, reader, seen, own, progress) if seen else None
    rows, tasks, fetched, last = found or everything(server, reader, progress)
    pulled = {row.id for row in rows if isinstance(row, Annotation)}  # a server whose address is another has them too
    kept = [row for row in stored if not reader.made_here(row) and row.id not in pulled]
    return Gathered(before, kept, reader, rows, tasks, fetched, last, since, digest, basis)


def remember(workspace: Workspace, gathered: Gathered) -> None:
    """Write the cache, after the files. Without a clock there is nothing to go on from: the next pull fetches all."""
    path = workspace.state / "pull.json"
    if gathered.since is None:
        path.unlink(missing_ok=True)
        return
    files = [_digest(file) for file in _files(workspace)]
    people = dict(gathered.reader.names)
    seen = Seen(gathered.basis, gathered.since, gathered.tasks, gathered.last_task, gathered.items, people, files)
    store.write_json(path, seen)


def _seen(workspace: Workspace, basis: Basis, names: dict[int, str]) -> Seen | None:
    """What is known from the last pull, if all of it still holds."""
    try:
        seen = msgspec.json.decode((workspace.state / "pull.json").read_bytes(), type=Seen)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None
    same = seen.basis == basis and seen.people.items() <= names.items()
    return seen if same and seen.files == [_digest(file) for file in _files(workspace)] else None


def everything(server: Server, reader: Reader, progress: Progress) -> tuple[list[Row], int, int, int]:
    """Every row of a project; its tasks, those fetched, and the greatest id."""
    ids = server.task_ids(reader.project)
    return list(_fetched(server, reader, ids, progress)), len(ids), len(ids), max(ids, default=0)


def _changes(
    workspace: Workspace, server: Server, reader: Reader, seen: Seen, own: list[Row], progress: Progress
) -> tuple[list[Row], int, int, int] | None:
    """The rows as everything would give them, or None if they are not as many as the server counts."""
    before = [*own, *store.read(workspace.annotation_rejects, AnnotationReject)]
    unsure = {task_of(row) for row in before if isinstance(row, AnnotationReject)}  # its item may have come
    unsure = unsure if seen.items != _digest(workspace.items) else set()
    for _ in range(TRIES):
        changed = server.task_ids(reader.project, seen.since)
        ids = unsure.union(changed)
        fetched = list(_fetched(server, reader, sorted(ids), progress))
        kept = [reader.again(row) for row in before if task_of(row) not in ids]
        counts = server.counts(reader.project)
        new = [task for task in changed if task > seen.last_task]
        tasks, last = seen.tasks + len(new), max([seen.last_task, *new])
        if counts.tasks != tasks:  # some were deleted
            standing = set(server.task_ids(reader.project))
            kept = [row for row in kept if task_of(row) in standing]
            tasks, last = len(standing), max([last, *standing])
        if len(kept) + len(fetched) == counts.annotations:
            return kept + fetched, tasks, len(ids), last
    return None


def _fetched(server: Server, reader: Reader, ids: list[int], progress: Progress) -> Iterator[Row]:
    for done, task in enumerate(server.export(reader.project, ids), 1):
        yield from reader.rows(task)
        progress(done, len(ids))


def _files(workspace: Workspace) -> tuple[Path, Path, Path]:
    return workspace.annotations, workspace.earlier, workspace.annotation_rejects


def _digest(path: Path) -> str:
    """SHA-256 of a file, or nothing if it is not there."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
