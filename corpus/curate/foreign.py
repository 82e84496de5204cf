"""Anyone's data files: which split each belongs to, by its name, and its rows. JSONL, CSV, TSV, Parquet.

In a folder a file belongs to the split that its name says, else the name of the folder it is in, nearest first, by the words
that the Hugging Face Hub knows, set off by anything but a letter: train, training; validation, valid, val, dev; test,
testing, eval, evaluation. A file that is named itself is a split of its own.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.errors import CorpusError

MAX_FIELD = 16 * 2**20
DELIMITERS = ",;\t"
SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
_SUFFIXES = ", ".join(SUFFIXES)
_WORDS = {
    "train": "train training",
    "validation": "validation valid val dev",
    "test": "test testing eval evaluation",
}
_SPLIT = {word: split for split, words in _WORDS.items() for word in words.split()}


def files_of(paths: list[Path]) -> tuple[dict[str, list[Path]], list[Path]]:
    """The files of each split, in the order train, validation, test for a folder; and a folder's files that say no split.

    Raises:
        CorpusError: these are not two splits or more.
    """
    found: list[tuple[str, list[Path]]] = []
    nameless: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append((path.name.split(".")[0], [path]))
            continue
        by_split: dict[str, list[Path]] = {split: [] for split in _WORDS}
        for file in sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file()):
            by_split.get(_split_of(file.relative_to(path)), nameless).append(file)
        found += [(split, files) for split, files in by_split.items() if files]
    if len(found) < 2:
        raise CorpusError(
            f"an audit takes two splits or more; got {', '.join(name for name, _ in found) or 'none'} in"
            f" {', '.join(map(str, paths)) or 'no file'}",
            "name one file for each split, or a folder whose files say train, dev or test in their names",
        )
    repeated = Counter(name for name, _ in found)
    names = [f"{name} ({n})" if repeated[name] > 1 else name for n, (name, _) in enumerate(found, 1)]
    return {name: files for name, (_, files) in zip(names, found, strict=True)}, nameless


def _split_of(path: Path) -> str:
    """The split that a path says, the file's name first; "" if none."""
    words = (word for part in reversed(path.parts) for word in re.findall("[a-z]+", part.lower()))
    return next((_SPLIT[word] for word in words if word in _SPLIT), "")


def text_columns(path: Path) -> list[str]:
    """The columns of a file that hold texts: `text`, or else those of four words or more on average in the first 100 rows."""
    first = [row for row in islice(rows(path), 100) if isinstance(row, dict)]
    if any("text" in row for row in first):
        return ["text"]
    words: dict[str, list[int]] = {}
    for row in first:
        for column, value in row.items():
            words.setdefault(column, []).append(len(value.split()) if isinstance(value, str) else 0)
    return [column for column, counts in words.items() if sum(counts) >= 4 * len(counts)]


def rows(path: Path) -> Iterator[Any]:
    """Yield each row, as a dict where the file is what its suffix says.

    Raises:
        CorpusError: the file is missing, damaged, not UTF-8, or of another format.
    """
    csv.field_size_limit(MAX_FIELD)
    try:
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as table:
                for batch in table.iter_batches(batch_size=1000):
                    yield from batch.to_pylist()
            return
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix in (".csv", ".tsv"):
                delimiter = max(DELIMITERS, key=file.readline(MAX_FIELD).count)
                file.seek(0)
                yield from csv.DictReader(file, delimiter=delimiter, strict=True)
            elif path.suffix in (".jsonl", ".ndjson"):
                yield from (msgspec.json.decode(line) for line in file if line.strip())
            else:
                raise CorpusError(f"{path} is not a format that can be audited", f"give a file with one of {_SUFFIXES}")
    except (OSError, UnicodeDecodeError, csv.Error, msgspec.DecodeError, pa.ArrowInvalid) as error:
        raise CorpusError(f"{path} cannot be read: {error}", f"give a sound file in UTF-8 with one of {_SUFFIXES}") from None
