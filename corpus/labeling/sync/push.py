"""Items → Label Studio tasks. The server is asked what it holds, and only what is missing is sent.

Reads items.jsonl, articles.jsonl, targets.yaml, annotations.jsonl; writes nothing but, with `update`, the new SHA-256s of
items.jsonl, what another look needs, and the settings of warraq.toml that are given as options.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus import store
from corpus.errors import CorpusError
from corpus.labeling import settings
from corpus.labeling.sync import adjudicate as adjudication
from corpus.labeling.sync import predictions as predicted
from corpus.labeling.sync import project as projects
from corpus.labeling.sync import standing
from corpus.labeling.sync.adjudicate import AdjudicateReport
from corpus.labeling.sync.predictions import PredictionsReport
from corpus.labeling.sync.rows import diverse, rows, rows_in_turn, targets_of
from corpus.labeling.sync.server import Server
from corpus.labeling.sync.standing import Held, Version
from corpus.labeling.texts import texts_of
from corpus.progress import Progress, quiet
from corpus.records import Annotation, Item, Target
from corpus.workspace import Workspace


class PushReport(Struct, frozen=True):
    """`items == present + sent + text_changed + judged_before`; of the tasks, what was deleted and what stands beside them.

    `judged_before`: not sent, for enough people have judged the item in another project, one of an earlier codebook.
    `text_changed`: the article, or the task's text, is another than the item's; none after an update. `updated`: how many
    items got their article's new text now. `moved`: how many of `sent` stood there, behind others that come first in the order
    that was asked for. `removed` and `standing` count tasks by kind: `double` (shows what another task shows), `earlier`
    (another text or codebook of an item), `withdrawn` (of no item). Tasks that were imported by hand, without an item's id,
    are in neither.

    A share `overlap_share` of the items is judged by `annotators_per_item` people, the rest by one, in this `order`, which if
    it is `uncertain` goes by the pre-annotations of `model_version`; null where there are none.
    """

    server: str
    project: int
    title: str
    created: bool
    items: int
    present: int
    sent: int
    text_changed: int
    judged_before: int
    updated: int
    moved: int
    removed: dict[str, int]
    standing: dict[str, int]
    annotators_per_item: int
    overlap_share: float
    order: str
    model_version: str | None
    predictions: PredictionsReport | None = None
    again: AdjudicateReport | None = None


def push(
    workspace: Workspace,
    server: Server,
    progress: Progress = quiet,
    *,
    update: bool = False,
    prune: bool = False,
    predictions: Path | None = None,
    again: Path | None = None,
    order: str | None = None,
    overlap: int | None = None,
    overlap_share: float | None = None,
) -> PushReport:
    """Make or find the project, set its config from the codebook, and import the items that it does not hold yet.

    Tasks that someone has answered, skipped or begun are never deleted. Holds a listing of the project (about 300 bytes a
    task) and one batch of 1,000 tasks.

    Args:
        workspace: the corpus folder.
        server: the server.
        progress: called with the items that stand on the server and the number of items.
        update: give items whose article has changed the new text: in items.jsonl, and as a new task in place of the old one.
        prune: delete tasks of no item.
        predictions: a file of a model's answers, sent as pre-annotations after the items, once a version of the model.
        again: a file of doubted gold, whose items are sent for another look first, see `adjudicate.again`.
        order: what people get next, from now on; tasks that nobody has begun are sent anew where it takes that.
        overlap: how many people judge an item, from now on.
        overlap_share: the share of the items that so many people judge, from now on.

    Raises:
        CorpusError: items.jsonl is missing, or names an article or target that is not there; a setting is out of its range.
        ServiceError: the server could not be reached or refused.
    """
    with workspace.alone("push", wait=True):
        workspace = settings.change(workspace, order=order, annotators_per_item=overlap, overlap_share=overlap_share)
        looked = None if again is None else adjudication.again(workspace, server, again, progress)
        report = _push(workspace, server, progress, update, prune, order is not None)
        sent = None if predictions is None else predicted.send(workspace, server, report.project, predictions)
    version = sent.version if sent else report.model_version
    return msgspec.structs.replace(report, predictions=sent, model_version=version, again=looked)


def _push(workspace: Workspace, server: Server, progress: Progress, update: bool, prune: bool, reorder: bool) -> PushReport:
    title, labeling = projects.project_title(workspace), workspace.config.label_studio
    texts, targets = texts_of(workspace), targets_of(workspace)
    items, updated = _items(workspace, texts, targets, update)
    description = f"{workspace.config.name}, labelled with codebook {workspace.codebook().ref}. Made by Warraq."
    project = projects.ensure(server, title, description, projects.settings_of(workspace))
    found: Held = {} if project.created else standing.listed(server, project.id)
    ready, wanted = _plan(workspace, items, texts, found, update, _judged_elsewhere(workspace, server.url, project.id))
    reorder = reorder and labeling.order in ("given", "diverse")  # else the server draws, wherever a task stands
    held = standing.cleared(server, project.id, found, list(wanted)) if reorder else found

    def make(missing: set[Version]) -> Iterator[dict[str, str]]:
        chosen = [item for version, item in wanted.items() if version in missing]
        return (rows_in_turn if labeling.order == "diverse" else rows)(workspace, chosen, targets)

    now = standing.bring(server, project.id, held, set(wanted), make, progress)
    removed, left = _clear(server, project.id, now, items, update, prune)
    return PushReport(
        server=server.url,
        project=project.id,
        title=title,
        created=project.created,
        items=len(items),
        present=len(wanted.keys() & held.keys()),
        sent=len(wanted.keys() - held.keys()),
        text_changed=len(items) - ready,
        judged_before=ready - len(wanted),
        updated=updated,
        moved=len(found.keys() - held.keys()),
        removed=removed,
        standing=left,
        annotators_per_item=labeling.annotators_per_item,
        overlap_share=labeling.overlap_share,
        order=labeling.order,
        model_version=project.model_version,
    )


def _plan(
    workspace: Workspace, items: list[Item], texts: Mapping[str, str], held: Held, update: bool, judged: set[Version]
) -> tuple[int, dict[Version, Item]]:
    """How many items can stand, and those that shall, in the order in which they are sent; `judged` are not sent any more."""
    shown = {version.item for version in held}
    fresh = {Version.of(item): item for item in items if item.sha256 == texts[item.article_id]}
    ready = {v: item for v, item in fresh.items() if v in held or update or item.id not in shown}
    wanted = [item for v, item in ready.items() if v in held or v not in judged]
    if workspace.config.label_studio.order == "diverse":
        wanted = diverse(workspace, wanted)
    return len(ready), {Version.of(item): item for item in wanted}


def _items(
    workspace: Workspace, texts: Mapping[str, str], targets: Mapping[str, Target], update: bool
) -> tuple[list[Item], int]:
    """The items, each of an article and a target that are there; with `update`, of the texts as they are now."""
    items = list(store.read(workspace.items, Item))
    for item in items:
        if item.target is not None and item.target not in targets:
            raise CorpusError(
                f"{workspace.items.name}: item {item.id} is about target {item.target!r}, which targets.yaml does not have",
                f"add it there; it has {', '.join(targets) or 'none'}",
            )
    if absent := {item.article_id for item in items} - texts.keys():
        raise CorpusError(
            f"{workspace.items.name} names {len(absent)} articles that articles.jsonl does not hold, such as {min(absent)}",
            "convert them again, or delete items.jsonl and run `warraq sample`",
        )
    changed = sum(item.sha256 != texts[item.article_id] for item in items)
    if update and changed:
        # Before anything is sent: killed after this, the next push finds the new versions missing.
        items = [msgspec.structs.replace(item, sha256=texts[item.article_id]) for item in items]
        store.write(workspace.items, items)
    return items, changed if update else 0


def _judged_elsewhere(workspace: Workspace, url: str, project: int) -> set[Version]:
    """What as many people as warraq.toml asks for have judged in other projects."""
    annotations = store.read_if_any(workspace.annotations, Annotation)
    others = (a for a in annotations if a.status == "submitted" and (a.origin.server, a.origin.project) != (url, project))
    people = Counter(version for version, _ in {(Version(a.item_id, a.sha256, a.codebook), a.annotator) for a in others})
    return {version for version, count in people.items() if count >= workspace.config.label_studio.annotators_per_item}


def _clear(
    server: Server, project: int, held: Held, items: list[Item], update: bool, prune: bool
) -> tuple[dict[str, int], dict[str, int]]:
    """Delete the tasks that should not stand and that nobody has begun; how many went and how many stand, by kind."""
    own, known = {Version.of(item) for item in items}, {item.id for item in items}
    others = [version for version in held.keys() - own if version.item]
    spare, judged = standing.doubles(server, project, {version: held[version] for version in held.keys() & own})
    found = {
        "double": (spare, True),
        "earlier": (standing.tasks_of(held, (v for v in others if v.item in known)), update),
        "withdrawn": (standing.tasks_of(held, (v for v in others if v.item not in known)), prune),
    }
    removed, left = {}, {}
    for kind, (tasks, delete) in found.items():
        stay = server.delete_untouched(project, tasks) if delete and tasks else set(tasks)
        removed[kind] = len(tasks) - len(stay)
        left[kind] = len(stay)
    left["double"] += len(judged)
    return removed, left
