"""Control items: items whose right answers are known beforehand. Annotators see no difference; only controls.jsonl knows.

Reads a list of controls; writes items.jsonl, where they are items like any other, and controls.jsonl.
"""

from collections.abc import Collection, Iterable
from pathlib import Path

from corpus import store
from corpus.codebook import Codebook
from corpus.errors import CorpusError
from corpus.labeling.answers import wrong_answer
from corpus.labeling.texts import texts_of
from corpus.records import Id, Item, Record, short_id
from corpus.workspace import Workspace


class Control(Record, frozen=True):
    """The right answers about an article, and a target where the codebook asks about targets."""

    article_id: Id
    target: str | None
    answers: dict[str, str | list[str]]


def add(workspace: Workspace, path: Path) -> int:
    """Take the controls of a file into the corpus; those of an article and target that is a control already are replaced.

    Returns:
        How many items the corpus did not have before.

    Raises:
        CorpusError: a control names an article, target, question or label that is not there.
    """
    with workspace.alone("push", wait=True):  # which writes items.jsonl too
        return _add(workspace, path)


def _add(workspace: Workspace, path: Path) -> int:
    book = workspace.codebook()
    texts = texts_of(workspace)
    targets: set[str | None] = {target.id for target in workspace.targets()} if book.targets else {None}
    items = {(item.article_id, item.target): item for item in store.read_if_any(workspace.items, Item)}
    before, known = len(items), _known(workspace)
    for number, control in enumerate(store.read(path, Control), 1):
        if wrong := _wrong(control, book, texts.keys(), targets):
            raise CorpusError(f"{path}:{number}: {wrong}", "correct the line")
        place = control.article_id, control.target
        id_ = short_id(control.article_id, control.target or "", book.name)  # as `warraq sample` gives ids
        items.setdefault(place, Item(id_, control.article_id, texts[control.article_id], control.target, book.ref))
        known[place] = control
    # First what is right, then what is asked: killed between the two, the next run goes on.
    store.write_sorted(workspace.controls, known.values(), key=lambda c: (c.article_id, c.target or ""))
    store.write_sorted(workspace.items, items.values(), key=lambda item: (item.article_id, item.target or ""))
    return len(items) - before


def read(workspace: Workspace, items: Iterable[Item]) -> dict[str, Control]:
    """The controls among these items, by the item's id; none if the corpus has no controls.jsonl."""
    known = _known(workspace)
    return {i.id: known[i.article_id, i.target] for i in items if (i.article_id, i.target) in known}


def _known(workspace: Workspace) -> dict[tuple[str, str | None], Control]:
    return {(c.article_id, c.target): c for c in store.read_if_any(workspace.controls, Control)}


def _wrong(control: Control, book: Codebook, articles: Collection[str], targets: Collection[str | None]) -> str | None:
    """What is wrong with a control, if anything."""
    if control.article_id not in articles:
        return f"articles.jsonl has no article {control.article_id}"
    if control.target not in targets:
        return f"targets.yaml has no target {control.target!r}" if book.targets else f"{book.ref} asks about no target"
    if not control.answers:
        return "a control has at least one answer"
    return next(filter(None, (wrong_answer(book, name, answer) for name, answer in control.answers.items())), None)
