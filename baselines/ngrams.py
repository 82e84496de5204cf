"""The n-grams of texts, by columns: words → n-grams as numbers, and their counts. No files.

Every step works on whole columns of code points or numbers. The n-grams of letters depend on the word alone, so a word is
cut once, however often it occurs, and the counts are a product of two sparse matrices, (n-gram × word) · (word × document).
docs/decisions/0016-vectorizer.md argues the choices.
"""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from baselines.words import CODE, Codes, Ints, Words, decoded, encode, encoded, packed, strings, unpacked

SPACE = ord(" ")
STRIDE = 2**17
"""Windows worked on at a time."""


class Windows(NamedTuple):
    """Every n-gram that occurs, and where it counts.

    A symbol is a letter or a word; `symbols` holds places in `alphabet`. Window i is symbols[first[i]:first[i] + length[i]]
    (`most` symbols or fewer), and stands in unit[i]. A unit is a document, or, where `words` (units × documents, counts) is
    given, a word. Symbol i is spelled codes[start[i]:stop[i]]; what is between two symbols is part of a window's string.
    `ordered`: the order of symbols decides the order of strings.
    """

    alphabet: pa.LargeBinaryArray
    symbols: Ints
    first: Ints
    length: Ints
    most: int
    codes: Codes
    start: Ints
    stop: Ints
    unit: Ints
    units: int
    words: sp.csr_array | None
    ordered: bool

    def spelling(self, windows: Ints) -> "Spelling":
        """How these windows are spelled."""
        first = self.first[windows]
        places = np.column_stack((self.start[first], self.stop[first + self.length[windows] - 1]))
        return Spelling(decoded(self.codes), places)

    def factors(self, row: Ints, rows: int) -> list[sp.csr_array]:
        """Matrices whose product counts (rows × documents); window i counts in row[i], or nowhere if that is negative."""
        found = row >= 0
        ones = np.ones(np.count_nonzero(found), np.int32 if self.words is None else self.words.dtype)
        index = sp.coo_array((ones, (row[found], self.unit[found])), shape=(rows, self.units)).tocsr()
        return [index] if self.words is None else [index, self.words]

    def packable(self, base: int) -> bool:
        """Whether every window, as a number of `most` digits, fits 63 bits."""
        return self.most * math.log2(base) < 63


