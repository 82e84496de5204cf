"""Which articles are copies of which: reads articles.jsonl, writes duplicates.jsonl.

Two articles are `exact` copies if their folded texts are equal, `near` copies if the Jaccard similarity of their word
5-grams is at least 0.8, and one is a `partial` copy of the other if at least 0.9 of the shorter one's 5-grams are in the
longer, and it has at least 10: a stock sentence joins no two articles. Every pair that shares a 5-gram is counted exactly,
by one sparse matrix product. Memory: about 10 kB an article, more where many articles share the same sentences.
"""

from collections.abc import Iterator

import numpy as np
from msgspec import Struct
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

from corpus import store
from corpus.progress import Progress, quiet
from corpus.records import Article, Duplicate
from corpus.text.fold import fold
from corpus.workspace import Workspace

WORDS = 5
NEAR = 0.8
PARTIAL = 0.9
PARTIAL_FROM = 10
_ROWS = 2000  # of the product computed at a time


class DuplicatesReport(Struct, frozen=True):
    """Articles read, those in a cluster of two or more, clusters, and members by kind (the heads not counted)."""

    articles: int
    in_clusters: int
    clusters: int
    kinds: dict[str, int]


def duplicates(workspace: Workspace, progress: Progress = quiet) -> DuplicatesReport:
    """Find the clusters of copies. The head of a cluster is its earliest article (undated last, then by id).

    A cluster is a connected component of the copy relation; `similarity` is the Jaccard similarity to the head, which
    can be below 0.8 for a partial copy or one that is linked to the head through another.
    """
    ids, dates, texts = [], [], []
    for article in store.read(workspace.articles, Article):
        ids.append(article.id)
        dates.append(article.published or "9999")
        texts.append(" ".join(fold(article.text).split()))
        progress(len(ids), None)
    rows = list(_clusters(ids, dates, texts)) if ids else []
    store.write_sorted(workspace.duplicates, rows, key=lambda row: (row.cluster, row.article_id))
    members = [row for row in rows if row.article_id != row.cluster]
    kinds = {kind: sum(row.kind == kind for row in members) for kind in ("exact", "near", "partial")}
    return DuplicatesReport(len(ids), len(rows), len(rows) - len(members), kinds)


def _clusters(ids: list[str], dates: list[str], texts: list[str]) -> Iterator[Duplicate]:
    shingles = _shingles(texts)
    pairs = _pairs(shingles)
    links = coo_array((np.ones(len(pairs), bool), tuple(np.array(pairs).reshape(-1, 2).T)), shape=(len(ids), len(ids)))
    _, labels = connected_components(links, directed=False)
    order = np.argsort(labels, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if len(members) > 1:
            head = min(members, key=lambda i: (dates[i], ids[i]))
            for i in members:
                similarity = _jaccard(shingles, i, head) if texts[i] != texts[head] else 1.0
                kind = "exact" if texts[i] == texts[head] else "near" if similarity >= NEAR else "partial"
                yield Duplicate(ids[head], ids[i], round(similarity, 4), kind)  # type: ignore[arg-type]


def _shingles(texts: list[str]) -> csr_array:
    """Which article has which word 5-gram: shape (articles, 5-grams), 0 or 1. A text of fewer words is one shingle."""

    def grams(text: str) -> list[str]:
        words = text.split()
        return [" ".join(words[i : i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))]

    return csr_array(CountVectorizer(analyzer=grams, binary=True, dtype=np.int32).fit_transform(texts))


def _pairs(shingles: csr_array) -> list[tuple[int, int]]:
    """The pairs (i < j) of rows that are exact, near or partial copies."""
    sizes = np.diff(shingles.indptr)
    transposed = shingles.T.tocsr()
    pairs: list[tuple[int, int]] = []
    for start in range(0, shingles.shape[0], _ROWS):
        shared = (shingles[start : start + _ROWS] @ transposed).tocoo()
        i, j = shared.coords[0] + start, shared.coords[1]
        near = shared.data >= NEAR * (sizes[i] + sizes[j] - shared.data)
        shorter = np.minimum(sizes[i], sizes[j])
        partial = (shared.data >= PARTIAL * shorter) & (shorter >= PARTIAL_FROM)
        keep = (near | partial) & (i < j)
        pairs += zip(i[keep].tolist(), j[keep].tolist(), strict=True)
    return pairs


def _jaccard(shingles: csr_array, i: int, j: int) -> float:
    first, second = (set(shingles.indices[shingles.indptr[row] : shingles.indptr[row + 1]]) for row in (i, j))
    return len(first & second) / len(first | second)
