"""Articles sorted by id, on disk, in bounded memory: an external merge sort whose chunks hold at most CHUNK_BYTES."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from corpus import store
from corpus.errors import CorpusError
from corpus.records import Article

CHUNK_BYTES = 16 * 2**20
FAN_IN = 200
"""So many chunks are merged at once: each is an open file."""

_id = itemgetter(0)
_id_and_side = itemgetter(0, 1)


class Sorter:
    """Takes articles in any order and writes them to chunks, each sorted by id, and within an id as they came."""

    def __init__(self, folder: Path, name: str) -> None:
        self.chunks: list[Path] = []
        self._folder = folder
        self._name = name
        self._rows: list[tuple[str, bytes]] = []
        self._bytes = 0

    def add(self, article: Article) -> None:
        """Take one article."""
        row = store.encode(article)
        self._rows.append((article.id, row))
        self._bytes += len(row)
        if self._bytes >= CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what is held to a chunk."""
        if self._rows:
            path = self._folder / f"{self._name}-{len(self.chunks)}"
            _write(path, sorted(self._rows, key=_id))
            self.chunks.append(path)
            self._rows, self._bytes = [], 0


def _write(path: Path, rows: Iterable[tuple[str, bytes]]) -> None:
    with store.atomic(path) as file:
        file.writelines(b"%s %s\n" % (id.encode(), row) for id, row in rows)


def _read(path: Path, open_files: ExitStack) -> Iterator[tuple[str, bytes]]:
    for line in open_files.enter_context(path.open("rb")):
        id, row = line.split(b" ", 1)
        yield id.decode(), row.rstrip(b"\n")


def rows(chunks: list[Path], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (id, encoded article) of all chunks, sorted by id, and within an id in the order of the chunks.

    Args:
        chunks: as `Sorter` wrote them.
        folder: where longer chunks are made of them, if they are more than FAN_IN.
    """
    while len(chunks) > FAN_IN:
        groups = [chunks[start : start + FAN_IN] for start in range(0, len(chunks), FAN_IN)]
        chunks = [folder / f"merged-{len(chunks)}-{number}" for number in range(len(groups))]
        for path, group in zip(chunks, groups, strict=True):
            with ExitStack() as open_files:
                _write(path, heapq.merge(*(_read(part, open_files) for part in group), key=_id))
    with ExitStack() as open_files:
        yield from heapq.merge(*(_read(path, open_files) for path in chunks), key=_id)


def stored(path: Path, stays: Callable[[Article], bool]) -> Iterator[tuple[str, bytes]]:
    """The articles that a corpus holds already and that stay, checked, as (id, encoded article).

    Raises:
        CorpusError: they are not sorted by id.
    """
    last = ""
    for article in store.read_if_any(path, Article):
        if article.id <= last:
            raise CorpusError(f"{path} is not sorted by id: {article.id} follows {last}", "delete it and convert again")
        last = article.id
        if stays(article):
            yield article.id, store.encode(article)


def by_id(old: Iterable[tuple[str, bytes]], new: Iterable[tuple[str, bytes]]) -> Iterator[tuple[bytes | None, list[bytes]]]:
    """Merge two sorted streams: for each id the stored row, if any, and the new ones in the order they were read."""
    tagged = heapq.merge(((id, False, row) for id, row in old), ((id, True, row) for id, row in new), key=_id_and_side)
    for _, group in groupby(tagged, key=_id):
        (_, is_new, first), *others = group
        rows = [row for *_, row in others]
        yield (None, [first, *rows]) if is_new else (first, rows)
