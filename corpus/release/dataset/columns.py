"""articles.jsonl → Arrow, checked, by Arrow's own JSON reader: no text becomes a Python string on its way to Parquet.

Reads the file in blocks of whole lines; a pool parses and checks them, ahead of the caller. Types and checks follow from the
record class: what `store.read` refuses is refused here too, and read by `store.read`, which names line and field. But a line
that lacks a field which may be null is taken as if it had null there.
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
from msgspec import inspect

from corpus import store
from corpus.errors import CorpusError
from corpus.records import Article

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
    batch = batches[0]
    batch.validate(full=True)  # UTF-8, which Arrow's reader takes on trust
    for name, kind in _FIELDS.items():
        _check(name, batch[name], kind)
    return batch


def _arrow(kind: inspect.Type) -> pa.DataType:
    """The Arrow type of a type of the records. No number in an article comes near 32 bits."""
    match kind:
        case inspect.Metadata():
            return _arrow(kind.type)
        case inspect.UnionType():
            return _arrow(_known(kind))
        case inspect.StructType():
            return pa.struct([(field.encode_name, _arrow(field.type)) for field in kind.fields])
        case inspect.ListType():
            return pa.list_(_arrow(kind.item_type))
        case inspect.IntType():
            return pa.int32()
        case inspect.StrType() | inspect.LiteralType():
            return pa.string()
    raise TypeError(f"no Arrow type for {kind}")


def _known(kind: inspect.UnionType) -> inspect.Type:
    """What a field holds that may be null."""
    (known,) = (one for one in kind.types if not isinstance(one, inspect.NoneType))
    return known


def _check(name: str, values: pa.Array, kind: inspect.Type) -> None:
    """Check what the Arrow type does not say: nulls, patterns, the least number, the words allowed.

    Raises:
        pyarrow.ArrowInvalid: a value is none that the record class takes.
    """
    if isinstance(kind, inspect.UnionType):
        return _check(name, values.drop_null(), _known(kind))
    if values.null_count:
        raise pa.ArrowInvalid(f"{name} is null")
    fits = True
    match kind:
        case inspect.Metadata():
            _check(name, values, kind.type)
        case inspect.StructType():
            for field, part in zip(kind.fields, values.flatten(), strict=True):
                _check(f"{name}.{field.name}", part, field.type)
        case inspect.ListType():
            _check(f"{name}[]", values.flatten(), kind.item_type)
        case inspect.StrType(pattern=str(pattern)):
            fits = pc.all(pc.match_substring_regex(values, pattern), min_count=0).as_py()
        case inspect.IntType(ge=int(least)):
            fits = pc.all(pc.greater_equal(values, least), min_count=0).as_py()
        case inspect.LiteralType():
            fits = pc.all(pc.is_in(values, pa.array(kind.values)), min_count=0).as_py()
    if not fits:
        raise pa.ArrowInvalid(f"{name} has a value that no article has")
    return None


_FIELDS = {field.encode_name: field.type for field in inspect.type_info(Article).fields}  # type: ignore[attr-defined]
_AS_ARTICLES = pj.ParseOptions(
    explicit_schema=pa.schema([(name, _arrow(kind)) for name, kind in _FIELDS.items()]), unexpected_field_behavior="error"
)
