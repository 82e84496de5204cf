"""Record files: JSON lines in and out, streamed and atomic. A bad line stops the run with file:line.

Every record file is sorted by its key, so the same records give the same bytes in whatever order they were made.
"""

import fcntl
import glob
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeVar

import jsonlines
import msgspec

from corpus.errors import CorpusError, RecordError

T = TypeVar("T", bound=msgspec.Struct)

encode = msgspec.json.Encoder().encode


def read(path: Path, kind: type[T]) -> Iterator[T]:
    """Yield the records of a file, one at a time.

    Raises:
        CorpusError: there is no such file.
        RecordError: a line is no JSON, or not a `kind`; says file:line and the field.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise CorpusError(
            f"{path} does not exist", f"run the step that writes it: `{WRITTEN_BY.get(path.name, 'warraq --help')}`"
        ) from None
    with file, jsonlines.Reader(file, loads=msgspec.json.Decoder(kind).decode) as reader:
        while True:
            try:
                yield reader.read()  # type: ignore[misc]
            except EOFError:
                return
            except jsonlines.InvalidLineError as error:
                raise RecordError(
                    f"{path}:{error.lineno}: not a valid {kind.__name__}: {error.__cause__ or error}; got {error.line[:80]!r}",
                    "restore the line from a copy, or delete the file and run the step that writes it again",
                ) from None


def read_if_any(path: Path, kind: type[T]) -> Iterator[T]:
    """Like `read`, but a file that does not exist has no records."""
    return read(path, kind) if path.exists() else iter(())


def write(path: Path, records: Iterable[msgspec.Struct | msgspec.Raw]) -> int:
    """Write records, or what is encoded already, to a file, whole or not at all. The order is the caller's.

    Returns:
        How many there were.
    """
    count = 0
    with atomic(path) as file:
        for record in records:
            file.write(encode(record) + b"\n")
            count += 1
    return count


def write_sorted(path: Path, records: Iterable[T], key: Callable[[T], Any]) -> int:
    """Like `write`, sorted by `key`. Holds all records in memory: for what is counted in items, not in articles."""
    in_order = sorted(records, key=key)
    return write(path, in_order)


@contextmanager
def atomic(path: Path, mode: int = 0o644) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of `path` when the block ends well, and vanishes when it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = _temporary(path)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _temporary(path: Path) -> tuple[int, str]:
    """A new file beside `path`, locked while its writer lives; unlocked ones, left by killed writers, are removed."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with suppress(OSError):  # a file system without locks: nothing is removed on it either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:  # not removed between the two calls
            return handle, name
        os.close(handle)


def write_bytes(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a small file, whole or not at all."""
    with atomic(path, mode) as file:
        file.write(data)


def write_json(path: Path, value: Any, mode: int = 0o644) -> None:
    """Write one JSON document (a struct, or plain dicts and lists), indented, whole or not at all."""
    write_bytes(path, msgspec.json.format(encode(value), indent=2) + b"\n", mode)


WRITTEN_BY = {
    "articles.jsonl": "warraq convert PATH",
    "rejects.jsonl": "warraq convert PATH",
    "duplicates.jsonl": "warraq duplicates",
    "items.jsonl": "warraq sample",
    "annotations.jsonl": "warraq pull",
    "gold.jsonl": "warraq resolve",
    "splits.jsonl": "warraq split",
    "predictions.jsonl": "warraq predict",
}