@dataclass(frozen=True)
class Spelling:
    """Strings as parts of one text: string i is text[places[i, 0]:places[i, 1]]."""

    text: str
    places: Ints

    def __iter__(self) -> Iterator[str]:
        parts = np.array_split(self.places, len(self.places) // 10_000 + 1)
        return (self.text[i:j] for part in parts for i, j in zip(*part.T.tolist(), strict=True))


class Lexicon(NamedTuple):
    """Known n-grams: keys[i] is the key of n-gram i, a number whose digits are 1 + places in `alphabet`."""

    alphabet: pa.LargeBinaryArray
    keys: Ints

    def find(self, windows: Windows) -> Ints:
        """The number of each window's n-gram, -1 for one that is not known."""
        digits = _places(windows.alphabet, self.alphabet) + 1
        digits[digits == 0] = len(self.alphabet) + 1  # in no key
        return _places(pa.array(_keys(windows, digits, len(self.alphabet) + 2)), pa.array(self.keys))


def ranks(windows: Windows) -> tuple[Ints, Ints, Lexicon | None]:
    """Number the different n-grams 0 … n-1 in the order of their strings.

    Returns:
        The number of each window's n-gram; for each n-gram a window; and a lexicon, if keys do not depend on the windows.
    """
    order = np.array(sorted(range(len(windows.alphabet)), key=strings(windows.alphabet).__getitem__), np.int64)
    base = len(order) + 2
    found = encode(pa.array(_keys(windows, np.argsort(order) + 1, base)))
    keys, number = found.dictionary.to_numpy(), found.indices.to_numpy()
    by_key = np.argsort(keys)
    gram = np.argsort(by_key).astype(np.int32)[number]
    if not windows.ordered:
        return *_by_string(windows, gram), None
    lexicon = Lexicon(windows.alphabet.take(pa.array(order)), keys[by_key]) if windows.packable(base) else None
    return gram, _one_of_each(gram), lexicon


def _by_string(windows: Windows, gram: Ints) -> tuple[Ints, Ints]:
    """Numbers in the order of the strings, where the order of symbols does not give it; equal strings become one."""
    spelled = list(windows.spelling(_one_of_each(gram)))
    rank = {string: number for number, string in enumerate(sorted(set(spelled)))}
    gram = np.array([rank[string] for string in spelled], np.int64)[gram]
    return gram, _one_of_each(gram)


def _one_of_each(gram: Ints) -> Ints:
    where = np.empty(gram.max(initial=-1) + 1, np.int64)
    where[gram] = np.arange(len(gram))
    return where


def _keys(windows: Windows, digits: Ints, base: int) -> Ints:
    """Windows as numbers, 0 beyond a window's end: equal for equal windows, in dictionary order of the digits.

    Numbers that would not fit 63 bits are replaced by their ranks before more digits are added.
    """
    longest = windows.most if windows.packable(base) else int(windows.length.max(initial=0))
    symbols = np.append(digits[windows.symbols], np.zeros(longest, np.int64))
    keys, bound = np.zeros(len(windows.first), np.int64), 1
    for digit in range(longest):
        if bound * base >= 2**63:
            different, keys = np.unique(keys, return_inverse=True)
            bound = len(different)
        keys *= base
        for at in range(0, len(keys), STRIDE):  # a part at a time: what is made on the way takes little memory
            part = slice(at, at + STRIDE)
            keys[part] += np.where(windows.length[part] > digit, symbols[windows.first[part] + digit], 0)
        bound *= base
    return keys


def _places(values: pa.Array, among: pa.Array) -> Ints:
    """The place of each value among others, -1 where it is not there."""
    return np.asarray(pc.fill_null(pc.index_in(values, value_set=among, memory_pool=pa.system_memory_pool()), -1))


def letters(words: Words, bounds: Ints, least: int, most: int) -> Windows:
    """The n-grams of letters of each different word and a space at both its ends; a shorter word is one n-gram."""
    different, number = encoded(words)
    words = unpacked(different)
    codes, ends = _spaced(words, before=1)
    lengths = np.diff(words.offsets) + 2
    left = np.repeat(ends, lengths) - np.arange(len(codes))  # letters from here to the word's end
    first, length = _cut(left, least, most)
    short = lengths < least
    first = np.append(first, (ends - lengths)[short].astype(np.int32))
    length = np.append(length, lengths[short].astype(np.int32))
    seen = np.bincount(codes) > 0
    alphabet = np.flatnonzero(seen).astype(CODE)
    shape = (len(bounds) - 1, len(lengths))
    index = sp.get_index_dtype(maxval=len(number))  # of 32 bits wherever it can be: half the memory of all that follows
    used = sp.csr_array((np.ones(len(number), np.int32), number.astype(index), bounds.astype(index)), shape=shape).T.tocsr()
    used.sum_duplicates()
    used = used.astype(np.min_scalar_type((lengths @ used).max(initial=0)))  # no count exceeds a document's length
    return Windows(
        alphabet=packed(Words(alphabet, np.arange(len(alphabet) + 1))),
        symbols=(np.cumsum(seen) - 1).astype(np.int32)[codes],
        first=first,
        length=length,
        most=most,
        codes=codes,
        start=np.arange(len(codes), dtype=np.int32),
        stop=np.arange(1, len(codes) + 1, dtype=np.int32),
        unit=np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[first],
        units=len(lengths),
        words=used,
        ordered=True,
    )


def phrases(words: Words, bounds: Ints, least: int, most: int, stop_words: Collection[str]) -> Windows:
    """The n-grams of words of each document, joined by spaces, once the stop words are taken out."""
    different, number = encoded(words)
    if stop_words:
        kept = np.array([word not in stop_words for word in strings(different)], bool)[number]
        lengths = np.diff(words.offsets)
        words = Words(words.codes[np.repeat(kept, lengths)], np.append(0, np.cumsum(lengths[kept])))
        bounds, number = np.append(0, np.cumsum(kept))[bounds], number[kept]
    sizes = np.diff(bounds)
    left = np.repeat(bounds[1:], sizes) - np.arange(len(number))  # words from here to the document's end
    first, length = _cut(left, least, most)
    codes, ends = _spaced(words, before=0)
    return Windows(
        alphabet=different,
        symbols=number,
        first=first,
        length=length,
        most=most,
        codes=codes,
        start=ends - np.diff(words.offsets) - 1,
        stop=ends - 1,
        unit=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[first],
        units=len(sizes),
        words=None,
        ordered=words.codes.min(initial=SPACE + 1) > SPACE,  # nothing in a word sorts before the space that joins words
    )


def _cut(left: Ints, least: int, most: int) -> tuple[Ints, Ints]:
    """The first symbol and the length of each window, shorter ones first; `left` symbols are left at each place."""
    orders = range(least, min(most, left.max(initial=0)) + 1)
    firsts = [np.flatnonzero(left >= n).astype(np.int32) for n in orders]
    length = np.repeat(np.array(orders, np.int32), [len(first) for first in firsts])
    return np.concatenate([np.empty(0, np.int32), *firsts]), length


def _spaced(words: Words, before: int) -> tuple[Codes, Ints]:
    """Words with `before` spaces before and one after each; and where each of them ends, its last space counted."""
    codes, offsets = words
    lengths = np.diff(offsets) + before + 1
    ends = np.cumsum(lengths)
    spaced = np.full(len(codes) + (before + 1) * len(lengths), SPACE, CODE)
    inside = np.ones(len(spaced), bool)
    inside[ends - 1] = False
    if before:
        inside[ends - lengths] = False
    spaced[inside] = codes
    return spaced, ends
