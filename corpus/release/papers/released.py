"""What a release holds, counted row group by row group: every figure of the card comes from here.

`publish` counts what it writes, on the way; `read` counts the files, release/CONFIG/SPLIT-*.parquet, in one pass, and `warraq
verify` compares the two. Holds 4 bytes for each row with a text (its length).
"""

import re
from array import array
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from datasets import Features
from msgspec import Struct, field

from corpus.errors import CorpusError
from corpus.release.layout import manifest
from corpus.release.layout.features import FULL, SPLITS
from corpus.release.papers import words

ORDER = [*SPLITS, FULL]
LAST = ["annotations", "articles", "items"]
AHEAD = 2
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class Config(Struct):
    """One config: per split the files (relative to the release), rows and bytes, as they are and unpacked; counts of columns.

    `labels` counts the integers of the settled answers in a split (None: tied), `settled` their methods and statuses; `words`
    has the length of each text; `months` counts those that say their month, `YYYY-MM`. Of annotations, `judged` counts the
    submitted ones of each item; `first` and `last` are the earliest and the latest day. Of articles they are dates as printed.
    """

    name: str
    features: Features
    files: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    file_bytes: dict[str, int] = field(default_factory=dict)
    unpacked_bytes: dict[str, int] = field(default_factory=dict)
    labels: dict[str, Counter[int | None]] = field(default_factory=dict)
    words: "array[int]" = field(default_factory=lambda: array("i"))
    articles: set[str] = field(default_factory=set)
    annotators: set[str] = field(default_factory=set)
    sources: Counter[str | None] = field(default_factory=Counter)
    languages: Counter[str | None] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    settled: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    first: str | None = None
    last: str | None = None
    hashed: dict[str, Future[manifest.File]] = field(default_factory=dict)

    def count(self, split: str, group: pa.RecordBatch | pa.Table) -> None:
        """Add some rows of a split."""
        columns = group.schema.names
        if label := {"label", "labels"} & set(columns):
            answers = group[label.pop()].to_pylist()
            counts = self.labels.setdefault(split, Counter())
            for answer in answers:
                counts.update(answer if isinstance(answer, list) else [answer])
            self.articles.update(group["article_id"].to_pylist())
        if {"status", "method"} <= set(columns):
            self.settled.update(zip(group["method"].to_pylist(), group["status"].to_pylist(), strict=True))
        if "annotator" in columns:
            self.annotators.update(group["annotator"].to_pylist())
            self.judged.update(group.filter(pc.equal(group["status"], "submitted"))["item_id"].to_pylist())
            self._span([time.date().isoformat() for time in pc.min_max(group["created"]).as_py().values() if time])
        if "published" in columns:
            self.sources.update(_counted(group["source"]))
            self.languages.update(_counted(group["language"]))
            months = _counted(pc.utf8_slice_codeunits(group["published"], 0, 7).drop_null())
            self.months.update({month: count for month, count in months.items() if month and MONTH.fullmatch(month)})
            self._span([date for date in pc.min_max(group["published"]).as_py().values() if date])
        for name in {"text", "words"} & set(columns):  # the second where the text is withheld
            self.words.frombytes(_lengths(group[name].drop_null()))

    def take_files(self, release: Path) -> None:
        """Add names, rows and sizes of the config's files, in the splits' order."""
        paths = sorted((release / self.name).glob("*.parquet"))
        for split in ORDER:
            for path in (path for path in paths if path.name.startswith(f"{split}-")):
                told = pq.read_metadata(path)
                unpacked = sum(told.row_group(number).total_byte_size for number in range(told.num_row_groups))
                self.files.setdefault(split, []).append(str(path.relative_to(release)))
                self.rows[split] = self.rows.get(split, 0) + told.num_rows
                self.file_bytes[split] = self.file_bytes.get(split, 0) + path.stat().st_size
                self.unpacked_bytes[split] = self.unpacked_bytes.get(split, 0) + unpacked

    def hash_files(self, release: Path, pool: Executor) -> None:
        """Begin to hash the config's files, in a pool; each is read once however often `hashes` is asked."""
        names = (name for files in self.files.values() for name in files)
        self.hashed = {name: pool.submit(manifest.of_file, release / name) for name in names}

    def hashes(self, release: Path) -> dict[str, manifest.File]:
        """The size and SHA-256 of each of the config's files."""
        if not self.hashed:
            with ThreadPoolExecutor() as pool:
                self.hash_files(release, pool)
        return {name: file.result() for name, file in self.hashed.items()}

    def _span(self, dates: list[str]) -> None:
        known = [date for date in (self.first, self.last, *dates) if date]
        self.first, self.last = min(known, default=None), max(known, default=None)


def names(release: Path) -> set[str]:
    """The names of a release's configs.

    Raises:
        CorpusError: there is no release.
    """
    found = {path.parent.name for path in release.glob("*/*.parquet")}
    if "articles" not in found:
        raise CorpusError(f"{release} holds no release", "run `warraq publish`")
    return found


def read(release: Path, questions: list[str]) -> dict[str, Config]:
    """The configs of a release: labelled questions in the order given, then annotations, articles, items.

    Raises:
        CorpusError: there is no release, or it has a config that is none of these.
    """
    found = names(release)
    if strange := found - {*questions, *LAST}:
        raise CorpusError(
            f"{release} has configs that the codebook does not ask for: {', '.join(sorted(strange))}",
            "run `warraq publish` to build it anew",
        )
    return {name: _read_config(release, name) for name in (*questions, *LAST) if name in found}


def _read_config(release: Path, name: str) -> Config:
    first = min((release / name).glob("*.parquet"))
    config = Config(name, Features.from_arrow_schema(pq.read_schema(first)))
    config.take_files(release)
    for split, files in config.files.items():
        for file in files:
            for group in _groups(release / file):
                config.count(split, group)
    return config


def _groups(path: Path) -> Iterator[pa.Table]:
    """The row groups in order; two are read at a time, and a third waits.

    `iter_batches` reads further ahead: on 100,000 articles it took 150 MB more.
    """
    metadata = pq.read_metadata(path)
    numbers = iter(range(metadata.num_row_groups))
    with ThreadPoolExecutor(AHEAD) as pool:
        coming = deque(pool.submit(_group, path, metadata, number) for number in islice(numbers, AHEAD))
        while coming:
            done = coming.popleft().result()
            coming.extend(pool.submit(_group, path, metadata, number) for number in islice(numbers, 1))
            yield done


def _group(path: Path, metadata: pq.FileMetaData, number: int) -> pa.Table:
    with pq.ParquetFile(path, metadata=metadata) as file:  # one a thread: a reader is not promised to bear two
        return file.read_row_group(number, use_threads=False)


def _counted(column: pa.Array | pa.ChunkedArray) -> dict[str | None, int]:
    """How often each value stands in a column, in the order of their first."""
    counts = column.value_counts()
    return dict(zip(*(part.to_pylist() for part in counts.flatten()), strict=True))


def _lengths(column: pa.Array | pa.ChunkedArray) -> bytes:
    """The number of words of each text, or those numbers themselves, as 32-bit integers."""
    values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return (words.counts(values) if pa.types.is_string(values.type) else values.to_numpy()).tobytes()
