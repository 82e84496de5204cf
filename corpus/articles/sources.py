"""The files below what the user named, walked in sorted order, one open at a time. Links are not followed."""

import errno
import os
import stat
from collections.abc import Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import NamedTuple

from corpus.articles import containers
from corpus.articles.containers import Budget, Source, printable
from corpus.articles.draft import Fault
from corpus.errors import CorpusError
from corpus.text.encoding import HEAD


class File(NamedTuple):
    """A file of the disk as it was when it was listed. The path is text, for a `Path` costs as much as reading the file.

    `name` is relative to what the user named, as it is written down; `modified` and `changed` are in nanoseconds. Of what
    cannot be asked about, all numbers are 0 and `modified` is that of the error.
    """

    path: str
    name: str
    mode: int
    size: int
    modified: int
    changed: int


def walk(paths: list[Path]) -> Iterator[Source]:
    """Yield what every file holds. A stream is open only until the next one is asked for.

    Raises:
        CorpusError: a path does not exist.
    """
    for file in files(paths):
        yield from opened(file)


def files(paths: list[Path]) -> Iterator[File]:
    """Yield every file, in sorted order.

    Raises:
        CorpusError: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise CorpusError(f"{path} does not exist", "check the path")
    for path in paths:
        start = len(str(path.resolve().parent).rstrip("/")) + 1
        for file in _files(path.resolve()):
            yield _listed(file, printable(file[start:]))


def _files(path: Path) -> Iterator[str]:
    if not path.is_dir():
        yield str(path)
        return
    closed: list[str] = []
    for folder, subfolders, files in os.walk(path, onerror=lambda error: closed.append(error.filename)):
        subfolders.sort()
        links = [name for name in subfolders if Path(folder, name).is_symlink()]
        yield from (f"{folder}/{name}" for name in sorted([*files, *links]))
    yield from closed


def _listed(path: str, name: str) -> File:
    try:
        found = os.lstat(path)
    except OSError as error:
        return File(path, name, 0, 0, error.errno or 0, 0)
    return File(path, name, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def opened(file: File) -> Iterator[Source]:
    """Yield one file, or the files packed in it."""
    try:
        if stat.S_ISLNK(file.mode):
            yield Source(
                file.name, file.name, Fault(1, b"", "link", f"a symbolic link to {str(Path(file.path).readlink())!r}")
            )
            return
        if stat.S_ISFIFO(file.mode) or stat.S_ISSOCK(file.mode):
            raise OSError(errno.EINVAL, "a pipe or socket, not a file")
        stream: BufferedReader = BufferedReader(FileIO(file.path), HEAD)  # so much is seen at once, on any file system
    except OSError as error:
        yield Source(file.name, file.name, Fault(1, b"", "unreadable", f"it cannot be opened: {error.strerror}"))
        return
    with stream:
        yield from containers.opened(stream, file.name, file.name, 0, Budget(file.size))
