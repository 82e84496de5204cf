"""Gold that is doubted, to be looked at again: again.jsonl says on which units one more person decides, whatever was voted.

Reads a list of doubted gold, such as `warraq train` writes to reports/doubtful.jsonl; writes again.jsonl.
"""

from collections.abc import Iterable
from pathlib import Path

from corpus import store
from corpus.errors import CorpusError
from corpus.labeling.votes import Unit
from corpus.records import Gold, Id, Record
from corpus.workspace import Workspace


class Doubted(Record, frozen=True, forbid_unknown_fields=False):
    """A gold answer that is doubted; `item_id` is null where the question is about the article. The rest is passed over."""

    article_id: Id
    item_id: Id | None
    question: str


def add(workspace: Workspace, path: Path) -> list[Unit]:
    """Take the doubted gold of a file into again.jsonl; what stands there already is not doubled.

    Returns:
        The units of the file's gold, sorted.

    Raises:
        CorpusError: a line names gold that is not in gold.jsonl.
    """
    settled = store.read(workspace.gold, Gold)
    golds = {_key(gold): Unit(gold.article_id, gold.item_id or "", gold.target or "") for gold in settled}
    doubted: dict[tuple[str, str, str], Doubted] = {_key(one): one for one in _read(workspace)}
    units = set()
    for number, one in enumerate(store.read(path, Doubted), 1):
        if _key(one) not in golds:
            wrong = f"gold.jsonl has no answer to {one.question!r} on {one.item_id or one.article_id}"
            raise CorpusError(f"{path}:{number}: {wrong}", "run `warraq resolve` and `warraq train`, and take the file anew")
        doubted[_key(one)] = one
        units.add(golds[_key(one)])
    store.write_sorted(workspace.again, doubted.values(), key=_key)
    return sorted(units)


def places(workspace: Workspace) -> set[tuple[str, str, str]]:
    """What was ever sent for another look: article, item (empty for article questions) and question."""
    return {_key(one) for one in _read(workspace)}


def _read(workspace: Workspace) -> Iterable[Doubted]:
    return store.read_if_any(workspace.again, Doubted)


def _key(one: Doubted | Gold) -> tuple[str, str, str]:
    return one.article_id, one.item_id or "", one.question
