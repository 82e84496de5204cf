"""Items → the data of their tasks, as they are sent: in the order of articles.jsonl, or the most different first."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from corpus import store
from corpus.labeling import interface
from corpus.labeling.sync import server as seam
from corpus.labeling.sync.standing import Version, version_of
from corpus.records import Article, Item, Target
from corpus.workspace import Workspace

Row = dict[str, str]


class Printed(Struct, frozen=True):
    """Where and when an article was printed; the rest of the line is passed over."""

    id: str
    source: str | None
    published: str | None


def targets_of(workspace: Workspace) -> dict[str, Target]:
    """The targets by id; none where the codebook asks about none."""
    return {target.id: target for target in workspace.targets()} if workspace.codebook().targets else {}


def rows(workspace: Workspace, items: Iterable[Item], targets: Mapping[str, Target]) -> Iterator[Row]:
    """The data of the items' tasks, in one pass over the articles and in their order."""
    wanted: dict[str, list[Item]] = {}
    for item in items:
        wanted.setdefault(item.article_id, []).append(item)
    for article in store.read(workspace.articles, Article) if wanted else ():
        for item in wanted.get(article.id, []):
            target = targets[item.target] if item.target else None
            yield interface.task_data(item, article, target, workspace.config.language)


def rows_in_turn(workspace: Workspace, items: Sequence[Item], targets: Mapping[str, Target]) -> Iterator[Row]:
    """The same in the order of `items`: a pass over the articles for each batch that is sent."""
    for start in range(0, len(items), seam.PAGE):
        part = items[start : start + seam.PAGE]
        data = {version_of(row): row for row in rows(workspace, part, targets)}
        yield from (data[Version.of(item)] for item in part)


def diverse(workspace: Workspace, items: Iterable[Item]) -> list[Item]:
    """The items in turn from each target, outlet and month."""
    printed = {a.id: (a.source or "", (a.published or "")[:7]) for a in store.read(workspace.articles, Printed)}
    turns: Counter[tuple[str, ...]] = Counter()
    places: list[tuple[int, tuple[str, ...], Version, Item]] = []
    for item in sorted(items, key=Version.of):
        stratum = (item.target or "", *printed[item.article_id])
        places.append((turns[stratum], stratum, Version.of(item), item))
        turns[stratum] += 1
    return [item for *_, item in sorted(places)]
