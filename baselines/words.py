"""Texts → words, by columns of code points; and words as Arrow holds them, each different one once. No files."""

import re
from collections.abc import Callable, Iterable
from itertools import chain, islice, pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Codes = NDArray[np.uint32]
CODEC = "utf-32-le", "surrogatepass"
"""Four bytes a code point, lone surrogates too."""
CODE = np.dtype("<u4")
BLOCK = 64
"""Documents worked on at a time."""


class Words(NamedTuple):
    """Strings end to end: `codes`, the code points; string i is codes[offsets[i]:offsets[i + 1]]."""

    codes: Codes
    offsets: Ints


def runs(texts: Iterable[str], kind: str, least: int) -> tuple[Words, Ints]:
    """The runs of characters of one kind (a regular expression), in order; document d has runs bounds[d]:bounds[d + 1].

    Runs shorter than `least` (1 or 2) are left out. Works through BLOCK documents at a time, to hold few copies of them.
    """
    waiting = iter(texts)
    blocks = [_runs(block, kind, least) for block in iter(lambda: list(islice(waiting, BLOCK)), [])]
    codes, lengths, sizes = ([block[part] for block in blocks] for part in range(3))
    offsets, bounds = (np.append(0, np.cumsum(np.concatenate([np.empty(0, np.int64), *of]))) for of in (lengths, sizes))
    return Words(np.concatenate([np.empty(0, CODE), *codes]), offsets), bounds


def _runs(texts: list[str], kind: str, least: int) -> tuple[Codes, Ints, Ints]:
    """The runs of a block, end to end; the length of each; how many each text has."""
    codes = np.frombuffer("\n".join(["", *texts, ""]).encode(*CODEC), CODE)  # the line ends are of no run
    is_kind = re.compile(kind).match
    seen = np.flatnonzero(np.bincount(codes))
    table = np.zeros(seen[-1] + 1, bool)
    table[[code for code in seen.tolist() if is_kind(chr(code))]] = True
    inside = table[codes]
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if least == 2:
        single = lengths == 1
        inside[starts[single]] = False
        starts, lengths = starts[~single], lengths[~single]
    ends = np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)
    return codes[inside], lengths, np.diff(np.searchsorted(starts, ends), prepend=0)


def tokens(texts: Iterable[str], tokenize: Callable[[str], list[str]]) -> tuple[Words, Ints]:
    """What a tokenizer makes of each text, as `runs` gives it."""
    found = [tokenize(text) for text in texts]
    flat = list(chain.from_iterable(found))
    codes = np.frombuffer("".join(flat).encode(*CODEC), CODE)
    offsets = np.cumsum([0, *map(len, flat)], dtype=np.int64)
    return Words(codes, offsets), np.cumsum([0, *map(len, found)], dtype=np.int64)


def packed(words: Words) -> pa.LargeBinaryArray:
    """Words as an Arrow array of their bytes in CODEC."""
    codes, offsets = words
    buffers = [None, pa.py_buffer(offsets * CODE.itemsize), pa.py_buffer(np.ascontiguousarray(codes))]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(offsets) - 1, buffers)


def unpacked(words: pa.LargeBinaryArray) -> Words:
    """What `packed` packed."""
    lengths = np.asarray(pc.binary_length(words), np.int64) // CODE.itemsize
    return Words(np.frombuffer(b"".join(words.to_pylist()), CODE), np.append(0, np.cumsum(lengths)))


def encoded(words: Words) -> tuple[pa.LargeBinaryArray, Ints]:
    """Each different word once, and the place of each word among them."""
    found = encode(packed(words))
    return found.dictionary, found.indices.to_numpy()


def encode(values: pa.Array) -> pa.DictionaryArray:
    """Each different value once, in a dictionary, and the place of each value in it."""
    # The system's pool: Arrow's own keeps what is freed, and peak memory counts.
    return pc.dictionary_encode(values, memory_pool=pa.system_memory_pool())


def strings(words: pa.LargeBinaryArray) -> list[str]:
    """What `packed` packed, as strings."""
    codes, offsets = unpacked(words)
    text = decoded(codes)
    return [text[i:j] for i, j in pairwise(offsets.tolist())]


def decoded(codes: Codes) -> str:
    """Code points as a string."""
    return str(codes.data, *CODEC)
