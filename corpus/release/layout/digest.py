"""The SHA-256 of a split's rows, whatever version of pyarrow wrote its files and however they are cut into groups.

A column is a stream of bytes, and so is each part of a nested one; the rows' hash is that of the streams' hashes, a line
`NAME SHA-256` each, sorted. A stream has what the rows add to it, in their order, little-endian:

- `NAME?`: a byte for each value: 1, or 0 for a null, which adds nothing to the streams below;
- `NAME`: the values: strings as UTF-8, numbers in their width, times as microseconds since 1970 in UTC;
- `NAME#`: the length of each string (bytes) or list, 32 bits;
- `NAME[]` and the like: the items of lists, one list after the other; `NAME.FIELD` and the like: the fields of a struct.
"""

import hashlib
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class RowsDigest:
    """Takes rows batch by batch."""

    def __init__(self) -> None:
        self._streams: defaultdict[str, hashlib._Hash] = defaultdict(hashlib.sha256)

    def update(self, rows: pa.RecordBatch | pa.Table) -> None:
        """Add the rows of a batch or of a table."""
        for batch in rows.to_batches() if isinstance(rows, pa.Table) else [rows]:
            if batch.num_rows:
                for name, column in zip(batch.schema.names, batch.columns, strict=True):
                    self._add(name, column)

    def hexdigest(self) -> str:
        """The hash of all rows so far, hexadecimal."""
        told = (f"{name} {stream.hexdigest()}\n" for name, stream in sorted(self._streams.items()))
        return hashlib.sha256("".join(told).encode()).hexdigest()

    def _add(self, name: str, values: pa.Array) -> None:
        self._streams[f"{name}?"].update(_plain(values.is_valid().cast(pa.uint8())))
        kind, known = values.type, values.drop_null()
        if pa.types.is_struct(kind):
            for field, part in zip(kind, known.flatten(), strict=True):
                self._add(f"{name}.{field.name}", part)
        elif pa.types.is_list(kind):
            self._streams[f"{name}#"].update(_plain(known.value_lengths()))
            self._add(f"{name}[]", known.flatten())
        elif pa.types.is_string(kind):
            self._streams[f"{name}#"].update(_plain(pc.binary_length(known)))
            self._streams[name].update(_characters(known))
        else:
            self._streams[name].update(_plain(known))


def _plain(values: pa.Array) -> bytes:
    plain: bytes = values.to_numpy(zero_copy_only=False).tobytes()
    return plain


def _characters(strings: pa.StringArray) -> memoryview:
    """The bytes of strings, one after the other, without a copy."""
    _, offsets, characters = strings.buffers()
    if not len(strings) or characters is None:
        return memoryview(b"")
    first, last = np.frombuffer(offsets, np.int32)[[strings.offset, strings.offset + len(strings)]]
    return memoryview(characters)[first:last]
