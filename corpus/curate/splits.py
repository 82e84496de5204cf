"""Train, validation or test for every article: reads articles.jsonl and duplicates.jsonl, writes splits.jsonl.

Articles that tell of each other stay on one side: copies, articles with the same address, an article and those printed
inside it. `policies` decides the side of a group; `certificate` measures what came of it and writes reports/split.*.
"""

import sys
from collections import Counter

from msgspec import Struct
from scipy.cluster.hierarchy import DisjointSet

from corpus import store
from corpus.curate.borders import Border
from corpus.curate.certificate import SIDES, certify
from corpus.curate.policies import Group, place
from corpus.errors import CheckError, CorpusError
from corpus.progress import Progress, quiet
from corpus.records import Article, Duplicate, Split
from corpus.workspace import Workspace


class SplitReport(Struct, frozen=True):
    """Articles per split; groups: all, and those of several articles; what the policy says, and the closest across borders.

    `detail` and `borders` are those of the certificate.
    """

    articles: int
    splits: dict[str, int]
    groups: int
    larger_groups: int
    seed: int
    policy: str
    detail: dict[str, int | str]
    borders: list[Border]


def split(workspace: Workspace, progress: Progress = quiet) -> SplitReport:
    """Assign every article to a split by warraq.toml's `[split]`, and certify it.

    Holds about 300 bytes for each article, and then what `borders` needs.

    Raises:
        CorpusError: the shares do not add up to 1, the policy lacks what it needs, or duplicates.jsonl names an article
            that is not there.
        CheckError: a split with a share above 0 would be empty, the policy cannot be had, or a text is on two sides.
            splits.jsonl is not written then; the certificate is, in the last case.
    """
    policy, shares = workspace.config.split, _shares(workspace)
    groups = _groups(workspace, progress)
    placed = place(groups, workspace)
    rows = [
        Split(id, side, group.id)  # type: ignore[arg-type]
        for group, side in zip(groups, placed.sides, strict=True)
        for id in group.members
    ]
    counts: Counter[str] = Counter(row.split for row in rows)
    _refuse_empty(counts, shares, len(groups))
    borders = certify(workspace, rows, placed.detail, progress).borders
    _refuse_leaks(workspace, borders)
    store.write_sorted(workspace.splits, rows, key=lambda row: row.article_id)
    larger = sum(len(group.members) > 1 for group in groups)
    return SplitReport(
        len(rows),
        {side: counts[side] for side in SIDES if counts[side]},
        len(groups),
        larger,
        policy.seed,
        policy.policy,
        placed.detail,
        borders,
    )


def _shares(workspace: Workspace) -> tuple[float, float, float]:
    policy = workspace.config.split
    shares = (policy.train, policy.validation, policy.test)
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-9:
        raise CorpusError(f"the shares of [split] in warraq.toml add up to {sum(shares):g}; got {shares}", "make it 1")
    return shares


def _refuse_empty(counts: Counter[str], shares: tuple[float, float, float], groups: int) -> None:
    for name, share in zip(SIDES, shares, strict=True):
        if share and not counts[name]:
            raise CheckError(
                f"{name} would be empty: {groups} groups of articles are too few for a share of {share:g}",
                "convert more articles, or change [split] in warraq.toml",
            )


def _refuse_leaks(workspace: Workspace, borders: list[Border]) -> None:
    leaks = [
        f"{len(b.leaks)} between {b.first} and {b.second}, such as {b.leaks[0].first} and {b.leaks[0].second} with"
        f" {b.leaks[0].jaccard:.2f}"
        for b in borders
        if b.leaks
    ]
    if leaks:
        raise CheckError(
            f"pairs of articles on two sides have 0.8 or more of their word 5-grams in common: {'; '.join(leaks)}",
            f"run `warraq duplicates`, then `warraq split` again; {workspace.reports / 'split.html'} shows the pairs",
        )


def _groups(workspace: Workspace, progress: Progress) -> list[Group]:
    """The connected components of: copy of, same address as, printed inside."""
    groups: DisjointSet[str] = DisjointSet()
    addresses: dict[str, str] = {}
    printed: dict[str, tuple[str | None, str | None]] = {}
    links: list[tuple[str, str]] = []
    for number, article in enumerate(store.read(workspace.articles, Article), 1):
        groups.add(article.id)
        printed[article.id] = (article.published, sys.intern(article.source) if article.source else None)
        links += [(article.id, other) for other in (article.parent, addresses.get(article.url or "")) if other]
        if article.url:
            addresses.setdefault(article.url, article.id)
        progress(number, None)
    links += [(row.article_id, row.cluster) for row in store.read_if_any(workspace.duplicates, Duplicate)]
    for first, second in links:
        try:
            groups.merge(first, second)
        except KeyError as error:
            raise CorpusError(
                f"{workspace.duplicates.name} or `parent` names article {error}, which articles.jsonl does not hold",
                "run `warraq duplicates` again",
            ) from None
    return [
        Group(min(ids), sorted(ids), [printed[id][0] for id in sorted(ids)], [printed[id][1] for id in sorted(ids)])
        for ids in groups.subsets()
    ]
