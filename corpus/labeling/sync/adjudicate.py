"""Items that people disagree about, or whose gold is doubted → a second project; what is said there → adjudications.jsonl.

Reads items.jsonl, articles.jsonl, targets.yaml, annotations.jsonl and gold.jsonl. `resolve` reads adjudications.jsonl.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from corpus import store
from corpus.errors import CheckError
from corpus.labeling import disputed as choice
from corpus.labeling import interface, second_look
from corpus.labeling.sync import gather as gathering
from corpus.labeling.sync import project as projects
from corpus.labeling.sync import standing
from corpus.labeling.sync.people import pseudonyms
from corpus.labeling.sync.reading import AnnotationReject, Reader
from corpus.labeling.sync.rows import rows, targets_of
from corpus.labeling.sync.server import Server
from corpus.labeling.sync.standing import Version
from corpus.labeling.texts import texts_of
from corpus.progress import Progress, quiet
from corpus.records import Annotation, Item
from corpus.workspace import Workspace

SUFFIX = " · adjudication"


class AdjudicateReport(Struct, frozen=True):
    """`chosen == present + sent + text_changed`. What was chosen earlier stays in the project, settled or not."""

    server: str
    project: int
    title: str
    created: bool
    chosen: int
    present: int
    sent: int
    text_changed: int


class AdjudicationsReport(Struct, frozen=True):
    """`on_server == submitted + skipped + earlier + rejected`; `earlier` judged another text, and stay on the server only."""

    server: str
    project: int
    on_server: int
    submitted: int
    skipped: int
    earlier: int
    rejected: int
    reasons: dict[str, int]


def adjudicate(
    workspace: Workspace, server: Server, progress: Progress = quiet, *, disputed: bool = False, show_answers: bool = False
) -> AdjudicateReport:
    """Send the items with a tied answer to the adjudication project; those that it holds already are not sent again.

    Args:
        workspace: the corpus folder.
        server: the server.
        progress: called with the items that stand there and the number of items.
        disputed: send every item on which two people differ, not only ties.
        show_answers: show how often each answer was given, without names. Of tasks sent without it, it shows nothing.

    Raises:
        CheckError: nothing has been resolved yet.
        ServiceError: the server could not be reached or refused.
    """
    with workspace.alone("adjudicate", wait=True):
        items, annotations = _judged(workspace)
        units = choice.disputed(workspace, annotations, items) if disputed else choice.tied(workspace)
        chosen = choice.items_of(units, annotations, items)
        shown = choice.votes_shown(workspace, annotations, items) if show_answers else None
        return _send(workspace, server, progress, [items[id_] for id_ in chosen], shown)


def again(workspace: Workspace, server: Server, path: Path, progress: Progress = quiet) -> AdjudicateReport:
    """Send the items behind doubted gold there too, with the answers hidden; what is said decides, even against all votes.

    Args:
        workspace: the corpus folder.
        server: the server.
        path: a file of doubted gold, see corpus/labeling/second_look.py.
        progress: called with the items that stand there and the number of items.

    Raises:
        CorpusError: the file names gold that is not there.
        ServiceError: the server could not be reached or refused.
    """
    with workspace.alone("adjudicate", wait=True):
        items, annotations = _judged(workspace)
        chosen = choice.items_of(second_look.add(workspace, path), annotations, items)
        return _send(workspace, server, progress, [items[id_] for id_ in chosen], None)


def _judged(workspace: Workspace) -> tuple[dict[str, Item], list[Annotation]]:
    items = {item.id: item for item in store.read(workspace.items, Item)}
    return items, list(store.read(workspace.annotations, Annotation))


def _send(
    workspace: Workspace, server: Server, progress: Progress, chosen: list[Item], shown: Mapping[str, str] | None
) -> AdjudicateReport:
    """Bring the chosen items' tasks into the project; `shown` is what it says of the votes by item, None if it hides them."""
    title, language = projects.project_title(workspace, SUFFIX), workspace.config.language
    config = interface.config(workspace.codebook(), language, show_votes=shown is not None)
    alone = {"label_config": config, "maximum_annotations": 1, "overlap_cohort_percentage": 100}
    alone |= {"show_collab_predictions": False, "sampling": projects.SAMPLING["given"]}
    description = f"What people differ on in {workspace.config.name}. Made by Warraq."
    project = projects.ensure(server, title, description, projects.settings_of(workspace) | alone)
    texts, targets = texts_of(workspace), targets_of(workspace)
    wanted = {Version.of(item): item for item in chosen if item.sha256 == texts.get(item.article_id)}

    def make(missing: set[Version]) -> Iterator[dict[str, str]]:
        for data in rows(workspace, [item for version, item in wanted.items() if version in missing], targets):
            yield data | {"votes": (shown or {}).get(data["item_id"], "")}

    held = standing.listed(server, project.id)
    now = standing.bring(server, project.id, held, set(wanted), make, progress)
    server.delete_untouched(project.id, standing.doubles(server, project.id, now)[0])
    present = len(wanted.keys() & held.keys())
    return AdjudicateReport(
        server=server.url,
        project=project.id,
        title=title,
        created=project.created,
        chosen=len(chosen),
        present=present,
        sent=len(wanted) - present,
        text_changed=len(chosen) - len(wanted),
    )


def fetch(workspace: Workspace, server: Server, progress: Progress = quiet) -> AdjudicationsReport:
    """Bring every answer of the adjudication project into adjudications.jsonl; what is unfit is a reject beside it.

    Raises:
        CheckError: nothing was sent for adjudication.
        ServiceError: the server could not be reached or refused.
    """
    project = server.find_project(projects.project_title(workspace, SUFFIX))
    if project is None:
        raise CheckError(f"{server.url} has no adjudication project of this corpus", "run `warraq adjudicate`")
    items = {item.id: item for item in store.read(workspace.items, Item)}
    names = pseudonyms(workspace.state, server.user_emails())
    reader = Reader(server.url, project.id, items, workspace.codebook(), names)
    found, *_ = gathering.everything(server, reader, progress)
    annotations = [row for row in found if isinstance(row, Annotation)]
    current = [row for row in annotations if reader.current(row)]
    rejects = [row for row in found if isinstance(row, AnnotationReject)]
    store.write_sorted(workspace.adjudications, current, key=lambda a: (a.item_id, a.id))
    path = workspace.root / "adjudications.rejects.jsonl"
    store.write_sorted(path, rejects, key=lambda reject: (reject.task, reject.annotation))
    return AdjudicationsReport(
        server=server.url,
        project=project.id,
        on_server=len(found),
        submitted=sum(row.status == "submitted" for row in current),
        skipped=sum(row.status == "skipped" for row in current),
        earlier=len(annotations) - len(current),
        rejected=len(rejects),
        reasons=dict(sorted(Counter(row.reason for row in rejects).items())),
    )
