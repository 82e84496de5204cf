"""Train, validation or test for every article: reads articles.jsonl and duplicates.jsonl, writes splits.jsonl.

Articles that tell of each other stay on one side: copies, articles with the same address, an article and those printed
inside it. The side of a group is decided by a hash of the seed and its smallest article id, so growing the corpus moves no
group unless it is joined to another one.
"""

import hashlib
from collections import Counter

from msgspec import Struct
from scipy.cluster.hierarchy import DisjointSet

from corpus import store
from corpus.errors import CheckError, CorpusError
from corpus.progress import Progress, quiet
from corpus.records import Article, Duplicate, Split
from corpus.workspace import SplitPolicy, Workspace


class SplitReport(Struct, frozen=True):
    """Articles per split, and groups: all, and those of more than one article."""

    articles: int
    splits: dict[str, int]
    groups: int
    larger_groups: int
    seed: int


def split(workspace: Workspace, progress: Progress = quiet) -> SplitReport:
    """Assign every article to a split by warraq.toml's `[split]`. Holds the ids of all articles, about 300 bytes each.

    Raises:
        CorpusError: the shares do not add up to 1, or duplicates.jsonl names an article that is not there.
        CheckError: a split with a share above 0 would be empty.
    """
    policy = workspace.config.split
    shares = (policy.train, policy.validation, policy.test)
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-9:
        raise CorpusError(f"the shares of [split] in warraq.toml add up to {sum(shares):g}; got {shares}", "make it 1")
    groups = _groups(workspace, progress)
    rows: list[Split] = []
    for members in groups:
        group = min(members)
        rows += [Split(id, _side(group, policy), group) for id in members]  # type: ignore[arg-type]
    counts: Counter[str] = Counter(row.split for row in rows)
    for name, share in zip(("train", "validation", "test"), shares, strict=True):
        if share and not counts[name]:
            raise CheckError(
                f"{name} would be empty: {len(groups)} groups of articles are too few for a share of {share:g}",
                "convert more articles, or change [split] in warraq.toml",
            )
    store.write_sorted(workspace.splits, rows, key=lambda row: row.article_id)
    return SplitReport(len(rows), dict(counts), len(groups), sum(len(g) > 1 for g in groups), policy.seed)


def _groups(workspace: Workspace, progress: Progress) -> list[set[str]]:
    """The connected components of: copy of, same address as, printed inside."""
    groups: DisjointSet[str] = DisjointSet()
    addresses: dict[str, str] = {}
    links: list[tuple[str, str]] = []
    for number, article in enumerate(store.read(workspace.articles, Article), 1):
        groups.add(article.id)
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
    subsets: list[set[str]] = groups.subsets()
    return subsets


def _side(group: str, policy: SplitPolicy) -> str:
    """The split of a group: its hash, as a number in [0, 1), falls in the share of train, validation or test."""
    digest = hashlib.sha256(f"{policy.seed}\0{group}".encode()).digest()
    place = int.from_bytes(digest[:8]) / 2**64
    return "train" if place < policy.train else "validation" if place < policy.train + policy.validation else "test"
