"""Label Studio → annotations.jsonl, annotations.earlier.jsonl and annotations.rejects.jsonl.

The files are as if everything had been fetched, whatever was: edits are seen, nothing is doubled, and what was deleted on
the server is gone from them.
"""

from collections import Counter

from msgspec import Struct

from corpus import store
from corpus.labeling.sync import gather as gathering
from corpus.labeling.sync.reading import AnnotationReject
from corpus.labeling.sync.server import Server
from corpus.progress import Progress, quiet
from corpus.records import Annotation
from corpus.workspace import Workspace


class PullReport(Struct, frozen=True):
    """`on_server == submitted + skipped + earlier + rejected`.

    `earlier` judged an earlier text of their item: they are kept in annotations.earlier.jsonl, and not counted as answers.
    `kept` are of another project, such as one of the codebook's version before; they stand in the same files and are in no
    other count but the last three.
    `new`, `changed` and `gone` are against annotations.jsonl as it was; `fetched` of the project's tasks were asked for.
    """

    server: str
    project: int
    tasks: int
    fetched: int
    on_server: int
    submitted: int
    skipped: int
    earlier: int
    rejected: int
    reasons: dict[str, int]
    kept: int
    new: int
    changed: int
    gone: int


def pull(workspace: Workspace, server: Server, progress: Progress = quiet, *, full: bool = False) -> PullReport:
    """Bring every submitted or skipped annotation.

    Args:
        workspace: the corpus folder.
        server: the server.
        progress: called with the tasks fetched and the number to fetch.
        full: fetch every task, not only those that have changed since the last pull.

    Raises:
        CheckError: the corpus has no project on the server.
        ServiceError: the server could not be reached or refused.
    """
    with workspace.alone("pull", wait=True):
        found = gathering.gather(workspace, server, progress, full)
        pulled = [row for row in found.rows if isinstance(row, Annotation)]
        judged = list(filter(found.reader.current, pulled))
        current = sorted([*judged, *filter(found.reader.current, found.kept)], key=_by_item)
        earlier = sorted((a for a in [*pulled, *found.kept] if not found.reader.current(a)), key=_by_item)
        rejects = [row for row in found.rows if isinstance(row, AnnotationReject)]
        before = {a.id: a for a in found.before}
        store.write(workspace.annotations, current)
        store.write(workspace.earlier, earlier)
        store.write_sorted(workspace.annotation_rejects, rejects, key=lambda reject: (reject.task, reject.annotation))
        gathering.remember(workspace, found)
    return PullReport(
        server=server.url,
        project=found.reader.project,
        tasks=found.tasks,
        fetched=found.fetched,
        on_server=len(found.rows),
        submitted=sum(a.status == "submitted" for a in judged),
        skipped=sum(a.status == "skipped" for a in judged),
        earlier=len(pulled) - len(judged),
        rejected=len(rejects),
        reasons=dict(sorted(Counter(r.reason for r in rejects).items())),
        kept=len(found.kept),
        new=sum(a.id not in before for a in current),
        changed=sum(a.id in before and before[a.id] != a for a in current),
        gone=len(before.keys() - {a.id for a in current}),
    )


def _by_item(annotation: Annotation) -> tuple[str, str]:
    return annotation.item_id, annotation.id
