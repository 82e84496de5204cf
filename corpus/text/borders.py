"""The closest texts across each border between two splits. Reads and writes nothing but a scratch file.

This is the second method: `warraq split` certifies with it what `warraq duplicates` has grouped, and `--audit` and `warraq
verify` use it on others' files. It shares the folding of letters with the first, and no other code.

Two texts are compared by their sets of word 5-grams (words of the folded text; a shorter text is one 5-gram). A 5-gram is a
64-bit hash of its words' hashes. A leak is a pair with a Jaccard similarity of at least LEAK, or of which one holds at least
CONTAINED of the other's 5-grams, if those are CONTAINED_FROM or more: a stock sentence is no leak. Across each border an
inverted index counts what every two texts have in common (`overlap`): all pairs that share a 5-gram, no signature, no
sampling. That takes one step for each 5-gram of each pair that shares it, which is known before. Above STEPS the commonest
5-grams are left out of the search (not out of the figures) until it fits. Then a pair that shares only those is not seen;
`blind` counts the texts that could have a leak hidden so.

Memory: 30 bytes a text, and at most about 300 MB for the index: the 5-grams lie in an unnamed scratch file, 2 kB a text of
250 words, and one side of a border is indexed in pieces of INDEX 5-grams.
"""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from corpus.text.fold import fold
from corpus.text.overlap import Common, Search, Texts

LEAK = 0.8
CONTAINED = 0.9
CONTAINED_FROM = 10
STEPS = 200_000_000
INDEX = 4_000_000
_WORDS = 5
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 1], np.uint64)

Figures = NDArray[np.float64]


class Pair(Struct, frozen=True):
    """A text of each side, by id; `jaccard` of their 5-grams, 0..1; `exact` if the folded texts are equal.

    `contained` is the share of the smaller text's 5-grams that are in the other, 0..1; 0 if it has less than CONTAINED_FROM.
    """

    first: str
    second: str
    jaccard: float
    contained: float
    exact: bool


class Border(Struct, frozen=True):
    """What lies closest across one border: by Jaccard similarity, and by what part of a text is contained in the other.

    Both are null if no two texts share a 5-gram.

    `leaks` are sorted, closest first. `skipped` 5-grams were too common to search by; a leak could hide from the search only
    in `blind` texts, most of whose 5-grams are skipped ones; 0 means that none is missing.
    """

    first: str
    second: str
    closest: Pair | None
    largest_part: Pair | None
    leaks: list[Pair]
    skipped: int
    blind: int


class Sides:
    """Texts, put on their sides one by one; then `borders` compares every two sides. To be used in a `with` block.

    Args:
        names: of the sides.
        scratch: a folder with room for 2 kB a text; the system's for temporary files if None.
    """

    def __init__(self, names: list[str], scratch: Path | None = None) -> None:
        self.sides = {name: Texts(scratch) for name in names}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for texts in self.sides.values():
            texts.close()

    def add(self, side: str, id: str, text: str) -> bool:
        """Put a text on a side. False, and nothing is kept, if the text has no word."""
        words = fold(text).split()
        if not words:
            return False
        hashes = np.array([_hash(word) for word in words] + [0] * (_WORDS - len(words)), np.uint64)
        windows = np.lib.stride_tricks.sliding_window_view(hashes, _WORDS)
        self.sides[side].add(id, blake2b(" ".join(words).encode(), digest_size=16).digest(), np.unique(windows @ _FACTORS))
        return True

    def borders(self, steps: int = STEPS, index: int = INDEX) -> list[Border]:
        """Every two sides compared, in the order of their names as given; at most `steps` for each border."""
        return [_border(a, b, self.sides[a], self.sides[b], steps, index) for a, b in combinations(self.sides, 2)]


@lru_cache(2**18)
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest())


def _border(a: str, b: str, first: Texts, second: Texts, steps: int, index: int) -> Border:
    """Compare two sides; the smaller one is indexed."""
    swap = second.total > first.total
    streamed, indexed = (second, first) if swap else (first, second)
    search = Search(streamed, indexed, steps, index)
    leaks: list[Pair] = []
    closest: Pair | None = None
    part: Pair | None = None
    for found in search:
        jaccard, contained = _measures(found, streamed, indexed)

        def pair(k: int, found: Common = found) -> Pair:
            return _pair(int(found.streamed[k]), int(found.indexed[k]), streamed, indexed, swap)

        near = map(pair, np.flatnonzero((jaccard >= LEAK) | (contained >= CONTAINED)).tolist())
        leaks += [p for p in near if p.jaccard >= LEAK or p.contained >= CONTAINED]
        closest = _best(jaccard, closest, pair, lambda p: p.jaccard)
        part = _best(contained, part, pair, lambda p: p.contained)
    blind = int((search.hidden_streamed >= LEAK * np.asarray(streamed.sizes)).sum())
    sizes = np.asarray(indexed.sizes)
    blind += int(((search.hidden_indexed >= CONTAINED * sizes) & (sizes >= CONTAINED_FROM)).sum())
    leaks.sort(key=lambda p: (-p.jaccard, -p.contained, p.first, p.second))
    return Border(a, b, closest, part, leaks, search.skipped, blind)


def _measures(found: Common, streamed: Texts, indexed: Texts) -> tuple[Figures, Figures]:
    """Jaccard similarity and containment of each pair: the most that they can be, where skipped 5-grams may add to them."""
    ours, theirs = np.asarray(streamed.sizes)[found.streamed], np.asarray(indexed.sizes)[found.indexed]
    smaller = np.minimum(ours, theirs)
    return found.counts / (ours + theirs - found.counts), found.counts / smaller * (smaller >= CONTAINED_FROM)


def _best(most: Figures, best: Pair | None, pair: Callable[[int], Pair], figure: Callable[[Pair], float]) -> Pair | None:
    """The pair with the largest figure: `best`, or one of the block's pairs, measured by `pair`.

    `most` are bounds of their figures from above: the largest is measured first, until no bound is above the best figure.
    """
    order = np.flatnonzero(most > (figure(best) if best else 0))
    for k in order[np.argsort(-most[order], kind="stable")].tolist():
        if best and most[k] <= figure(best):
            break
        found = pair(k)
        best = found if best is None or figure(found) > figure(best) else best
    return best


def _pair(i: int, j: int, streamed: Texts, indexed: Texts, swap: bool) -> Pair:
    """Text i of one side and text j of the other, measured on all their 5-grams."""
    ours, theirs = streamed.hashes(i, i + 1), indexed.hashes(j, j + 1)
    common, smaller = len(np.intersect1d(ours, theirs, assume_unique=True)), min(len(ours), len(theirs))
    first, second = (indexed.ids[j], streamed.ids[i]) if swap else (streamed.ids[i], indexed.ids[j])
    contained = common / smaller if smaller >= CONTAINED_FROM else 0.0
    equal = streamed.digests[i] == indexed.digests[j]
    return Pair(first, second, common / (len(ours) + len(theirs) - common), contained, equal)
