"""How many hashes every two texts of two sides have in common: an inverted index over one side, the other streamed past it.

The hashes lie in unnamed scratch files. The index is made of a piece of its side at a time; a piece is a sparse matrix of
hashes × texts, and a block of the streamed side times that matrix counts what is shared.
"""

from array import array
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_array

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int64]
_BLOCK = 1_000_000
"""Hashes of the streamed side that are looked up at a time, and about the pairs that one product yields."""


class Texts:
    """The texts of one side: ids, a digest of each, how many hashes each has; and the hashes themselves, on the disk.

    Args:
        scratch: the folder of the scratch file, which has no name and ends with the process; the system's if None.
    """

    def __init__(self, scratch: Path | None = None) -> None:
        self.ids: list[str] = []
        self.digests: list[bytes] = []
        self.sizes = array("q")
        self.total = 0
        self._starts = array("q")
        self._file = TemporaryFile(dir=scratch)  # noqa: SIM115 - open until `close`

    def close(self) -> None:
        """Give the scratch file's room back."""
        self._file.close()

    def add(self, id: str, digest: bytes, hashes: Hashes) -> None:
        """Append a text; `hashes` are sorted, without repeats, and not none."""
        self.ids.append(id)
        self.digests.append(digest)
        self.sizes.append(len(hashes))
        self._starts.append(self.total)
        self.total += len(hashes)
        self._file.write(hashes.tobytes())

    def hashes(self, first: int, stop: int) -> Hashes:
        """The hashes of texts `first` to `stop` (not included), one text after the other."""
        self._file.seek(8 * self._starts[first])
        count = self._starts[stop - 1] + self.sizes[stop - 1] - self._starts[first]
        return np.frombuffer(self._file.read(8 * count), np.uint64)

    def pieces(self, limit: int) -> Iterator[tuple[int, int]]:
        """Runs of texts, first and stop, with at most `limit` hashes each; a larger text is a run of its own."""
        ends = np.asarray(self._starts) + np.asarray(self.sizes)
        first = 0
        while first < len(self.ids):
            stop = max(first + 1, int(np.searchsorted(ends, self._starts[first] + limit, "right")))
            yield first, stop
            first = stop


class Common(Struct, frozen=True):
    """Pairs of texts, by number, and how many hashes they share: at the most, where some of theirs were left out."""

    streamed: Numbers
    indexed: Numbers
    counts: Numbers


class Search:
    """The pairs of texts of two sides that share a hash. Iterate once, then read what was left out.

    Above `steps` products of one hash of one pair, the commonest hashes are left out of the search: `skipped` of them.
    `hidden_streamed` and `hidden_indexed` say of each text how many of its hashes were left out.
    """

    def __init__(self, streamed: Texts, indexed: Texts, steps: int, index: int) -> None:
        self.streamed, self.indexed, self.steps, self.index = streamed, indexed, steps, index
        self.skipped = 0
        self.hidden_streamed = np.zeros(len(streamed.ids), np.int64)
        self.hidden_indexed = np.zeros(len(indexed.ids), np.int64)

    def __iter__(self) -> Iterator[Common]:
        """Yield the pairs, block by block."""
        for first, stop in self.indexed.pieces(self.index):
            keys, postings = _inverted(self.indexed, first, stop)
            skip = self._too_common(keys, postings)
            self.skipped += int(skip.sum())
            self.hidden_indexed[first:stop] = postings.T @ skip.astype(np.int32)
            for start, end in self.streamed.pieces(_BLOCK):
                yield from self._block(start, end, keys, postings, skip, first)

    def _too_common(self, keys: Hashes, postings: csr_array) -> NDArray[np.bool_]:
        """Which hashes of this piece are left out: the commonest, once the rarer ones have used up its part of the steps."""
        counts = np.zeros(len(keys), np.int64)
        for start, end in self.streamed.pieces(_BLOCK):
            places, hit = _looked_up(keys, self.streamed.hashes(start, end))
            counts += np.bincount(places[hit], minlength=len(keys))
        work = np.diff(postings.indptr) * counts
        rarest = np.argsort(work, kind="stable")
        skip = np.zeros(len(keys), bool)
        skip[rarest[np.cumsum(work[rarest]) * self.indexed.total > self.steps * postings.nnz]] = True
        return skip

    def _block(
        self, start: int, end: int, keys: Hashes, postings: csr_array, skip: NDArray[np.bool_], first: int
    ) -> Iterator[Common]:
        places, hit = _looked_up(keys, self.streamed.hashes(start, end))
        sizes = np.asarray(self.streamed.sizes)[start:end]
        rows = np.repeat(np.arange(end - start), sizes)
        hidden = np.bincount(rows[hit & skip[places]], minlength=end - start)
        self.hidden_streamed[start:end] = np.maximum(self.hidden_streamed[start:end], hidden)
        kept = hit & ~skip[places]
        ends = np.cumsum(np.bincount(rows[kept], minlength=end - start))
        shape = (end - start, len(keys))
        block = csr_array((np.ones(kept.sum(), np.int32), places[kept], np.append(0, ends)), shape=shape)
        work = np.cumsum(block @ np.diff(postings.indptr))
        for part in np.split(np.arange(end - start), np.flatnonzero(np.diff(work // _BLOCK)) + 1):
            shared = (block[part[0] : part[-1] + 1] @ postings).tocoo()
            i, j = shared.coords[0] + part[0], shared.coords[1] + first
            most = np.minimum(shared.data + hidden[i], np.minimum(sizes[i], np.asarray(self.indexed.sizes)[j]))
            yield Common(i + start, j, most)


def _inverted(texts: Texts, first: int, stop: int) -> tuple[Hashes, csr_array]:
    """The hashes of some texts, sorted, without repeats; and which text has which: shape (hashes, texts), 0 or 1."""
    hashes = texts.hashes(first, stop)
    order = np.argsort(hashes, kind="stable")
    owners = np.repeat(np.arange(stop - first, dtype=np.int32), np.asarray(texts.sizes)[first:stop])[order]
    hashes = hashes[order]
    starts = np.flatnonzero(np.append(True, hashes[1:] != hashes[:-1]))
    ones, ends = np.ones(len(hashes), np.int32), np.append(starts, len(hashes))
    return hashes[starts], csr_array((ones, owners, ends), shape=(len(starts), stop - first))


def _looked_up(keys: Hashes, wanted: Hashes) -> tuple[Numbers, NDArray[np.bool_]]:
    """For each of `wanted` a place in sorted `keys`, and whether it stands there."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return places, keys[places] == wanted
