"""articles.jsonl → Arrow, checked, by Arrow's own JSON reader: no text becomes a Python string on its way to Parquet.

Reads the file in blocks of whole lines; a pool parses and checks them (`arrow_types`), ahead of the caller. What is refused is
read again by `store.read`, which names line and field; it would refuse one thing more: a line that lacks a field which may be
null is taken as if it had null there.
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.json as pj

from corpus import store
from corpus.errors import CorpusError
from corpus.records import Article
from corpus.release.dataset import arrow_types

BATCH_BYTES = 6 << 20
"""Of lines in a block, which becomes a batch and then a row group: about 2,000 articles of 3 KB."""
AHEAD = 2
"""Blocks that are parsed, or wait, while the caller is at one."""
RELEASED = 8
"""Every so many blocks Arrow gives back the memory that it keeps for the next one: on 100,000 articles up to 60 MB."""


def read(path: Path, size: int, pool: Executor) -> Iterator[pa.RecordBatch]:
    """The articles of a file, checked, in batches of lines of about `size` bytes; a column is the field of its name.

    Raises:
        CorpusError, RecordError: as `store.read`, which is asked as soon as anything is wrong: it names the line.
    """
    next(store.read(path, Article), None)  # lines of another version lack fields, all of them
    coming: deque[Future[pa.RecordBatch]] = deque()
    try:
        for number, (start, end) in enumerate(_blocks(path, size), 1):
            if number % RELEASED == 0:
                pa.default_memory_pool().release_unused()
            coming.append(pool.submit(_parsed, path, start, end))
            if len(coming) > AHEAD:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
    except pa.ArrowInvalid as error:
        for _ in store.read(path, Article):
            pass
        raise CorpusError(f"{path} is not as `warraq convert` writes it: {error}", "run `warraq convert` again") from None


def as_rows(articles: pa.RecordBatch, splits: list[str | None], schema: pa.Schema) -> pa.RecordBatch:
    """Articles and their splits as a batch of `articles`. `origin` stays behind: it names folders of a disk."""
    columns = dict(zip(articles.schema.names, articles.columns, strict=True))
    columns |= {"article_id": columns["id"], "split": pa.array(splits, pa.string())}
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _blocks(path: Path, size: int) -> Iterator[tuple[int, int]]:
    """Where blocks begin and end: with the line that reaches beyond `size`."""
    with path.open("rb") as file:
        start, last = 0, file.seek(0, os.SEEK_END)
        while start < last:
            file.seek(start + size)
            file.readline()
            yield start, (start := min(file.tell(), last))


def _parsed(path: Path, start: int, end: int) -> pa.RecordBatch:
    """The articles of the lines between two places in a file.

    Raises:
        pyarrow.ArrowInvalid: one line is no article.
    """
    with pa.OSFile(str(path)) as file:
        file.seek(start)
        block = file.read_buffer(end - start)
    whole = pj.ReadOptions(use_threads=False, block_size=block.size + 1)
    batches = pj.read_json(pa.BufferReader(block), whole, _AS_ARTICLES).to_batches()
    ends = np.frombuffer(block, np.uint8) == ord("\n")
    lines = np.count_nonzero(ends) + (not ends[-1])
    if len(batches) != 1 or batches[0].num_rows != lines:
        raise pa.ArrowInvalid(f"{lines} lines do not hold an article each")
    arrow_types.check(batches[0], Article)
    return batches[0]


_AS_ARTICLES = pj.ParseOptions(explicit_schema=arrow_types.schema(Article), unexpected_field_behavior="error")
