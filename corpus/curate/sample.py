"""Which articles are judged about which targets: reads articles.jsonl, targets.yaml and duplicates.jsonl, writes items.jsonl.

An article is a candidate for a target if a phrase of the target occurs in its folded title or text as whole words,
prefixes (و ف ب ل ك ال) allowed. Of a cluster of duplicates only the head is a candidate. Codebooks without targets take
every article once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import zip_longest

from msgspec import Struct

from corpus import store
from corpus.errors import CheckError
from corpus.progress import Progress, quiet
from corpus.records import Article, Duplicate, Item, short_id
from corpus.text import phrases
from corpus.text.fold import fold
from corpus.workspace import Workspace

Stratum = tuple[str, str]
"""Target id (or "") and month (or "unknown")."""


class SampleReport(Struct, frozen=True):
    """Where every article went: `articles == with_items_possible + duplicates + without_phrase`; items are of all runs."""

    articles: int
    duplicates: int
    without_phrase: int
    candidates: int
    items: int
    added: int
    not_sampled: int
    per_target: dict[str, int]


def sample(workspace: Workspace, n: int | None = None, seed: int = 1, progress: Progress = quiet) -> SampleReport:
    """Choose items, evenly over the strata of target and month, until there are `n` (all candidates if None).

    Items that were chosen before stay; so a larger `n` later adds and never repeats. Within a stratum the order is that
    of a hash of seed and item, so it does not depend on the other articles.

    Raises:
        CheckError: no article mentions any target.
    """
    book = workspace.codebook()
    targets = workspace.targets() if book.targets else []
    copies = {d.article_id for d in store.read_if_any(workspace.duplicates, Duplicate) if d.article_id != d.cluster}
    patterns = [(target, phrases.pattern(target.phrases)) for target in targets]
    strata: dict[Stratum, list[Item]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for article in store.read(workspace.articles, Article):
        counts["articles"] += 1
        progress(counts["articles"], None)
        if article.id in copies:
            counts["duplicates"] += 1
            continue
        text = fold(f"{article.title or ''}\n{article.text}")
        found = [target.id for target, pattern in patterns if pattern.search(text)] if book.targets else [None]
        counts["without_phrase"] += not found
        for target in found:
            item = Item(short_id(article.id, target or "", book.name), article.id, article.sha256, target, book.ref)
            strata[target or "", (article.published or "unknown")[:7]].append(item)
    candidates = sum(map(len, strata.values()))
    if not candidates:
        raise CheckError(
            f"none of {counts['articles']} articles mentions any of {len(targets)} targets",
            "add targets and phrases to targets.yaml",
        )
    before = list(store.read_if_any(workspace.items, Item))
    chosen = {item.id: item for item in before}
    for item in _in_order(strata, seed):
        if n is not None and len(chosen) >= n:
            break
        chosen.setdefault(item.id, item)
    store.write_sorted(workspace.items, chosen.values(), key=lambda item: (item.article_id, item.target or ""))
    return SampleReport(
        articles=counts["articles"],
        duplicates=counts["duplicates"],
        without_phrase=counts["without_phrase"],
        candidates=candidates,
        items=len(chosen),
        added=len(chosen) - len(before),
        not_sampled=len({item.id for items in strata.values() for item in items} - chosen.keys()),
        per_target=dict(sorted(Counter(item.target or "(article)" for item in chosen.values()).items())),
    )


def _in_order(strata: dict[Stratum, list[Item]], seed: int) -> Iterator[Item]:
    """Every item: one of each target in turn, and of a target one of each month in turn, months in a seeded order."""
    months: dict[str, list[list[Item]]] = defaultdict(list)
    for stratum, items in sorted(strata.items(), key=lambda row: short_id(str(seed), *row[0])):
        months[stratum[0]].append(sorted(items, key=lambda item: short_id(str(seed), item.id)))
    return _in_turn([list(_in_turn(queues)) for _, queues in sorted(months.items())])


def _in_turn(queues: list[list[Item]]) -> Iterator[Item]:
    """The first of each queue, then the second of each, until all are given."""
    return (item for turn in zip_longest(*queues) for item in turn if item is not None)
