"""The files below what the user named: plain files, folders and tar archives, walked in sorted order, one open at a time.

Archives are read as streams and never unpacked, so no path inside one is followed. Links are not followed either.
"""

import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from corpus.articles.draft import Fault
from corpus.errors import CorpusError

_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


@dataclass(frozen=True)
class Source:
    """One file: its name relative to what the user named, and its bytes, or why they cannot be read."""

    name: str
    content: BufferedReader | Fault


def walk(paths: list[Path]) -> Iterator[Source]:
    """Yield every file. A stream is open only until the next one is asked for.

    Raises:
        CorpusError: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise CorpusError(f"{path} does not exist", "check the path")
    for path in paths:
        base = path.resolve().parent
        for file in _files(path.resolve()):
            yield from _open(file, file.relative_to(base).as_posix())


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, subfolders, files in os.walk(path):
        subfolders.sort()
        yield from (Path(folder, name) for name in sorted(files))


def _open(file: Path, name: str) -> Iterator[Source]:
    if file.is_symlink():
        yield Source(name, Fault(1, b"", "link", f"a symbolic link to {str(file.readlink())!r}"))
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        yield Source(name, Fault(1, b"", "unreadable", f"{error.strerror}"))
        return
    with stream:
        if _is_tar(stream.peek(512)):
            yield from _members(stream, name)
        else:
            yield Source(name, stream)


def _is_tar(head: bytes) -> bool:
    return head.startswith(_COMPRESSED) or head[257:262] == b"ustar"


def _members(stream: BufferedReader, name: str) -> Iterator[Source]:
    try:
        with tarfile.open(fileobj=stream, mode="r|*") as archive:
            for member in archive:
                inner = f"{name}/{member.name.lstrip('/')}"
                if member.issym() or member.islnk():
                    yield Source(inner, Fault(1, b"", "link", f"a link to {member.linkname!r} inside the archive"))
                elif member.isfile() and (content := archive.extractfile(member)):
                    yield Source(inner, BufferedReader(content))  # type: ignore[arg-type]  # tarfile's own reader
    except (tarfile.TarError, EOFError, OSError) as error:
        yield Source(name, Fault(1, b"", "bad_archive", f"the rest of the archive cannot be read: {error}"))
