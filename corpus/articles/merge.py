"""Articles sorted by id, on disk, in bounded memory: an external merge sort whose chunks hold at most CHUNK_BYTES."""

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import msgspec

from corpus import store
from corpus.errors import CorpusError
from corpus.records import Article

CHUNK_BYTES = 16 * 2**20


class Sorter:
    """Takes articles in any order and gives them back by id, and within an id in the order they came."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[tuple[str, int, bytes]] = []
        self._bytes = 0
        self._count = 0
        self._chunks: list[Path] = []

    def add(self, article: Article) -> None:
        """Take one article."""
        row = store.encode(article)
        self._rows.append((article.id, self._count, row))
        self._count += 1
        self._bytes += len(row)
        if self._bytes >= CHUNK_BYTES:
            self._spill()

    def _spill(self) -> None:
        path = self._folder / f"chunk-{len(self._chunks)}"
        with path.open("wb") as file:
            file.writelines(b"%s %012d %s\n" % (id.encode(), count, row) for id, count, row in sorted(self._rows))
        self._chunks.append(path)
        self._rows, self._bytes = [], 0

    def __iter__(self) -> Iterator[tuple[str, Article]]:
        """Yield (id, article), sorted."""
        decode = msgspec.json.Decoder(Article).decode
        chunks = [_lines(path) for path in self._chunks]
        for id, _, row in heapq.merge(*chunks, sorted(self._rows)):
            yield id, decode(row)


def _lines(path: Path) -> Iterator[tuple[str, int, bytes]]:
    with path.open("rb") as file:
        for line in file:
            id, count, row = line.split(b" ", 2)
            yield id.decode(), int(count), row


def stored(path: Path) -> Iterator[tuple[str, Article]]:
    """The articles that a corpus holds already, as (id, article).

    Raises:
        CorpusError: they are not sorted by id.
    """
    last = ""
    for article in store.read_if_any(path, Article):
        if article.id <= last:
            raise CorpusError(f"{path} is not sorted by id: {article.id} follows {last}", "delete it and convert again")
        last = article.id
        yield article.id, article


def by_id(
    old: Iterable[tuple[str, Article]], new: Iterable[tuple[str, Article]]
) -> Iterator[tuple[Article | None, list[Article]]]:
    """Merge two sorted streams: for each id the stored article, if any, and the new ones in the order they were read."""
    tagged = heapq.merge(((id, 0, a) for id, a in old), ((id, 1, a) for id, a in new), key=lambda row: row[:2])
    for _, group in groupby(tagged, key=lambda row: row[0]):
        rows = list(group)
        before = rows[0][2] if rows[0][1] == 0 else None
        yield before, [article for _, side, article in rows if side == 1]
