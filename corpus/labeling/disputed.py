"""What one more person should settle: the items behind tied or disputed answers, and what that person may be shown.

Reads gold.jsonl; writes nothing.
"""

from collections import Counter
from collections.abc import Mapping

from corpus import store
from corpus.errors import CheckError
from corpus.labeling.counts import labels_of
from corpus.labeling.votes import Unit, unit_of, votes
from corpus.records import Annotation, Gold, Item
from corpus.workspace import Workspace


def tied(workspace: Workspace) -> list[Unit]:
    """What has no gold because the votes are tied.

    Raises:
        CheckError: nothing has been resolved yet.
    """
    if not workspace.gold.exists():
        raise CheckError(f"{workspace.gold} does not exist", "run `warraq resolve` first: it says what is tied")
    golds = store.read(workspace.gold, Gold)
    return [Unit(g.article_id, g.item_id or "", g.target or "") for g in golds if g.status == "tied"]


def disputed(workspace: Workspace, annotations: list[Annotation], items: dict[str, Item]) -> list[Unit]:
    """What two people answered differently, question by question."""
    tables = [votes(question, annotations, items) for question in workspace.codebook().labelled]
    return [unit for table in tables for unit, given in table.items() if len(set(given.values())) > 1]


def items_of(units: list[Unit], annotations: list[Annotation], items: dict[str, Item]) -> list[str]:
    """The ids of the items to ask about; an article is asked about by one of these, or by the first of its judged items."""
    chosen = {unit.item_id for unit in units if unit.item_id in items}
    open_ = {unit.article_id for unit in units if not unit.item_id} - {items[id_].article_id for id_ in chosen}
    for id_ in sorted({a.item_id for a in annotations if a.status == "submitted" and a.item_id in items}):
        if items[id_].article_id in open_:
            chosen.add(id_)
            open_.remove(items[id_].article_id)
    return sorted(chosen)


def votes_shown(workspace: Workspace, annotations: list[Annotation], items: Mapping[str, Item]) -> dict[str, str]:
    """Item id → how often each answer was given, a line a question, in the corpus's language."""
    book = workspace.codebook()
    language = workspace.config.language if workspace.config.language in book.title else "en"
    lines: dict[str, list[str]] = {id_: [] for id_ in items}
    for question in book.labelled:
        table = votes(question, annotations, items)
        for item in items.values():
            counts = Counter(table.get(unit_of(question, item), {}).values())
            named = {answer: "، ".join(question.choice(v).name[language] for v in labels_of(answer)) for answer in counts}
            told = " · ".join(f"{count} × {named[answer] or '—'}" for answer, count in counts.most_common())
            lines[item.id].append(f"{question.name[language]}: {told}")
    return {id_: "\n".join(told) for id_, told in lines.items()}
