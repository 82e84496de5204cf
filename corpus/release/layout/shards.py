"""Rows → Parquet shards of one config and split, a batch at a time; and the check of what was written.

The same rows give the same bytes with the same version of pyarrow: batches and shards are cut by count and size alone.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from datasets import ClassLabel, Features, List

from corpus.errors import CheckError
from corpus.release.layout.digest import RowsDigest

BATCH_ROWS = 2000
SHARD_BYTES = 500_000_000
"""Size in memory at which a new shard begins: what the `datasets` library does."""


_OPTIONS = {"use_content_defined_chunking": True, "write_page_index": True, "compression": "zstd"}
"""As the `datasets` library writes: a row put in later leaves most of the bytes as they were. But zstd in place of snappy: as
fast to write, twice as fast to read, a third smaller."""


def _small(schema: pa.Schema) -> list[str]:
    """The columns that have statistics. The least and the greatest text, whole, would be beside every page."""
    return [field.name for field in schema if field.name != "text" and not pa.types.is_nested(field.type)]


class ShardWriter:
    """Writes `{split}-00000-of-0000N.parquet` files into a config's folder. Call `close` at the end: it names them.

    `digest` is over the rows as they were meant, and `seen`, if given, is called with each batch of them. Bytes are written
    by `pool`, while the caller makes the next batch.
    """

    def __init__(
        self, folder: Path, split: str, columns: Features, pool: Executor, seen: Callable[[pa.RecordBatch], None] | None = None
    ) -> None:
        """Write below `folder`, which is made with the first row."""
        self.rows = 0
        self.digest = RowsDigest()
        self._seen = seen
        self._folder, self._split, self._schema, self._pool = folder, split, columns.arrow_schema, pool
        self._rows: list[dict[str, Any]] = []
        self._pending: Future[None] | None = None
        self._writer: pq.ParquetWriter | None = None
        self._shard_bytes = 0
        self._shards: list[Path] = []

    def add(self, row: dict[str, Any]) -> None:
        """Add one row."""
        self._rows.append(row)
        if len(self._rows) == BATCH_ROWS:
            self._flush()

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Add a batch of rows. It becomes one row group."""
        self._wait()
        self._pending = self._pool.submit(self._write, batch)
        self.rows += batch.num_rows
        self.digest.update(batch)
        if self._seen is not None:
            self._seen(batch)

    def close(self) -> None:
        """Write what is left, and give every shard its name, which tells how many there are."""
        self._flush()
        self._wait()
        self._end_shard()
        for number, shard in enumerate(self._shards):
            shard.rename(self._folder / f"{self._split}-{number:05d}-of-{len(self._shards):05d}.parquet")

    def _flush(self) -> None:
        if self._rows:
            self.add_batch(pa.RecordBatch.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()

    def _write(self, batch: pa.RecordBatch) -> None:
        if self._writer is None:
            self._folder.mkdir(exist_ok=True)
            self._shards.append(self._folder / f"{self._split}-{len(self._shards):05d}.part")
            self._writer = pq.ParquetWriter(self._shards[-1], self._schema, write_statistics=_small(self._schema), **_OPTIONS)
        self._writer.write_batch(batch)
        self._shard_bytes += batch.nbytes
        if self._shard_bytes >= SHARD_BYTES:
            self._end_shard()

    def _end_shard(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._shard_bytes = None, 0


def check(folder: Path, columns: Features, rows: int) -> None:
    """Read a config back: its columns are those promised, its labels in range or null, its rows all there.

    `datasets.load_dataset` is silent about a label out of range and about a column that the file lacks.

    Raises:
        CheckError: one of these is not so.
    """
    written = 0
    for path in sorted(folder.glob("*.parquet")):
        file = pq.ParquetFile(path)
        if Features.from_arrow_schema(file.schema_arrow) != columns:
            raise CheckError(f"{path} has other columns than its config", _REPORT)
        written += file.metadata.num_rows
        for name, feature in columns.items():
            label = feature.feature if isinstance(feature, List) else feature
            if isinstance(label, ClassLabel):
                _check_codes(path, name, label, file.read([name])[name])
    if written != rows:
        raise CheckError(f"{folder} holds {written} rows; {rows} were meant", _REPORT)


def _check_codes(path: Path, name: str, label: ClassLabel, column: pa.ChunkedArray) -> None:
    codes = pc.list_flatten(column) if pa.types.is_list(column.type) else column
    span = pc.min_max(codes).as_py()
    if span["min"] is not None and not 0 <= span["min"] <= span["max"] < label.num_classes:
        raise CheckError(
            f"{path}: column {name!r} has labels {span['min']}..{span['max']}; 0..{label.num_classes - 1} are named",
            _REPORT,
        )


_REPORT = "nothing was released; this is a fault in Warraq: please report it"
