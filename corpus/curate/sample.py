"""Which articles are judged about which targets: reads articles.jsonl, targets.yaml and duplicates.jsonl, writes items.jsonl.

A candidate is an article and a target of which a phrase occurs in the article's folded title or text (`text/phrases.py`).
Codebooks without targets take every article once. reports/sample.json says where every candidate went.

Of a cluster of duplicates one article is taken: one that was chosen before, else the head if it has a phrase, else the
earliest that has one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest

from msgspec import Struct

from corpus import store
from corpus.errors import CheckError
from corpus.progress import Progress, quiet
from corpus.records import Article, Duplicate, Item, short_id
from corpus.text import phrases
from corpus.text.fold import fold
from corpus.workspace import Workspace

Stratum = tuple[str, str, str, str]
"""Target id (or ""), outlet, month (YYYY-MM) and section; what an article does not say is ""."""
Candidate = tuple[Stratum, Item]
_LEVELS = 4


class StratumCounts(Struct):
    """What was found in one stratum and where it went: `found == sampled + not_sampled + copies`."""

    target: str
    outlet: str
    month: str
    section: str
    found: int = 0
    sampled: int = 0
    not_sampled: int = 0
    copies: int = 0


class SampleReport(Struct, frozen=True):
    """Where every article and candidate went. Items are those of all runs.

    `articles == with_phrase + without_phrase + duplicates`: a duplicate is an article of whose cluster another was taken;
    `copies` are the candidates that duplicates would have been, and are no part of `candidates`.
    `candidates == items - without_candidate + not_sampled`: what is not sampled is left for a larger `n`.
    `without_candidate` are items chosen before that are no candidates now: the article is gone, or a phrase has changed.
    """

    articles: int
    duplicates: int
    without_phrase: int
    with_phrase: int
    copies: int
    candidates: int
    items: int
    added: int
    not_sampled: int
    without_candidate: int
    per_target: dict[str, int]
    strata: list[StratumCounts]


class _Pool:
    """The candidates, and the articles counted by where they went; copies wait until their cluster has been seen whole."""

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []
        self.copies: list[Stratum] = []
        self.counts: Counter[str] = Counter()


def sample(workspace: Workspace, n: int | None = None, seed: int = 1, progress: Progress = quiet) -> SampleReport:
    """Choose items until there are `n` (all candidates if None), in turn over targets, of a target over outlets, and so on
    over months and sections.

    Items that were chosen before stay; so a larger `n` later adds and never repeats. Within a stratum the order is that
    of a hash of seed and item, so it does not depend on the other articles.

    Raises:
        CheckError: no article mentions any target.
    """
    before = list(store.read_if_any(workspace.items, Item))
    pool = _pool(workspace, {item.article_id for item in before}, progress)
    if not pool.candidates:
        raise CheckError(
            f"none of {pool.counts['articles']} articles mentions any target of targets.yaml",
            "add targets and phrases to targets.yaml",
        )
    chosen = {item.id: item for item in before}
    for item in _in_order(pool.candidates, seed):
        if n is not None and len(chosen) >= n:
            break
        chosen.setdefault(item.id, item)
    store.write_sorted(workspace.items, chosen.values(), key=lambda item: (item.article_id, item.target or ""))
    report = _report(pool, before, chosen)
    store.write_json(workspace.reports / "sample.json", report)
    return report


def _pool(workspace: Workspace, sampled: set[str], progress: Progress) -> _Pool:
    """Every candidate but those of copies. `sampled` are articles that have an item already."""
    book = workspace.codebook()
    patterns = [(t.id, phrases.pattern(t.phrases)) for t in (workspace.targets() if book.targets else [])]
    clusters = {row.article_id: row.cluster for row in store.read_if_any(workspace.duplicates, Duplicate)}
    waiting: dict[str, list[tuple[tuple[bool, bool, bool, str, str], list[Candidate]]]] = defaultdict(list)
    pool = _Pool()
    for article in store.read(workspace.articles, Article):
        pool.counts["articles"] += 1
        progress(pool.counts["articles"], None)
        text = fold(f"{article.title or ''}\n{article.text}")
        found = [id for id, pattern in patterns if pattern.search(text)] if book.targets else [None]
        rows = [
            (
                (target or "", article.source or "", (article.published or "")[:7], article.section or ""),
                Item(short_id(article.id, target or "", book.name), article.id, article.sha256, target, book.ref),
            )
            for target in found
        ]
        if cluster := clusters.get(article.id):
            rank = (article.id not in sampled, not rows, article.id != cluster, article.published or "9999", article.id)
            waiting[cluster].append((rank, rows))
        else:
            _take(pool, rows)
    for members in waiting.values():
        first, *others = sorted(members, key=lambda member: member[0])
        _take(pool, first[1])
        pool.counts["duplicates"] += len(others)
        pool.copies += [stratum for _, rows in others for stratum, _ in rows]
    return pool


def _take(pool: _Pool, rows: list[Candidate]) -> None:
    pool.candidates += rows
    pool.counts["with_phrase" if rows else "without_phrase"] += 1


def _in_order(rows: Iterable[Candidate], seed: int, level: int = 0) -> Iterator[Item]:
    """Every item: one of each target in turn, of a target one of each outlet in turn, and so on, in a seeded order."""
    if level == _LEVELS:
        return iter(sorted((item for _, item in rows), key=lambda item: short_id(str(seed), item.id)))
    ordered = sorted(rows, key=lambda row: short_id(str(seed), *row[0][: level + 1]))
    queues = [list(_in_order(group, seed, level + 1)) for _, group in groupby(ordered, key=lambda row: row[0][level])]
    return (item for turn in zip_longest(*queues) for item in turn if item is not None)


def _report(pool: _Pool, before: list[Item], chosen: dict[str, Item]) -> SampleReport:
    strata = {key: StratumCounts(*key) for key in sorted({*(key for key, _ in pool.candidates), *pool.copies})}
    for key, item in pool.candidates:
        strata[key].sampled += item.id in chosen
        strata[key].not_sampled += item.id not in chosen
    for key in pool.copies:
        strata[key].copies += 1
    for row in strata.values():
        row.found = row.sampled + row.not_sampled + row.copies
    known = {item.id for _, item in pool.candidates}
    return SampleReport(
        **{key: pool.counts[key] for key in ("articles", "duplicates", "without_phrase", "with_phrase")},
        copies=len(pool.copies),
        candidates=len(known),
        items=len(chosen),
        added=len(chosen) - len(before),
        not_sampled=len(known - chosen.keys()),
        without_candidate=len(chosen.keys() - known),
        per_target=dict(sorted(Counter(item.target or "(article)" for item in chosen.values()).items())),
        strata=list(strata.values()),
    )
