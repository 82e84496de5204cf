"""Text against a text that is not here: the hashes that a withheld release keeps, and how a copy is measured by them.

All is computed on the folded text (`text/fold.py`, one space for any white space), so vowel marks, letter forms and line
breaks do not count.

- A passage's hash is an HMAC whose key is what stands around it, CONTEXT characters on each side. The key is published
  nowhere: a short passage cannot be found by trying words, and a copy in which the passage and its surroundings survived
  can still be asked. Without the key, whoever knows a passage learns nothing from its hash.
- A title's or a post's hash has the whole text as its key.
- The fingerprint has 16 bits for each RUN words: 2 bits a word, fewer than a word of news tells, so the text cannot be
  computed from it. Runs do not overlap.
"""

import hmac
from bisect import bisect_left
from collections import defaultdict
from hashlib import blake2b
from typing import Literal

from msgspec import Struct

from corpus.text.fold import fold, fold_with_map

CONTEXT, RUN, SAME = 32, 8, 0.1
Status = Literal["exact", "normalised", "partial", "drifted", "missing"]


class Match(Struct, frozen=True):
    """What a copy is of the judged text, and the share of its runs of words that stand in the copy in order, 0..1."""

    status: Status
    score: float


class Folded(Struct, frozen=True):
    """A folded text, and for each of its characters the offset in the text that it came from."""

    text: str
    offsets: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where code points `start..end` of the text stand in the folded one, without spaces at the ends."""
        first, last = bisect_left(self.offsets, start), bisect_left(self.offsets, end)
        while first < last and self.text[first] == " ":
            first += 1
        while last > first and self.text[last - 1] == " ":
            last -= 1
        return first, last


def folded(text: str) -> str:
    """The text folded, and one space for any white space."""
    return " ".join(fold(text).split())


def folded_with_map(text: str) -> Folded:
    """Like `folded`, with a map back to the text."""
    chars, offsets = fold_with_map(text)
    kept: list[int] = []
    for at, char in enumerate(chars):
        if not char.isspace() or (at + 1 < len(chars) and not chars[at + 1].isspace() and kept):
            kept.append(at)
    return Folded("".join(" " if chars[at].isspace() else chars[at] for at in kept), [offsets[at] for at in kept])


def span_hash(text: str, start: int, end: int) -> str:
    """The keyed hash of `text[start:end]` of a folded text: 32 hexadecimal digits."""
    key = f"{text[max(0, start - CONTEXT) : start]}\0{text[end : end + CONTEXT]}"
    return hmac.digest(key.encode(), text[start:end].encode(), "sha256").hex()[:32]


def part_hash(text: str, part: str) -> str:
    """The keyed hash of a title or a post that belongs to a folded text: 32 hexadecimal digits.

    The key is not the bare text: HMAC takes a long key's SHA-256 in its place, and that one is published.
    """
    return hmac.digest(f"part\0{text}".encode(), folded(part).encode(), "sha256").hex()[:32]


def find(text: str, length: int, wanted: str) -> tuple[int, int] | None:
    """Where a passage of `length` characters with that keyed hash stands in a folded text."""
    starts = range(len(text) - length + 1) if length else ()
    return next(((start, start + length) for start in starts if span_hash(text, start, start + length) == wanted), None)


def fingerprint(text: str) -> str:
    """4 hexadecimal digits for each whole run of RUN words of a folded text."""
    words = text.split()
    return "".join(_digits(words, at) for at in range(0, len(words) - RUN + 1, RUN))


def compare(print_: str, words: int, copy: str) -> Match:
    """A folded copy against the fingerprint of the judged text, which had so many words and is not equal to the copy.

    `partial`: one is a part of the other. `drifted`: pieces of one stand in the other. `missing`: fewer than SAME do.
    """
    runs = [print_[at : at + 4] for at in range(0, len(print_), 4)]
    found = copy.split()
    chain = _chain(runs, found)
    score = len(chain) / len(runs) if runs else 0.0
    if score < SAME:
        return Match("missing", score)
    (first, start), (last, end) = chain[0], chain[-1]
    unbroken = len(chain) == last - first + 1 and end - start == (last - first) * RUN
    before = min(first * RUN, start)
    after = min(words - (last + 1) * RUN, len(found) - end - RUN)
    return Match("partial" if unbroken and before < RUN and after < RUN else "drifted", score)


def _digits(words: list[str], at: int) -> str:
    return blake2b(" ".join(words[at : at + RUN]).encode(), digest_size=2).hexdigest()


def _chain(runs: list[str], words: list[str]) -> list[tuple[int, int]]:
    """The most runs that stand in `words` in their order, each with its place: a longest increasing subsequence."""
    places: dict[str, list[int]] = defaultdict(list)
    wanted = set(runs)
    for at in range(len(words) - RUN + 1):
        if (digits := _digits(words, at)) in wanted:
            places[digits].append(at)
    ends: list[int] = []
    links: list[tuple[tuple[int, int], int]] = []  # a pair, and the link before it
    tails: list[int] = []  # the link that ends the best chain of each length
    for number, run in enumerate(runs):
        for at in reversed(places[run]):  # so that no run is taken twice
            length = bisect_left(ends, at)
            links.append(((number, at), tails[length - 1] if length else -1))
            ends[length : length + 1], tails[length : length + 1] = [at], [len(links) - 1]
    chain, link = [], tails[-1] if tails else -1
    while link >= 0:
        pair, link = links[link]
        chain.append(pair)
    return chain[::-1]
