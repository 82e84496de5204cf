"""Parquet files: one draft a row, with columns as in `fields`; batch by batch.

A Parquet file is read from its end, so one inside an archive is held in memory. A dictionary can say one long text a billion
times in a few bytes: texts stay in their dictionary until their row's turn, and `Budget` limits what all rows say.
"""

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from corpus.articles.containers import Budget, seekable
from corpus.articles.draft import Draft, Fault
from corpus.articles.fields import draft_of

VERSION = 1
MAGIC = b"PAR1"
MAX_GROUP = 512 * 2**20
"""A row group may unpack to so many bytes: pyarrow holds its columns."""
MAX_NAMES = 2**26
"""So long may the file's own list of columns and row groups be."""
_ROWS = 256


def read(stream: BinaryIO, columns: dict[str, str]) -> Iterator[Draft | Fault]:
    """Yield one draft or fault for each row, numbered from 1. A row's bytes, for its hash and identity, are its JSON."""
    import pyarrow  # here and below, as in `containers`

    number = 0
    try:
        whole = seekable(stream, "a Parquet file")
        schema = _schema(whole)
        if (text := columns.get("text", "text")) not in schema.names:
            there = ", ".join(schema.names)
            yield Fault(1, b"", "missing_field", f"there is no column {text!r} for the text; got {there:.300}")
            return
        for number, row in enumerate(_rows(whole, schema), 1):
            raw = msgspec.json.encode(row, order="sorted", enc_hook=str)
            yield draft_of(number, raw, row, columns)
        if not number:
            yield Fault(1, b"", "empty_file", "the table has no row")
    except (OSError, ValueError, TypeError, OverflowError, NotImplementedError, pyarrow.ArrowException) as error:
        detail = " ".join(str(error).split())
        yield Fault(number + 1, b"", "bad_row", f"row {number + 1} cannot be read, nor the rest of the file: {detail:.300}")


def _schema(whole: BinaryIO) -> Any:
    """The table's schema, once its sizes are seen to be in bounds."""
    from pyarrow import parquet

    limits = {"thrift_string_size_limit": MAX_NAMES, "thrift_container_size_limit": MAX_NAMES}
    with parquet.ParquetFile(whole, **limits) as table:
        for group in range(table.metadata.num_row_groups):
            size = table.metadata.row_group(group).total_byte_size  # to ask a broken column ends the process
            if size > MAX_GROUP:
                raise ValueError(f"row group {group + 1} has {size:,} bytes; up to {MAX_GROUP:,} are read")
        return table.schema_arrow


def _rows(whole: BinaryIO, schema: Any) -> Iterator[dict[str, Any]]:
    import pyarrow
    from pyarrow import parquet

    budget = Budget(whole.seek(0, io.SEEK_END))
    texts = [f.name for f in schema if pyarrow.types.is_string(f.type) or pyarrow.types.is_large_string(f.type)]
    with parquet.ParquetFile(whole, read_dictionary=texts, buffer_size=2**16, pre_buffer=False) as table:
        for batch in table.iter_batches(_ROWS, use_threads=False):
            for place in range(batch.num_rows):
                row = {name: batch.column(name)[place].as_py() for name in schema.names}
                budget.spend(sum(len(value) for value in row.values() if isinstance(value, str)))
                yield row
