"""Which articles are copies of which: reads articles.jsonl, writes duplicates.jsonl.

Two articles are `exact` copies if their folded texts are equal, `near` copies if the Jaccard similarity of their word
5-grams is at least 0.8, and one is a `partial` copy of the other if at least 0.9 of the shorter one's 5-grams are in the
longer, and it has at least 10: a stock sentence joins no two articles. Every such pair is found, and no other: `copies`.

Memory: 0.5 GB, 0.3 kB an article and 0.3 kB a copy. Disk, below .warraq/ and while it runs: 20 bytes a word.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from msgspec import Struct

from corpus import store
from corpus.curate.candidates import NEAR
from corpus.curate.copies import clusters_of
from corpus.curate.shelf import Shelf
from corpus.progress import Progress, quiet
from corpus.records import Article, Duplicate
from corpus.workspace import Workspace


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

    Raises:
        CorpusError: there are no articles.jsonl, or another `warraq duplicates` is running.
    """
    next(store.read(workspace.articles, Article), None)  # raises where there is none, before anything is made
    found = _Found(workspace, progress)
    with _scratch(workspace) as folder, Shelf(folder / "shingles", found.texts()) as shelf:
        rows = list(found.rows(shelf, folder)) if found.ids else []
    store.write_sorted(workspace.duplicates, rows, key=lambda row: (row.cluster, row.article_id))
    members = [row for row in rows if row.article_id != row.cluster]
    kinds = {kind: sum(row.kind == kind for row in members) for kind in ("exact", "near", "partial")}
    return DuplicatesReport(len(found.ids), len(rows), len(rows) - len(members), kinds)


class _Found:
    """The articles of a corpus by number: what is remembered of each while its text passes."""

    def __init__(self, workspace: Workspace, progress: Progress) -> None:
        self._articles, self._progress = workspace.articles, progress
        self.ids: list[str] = []
        self._dates: list[str] = []

    def texts(self) -> Iterator[str]:
        for article in store.read(self._articles, Article):
            self.ids.append(article.id)
            self._dates.append(article.published or "9999")
            yield article.text
            self._progress(len(self.ids), None)

    def rows(self, shelf: Shelf, folder: Path) -> Iterator[Duplicate]:
        for members in clusters_of(shelf, folder).groups():
            head = min(members.tolist(), key=lambda i: (self._dates[i], self.ids[i]))
            for i in members.tolist():
                if shelf.digests[i] == shelf.digests[head]:
                    yield Duplicate(self.ids[head], self.ids[i], 1.0, "exact")
                else:
                    shared, first, second = shelf.shared(i, head)
                    union = first + second - shared
                    kind: Literal["near", "partial"] = "near" if 100 * shared >= NEAR * union else "partial"
                    yield Duplicate(self.ids[head], self.ids[i], round(shared / union, 4), kind)


@contextmanager
def _scratch(workspace: Workspace) -> Iterator[Path]:
    """A folder for scratch files, which one run at a time has."""
    folder = workspace.state / "duplicates"
    with workspace.alone("duplicates"):
        shutil.rmtree(folder, ignore_errors=True)  # left by a run that was killed
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)
