"""Label Studio → annotations.jsonl and annotations.rejects.jsonl, and the progress of labeling.

Both files are written anew from the server, so edits are seen, nothing is doubled, and what was deleted there is gone here.
"""

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from corpus import store
from corpus.errors import CheckError
from corpus.labeling.answers import Unfit, to_annotation
from corpus.labeling.sync.push import project_title
from corpus.labeling.sync.server import Server
from corpus.progress import Progress, quiet
from corpus.records import Annotation, AnnotationOrigin, Item
from corpus.workspace import Workspace


class AnnotationReject(Struct, frozen=True):
    """An annotation on the server that could not be used, and why."""

    project: int
    task: int
    annotation: int
    reason: str
    detail: str


class PullReport(Struct, frozen=True):
    """`on_server == submitted + skipped + rejected`; `new`, `changed` and `gone` are against the file as it was."""

    server: str
    project: int
    tasks: int
    on_server: int
    submitted: int
    skipped: int
    rejected: int
    reasons: dict[str, int]
    new: int
    changed: int
    gone: int


class StatusReport(Struct, frozen=True):
    """How far labeling has come. An item is done when as many people have answered or skipped it as warraq.toml asks for."""

    server: str
    project: int
    items: int
    tasks: int
    done: int
    begun: int
    skipped: int
    per_annotator: dict[str, dict[str, int]]
    per_question: dict[str, dict[str, int]]


def pull(workspace: Workspace, server: Server, progress: Progress = quiet) -> PullReport:
    """Fetch every submitted or skipped annotation.

    Raises:
        CheckError: the corpus has no project on the server.
        ServiceError: the server could not be reached or refused.
    """
    project, tasks, found = _fetch(workspace, server, progress)
    annotations = sorted((a for a in found if isinstance(a, Annotation)), key=lambda a: (a.item_id, a.id))
    rejects = sorted((r for r in found if isinstance(r, AnnotationReject)), key=lambda r: (r.task, r.annotation))
    before = {a.id: a for a in store.read_if_any(workspace.annotations, Annotation)}
    store.write(workspace.annotations, annotations)
    store.write(workspace.root / "annotations.rejects.jsonl", rejects)
    return PullReport(
        server=server.url,
        project=project,
        tasks=tasks,
        on_server=len(found),
        submitted=sum(a.status == "submitted" for a in annotations),
        skipped=sum(a.status == "skipped" for a in annotations),
        rejected=len(rejects),
        reasons=dict(sorted(Counter(r.reason for r in rejects).items())),
        new=sum(a.id not in before for a in annotations),
        changed=sum(a.id in before and before[a.id] != a for a in annotations),
        gone=len(before.keys() - {a.id for a in annotations}),
    )


def status(workspace: Workspace, server: Server, progress: Progress = quiet) -> StatusReport:
    """Count what the server holds; writes nothing."""
    project, tasks, found = _fetch(workspace, server, progress)
    annotations = [a for a in found if isinstance(a, Annotation)]
    people: dict[str, dict[str, int]] = {}
    questions = {q.id: dict.fromkeys(q.values, 0) for q in workspace.codebook().labelled}
    for annotation in annotations:
        counts = people.setdefault(annotation.annotator, {"submitted": 0, "skipped": 0})
        counts[annotation.status] += 1
        for question in questions.keys() & annotation.answers.keys():
            answer = annotation.answers[question]
            for value in [answer] if isinstance(answer, str) else answer:
                questions[question][value] += 1
    judged = Counter(item for item, _ in {(a.item_id, a.annotator) for a in annotations})
    wanted = workspace.config.label_studio.annotators_per_item
    return StatusReport(
        server=server.url,
        project=project,
        items=sum(1 for _ in store.read(workspace.items, Item)),
        tasks=tasks,
        done=sum(count >= wanted for count in judged.values()),
        begun=sum(count < wanted for count in judged.values()),
        skipped=sum(a.status == "skipped" for a in annotations),
        per_annotator=dict(sorted(people.items())),
        per_question=questions,
    )


def _fetch(workspace: Workspace, server: Server, progress: Progress) -> tuple[int, int, list[Annotation | AnnotationReject]]:
    """The project's id, its number of tasks, and every annotation. Holds them all: about 1 kB each."""
    title = project_title(workspace)
    project = server.find_project(title)
    if project is None:
        raise CheckError(f"{server.url} has no project {title!r}", "run `warraq push`")
    items = {item.id: item for item in store.read(workspace.items, Item)}
    names = Pseudonyms(workspace.state, server.user_emails())
    ids = [task for task, _ in server.tasks(project.id)]
    found: list[Annotation | AnnotationReject] = []
    for done, task in enumerate(server.export(project.id, ids), 1):
        found += _annotations(task, items, names, workspace, AnnotationOrigin(server.url, project.id, task["id"], 0))
        progress(done, len(ids))
    return project.id, len(ids), found


def _annotations(
    task: dict[str, Any], items: dict[str, Item], names: "Pseudonyms", workspace: Workspace, place: AnnotationOrigin
) -> Iterator[Annotation | AnnotationReject]:
    """The annotations of one exported task, each as a record or as a reject."""
    data, book = task["data"], workspace.codebook()
    for exported in task["annotations"]:
        origin = AnnotationOrigin(place.server, place.project, place.task, exported["id"])
        try:
            item = items.get(data.get("item_id"))
            if item is None:
                raise Unfit("unknown_item", f"task {place.task} is of no item in {workspace.items.name}")
            if (data.get("sha256"), data.get("codebook")) != (item.sha256, item.codebook):
                raise Unfit("other_version", "the task was made of another text or codebook version than the item has now")
            annotator = names.of(exported["completed_by"])
            yield to_annotation(exported, annotator, item, data["text"], book, origin)
        except Unfit as unfit:
            yield AnnotationReject(place.project, place.task, exported["id"], unfit.reason, unfit.detail)


class Pseudonyms:
    """Stable names for annotators that cannot be traced without the key in `.warraq/annotators.key` (mode 0600)."""

    def __init__(self, state: Path, emails: dict[int, str]) -> None:
        path = state / "annotators.key"
        if not path.exists():
            store.write_bytes(path, secrets.token_bytes(32), mode=0o600)
        self._key = path.read_bytes()
        self._emails = emails

    def of(self, user: int) -> str:
        """`a-` and 10 hex digits: HMAC-SHA256 of the e-mail address, or of the user id if the user is gone."""
        name = self._emails.get(user, f"user {user}").lower()
        return "a-" + hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()[:10]
