"""The closest texts across each border between two splits: the second method, which shares no code with `duplicates`.

The Jaccard similarity of two texts is that of their sets of word 5-grams (words of the folded text; a shorter text is one
5-gram). A 5-gram is a 64-bit hash of its words' hashes. Across each border an inverted index counts what every two texts have
in common: all pairs that share a 5-gram, no signature, no sampling. That takes one step for each 5-gram of each pair that
shares it, which is known before. Above STEPS the commonest 5-grams are left out of the search (not out of the
similarity) until it fits. Then a pair that shares only those is not seen; `blind` counts the texts that could have a leak
hidden so.

Memory: 24 bytes a 5-gram, about 7 kB an article of 250 words, and a table of all words.
"""

from hashlib import blake2b
from itertools import combinations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from corpus.text.fold import fold

LEAK = 0.8
STEPS = 200_000_000
_WORDS = 5
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 1], np.uint64)

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.intp]


class Pair(Struct, frozen=True):
    """A text of each side, by id; `jaccard` of their 5-grams, 0..1; `exact` if the folded texts are equal."""

    first: str
    second: str
    jaccard: float
    exact: bool


class Border(Struct, frozen=True):
    """What lies closest across one border. `closest` is null if no two texts share a 5-gram.

    `leaks` are the pairs of at least LEAK, closest first. `skipped` 5-grams were too common to search by; a leak could
    hide from the search only in `blind` texts, most of whose 5-grams are skipped ones; 0 means that none is missing.
    """

    first: str
    second: str
    closest: Pair | None
    leaks: list[Pair]
    skipped: int
    blind: int


class Side:
    """The texts of one split: ids, a digest of each folded text, and its 5-grams, sorted."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.digests: list[bytes] = []
        self.grams: list[Hashes] = []


class Sides:
    """Texts, put on their sides one by one; then `borders` compares every two sides."""

    def __init__(self, names: list[str]) -> None:
        self.sides = {name: Side() for name in names}
        self._words: dict[str, int] = {}

    def add(self, side: str, id: str, text: str) -> bool:
        """Put a text on a side. False, and nothing is kept, if the text has no word."""
        words = fold(text).split()
        if not words:
            return False
        hashes = np.array([self._hash(word) for word in words] + [0] * (_WORDS - len(words)), np.uint64)
        windows = np.lib.stride_tricks.sliding_window_view(hashes, _WORDS)
        place = self.sides[side]
        place.ids.append(id)
        place.digests.append(blake2b(" ".join(words).encode(), digest_size=16).digest())
        place.grams.append(np.unique(windows @ _FACTORS))
        return True

    def _hash(self, word: str) -> int:
        if word not in self._words:
            self._words[word] = int.from_bytes(blake2b(word.encode(), digest_size=8).digest())
        return self._words[word]

    def borders(self, steps: int = STEPS) -> list[Border]:
        """Every two sides compared, in the order of their names as given; at most `steps` for each border."""
        return [_border(a, b, self.sides[a], self.sides[b], steps) for a, b in combinations(self.sides, 2)]


class _Index:
    """Which texts of a side have a 5-gram: `postings[starts[g]:starts[g + 1]]`, for the 5-grams that were kept."""

    def __init__(self, side: Side, other: Side, steps: int) -> None:
        grams = np.concatenate(side.grams)
        texts = np.repeat(np.arange(len(side.grams)), [len(g) for g in side.grams])
        order = np.argsort(grams, kind="stable")
        self.grams, self.starts = np.unique(grams[order], return_index=True)
        self.starts = np.append(self.starts, len(grams))
        self.postings = texts[order]
        theirs, counts = np.unique(np.concatenate(other.grams), return_counts=True)
        shared, ours, place = np.intersect1d(self.grams, theirs, assume_unique=True, return_indices=True)
        work = np.diff(self.starts)[ours] * counts[place]
        rarest = np.argsort(work, kind="stable")
        self.skipped = np.sort(shared[rarest[np.cumsum(work[rarest]) > steps]])

    def shared(self, grams: Hashes) -> tuple[Numbers, Numbers]:
        """The texts that have one of these 5-grams, and how many of them."""
        found = _where(self.grams, grams)
        pieces = [self.postings[a:b] for a, b in zip(self.starts[found], self.starts[found + 1], strict=True)]
        return np.unique(np.concatenate(pieces), return_counts=True) if pieces else (found, found)


def _where(values: Hashes, wanted: Hashes) -> Numbers:
    """The places in sorted `values` of those `wanted` that are there."""
    places = np.searchsorted(values, wanted, "left")
    return places[places < np.searchsorted(values, wanted, "right")]


def _border(a: str, b: str, first: Side, second: Side, steps: int) -> Border:
    if not first.ids or not second.ids:
        return Border(a, b, None, [], 0, 0)
    index = _Index(second, first, steps)
    sizes = np.array([len(grams) for grams in second.grams])
    leaks: list[Pair] = []
    closest: Pair | None = None
    blind = 0
    for i, grams in enumerate(first.grams):
        hidden = len(_where(index.skipped, grams))
        blind += hidden >= LEAK * len(grams)
        texts, common = index.shared(np.setdiff1d(grams, index.skipped, assume_unique=True) if hidden else grams)
        # skipped 5-grams can add so much at most; what is possible is measured, the likeliest first
        common = np.minimum(common + hidden, np.minimum(len(grams), sizes[texts]))
        possible = common / (len(grams) + sizes[texts] - common)
        for k in np.argsort(-possible, kind="stable"):
            if possible[k] < LEAK and closest and possible[k] <= closest.jaccard:
                break
            pair = _pair(first, i, second, int(texts[k]))
            leaks += [pair] if pair.jaccard >= LEAK else []
            closest = pair if closest is None or pair.jaccard > closest.jaccard else closest
    return Border(a, b, closest, sorted(leaks, key=lambda p: -p.jaccard), len(index.skipped), blind)


def _pair(first: Side, i: int, second: Side, j: int) -> Pair:
    common = len(np.intersect1d(first.grams[i], second.grams[j], assume_unique=True))
    jaccard = common / (len(first.grams[i]) + len(second.grams[j]) - common)
    return Pair(first.ids[i], second.ids[j], jaccard, first.digests[i] == second.digests[j])
