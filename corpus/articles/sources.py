"""The files below what the user named: plain files, folders and tar archives, walked in sorted order, one open at a time.

Archives are read as streams and never unpacked, so no path inside one is followed. Links are not followed either.
"""

import errno
import os
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any

from corpus.articles.draft import Fault
from corpus.errors import CorpusError

_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


@dataclass(frozen=True)
class Source:
    """One file: its name relative to what the user named, and its bytes, or why they cannot be read.

    `file` is the name of the file on disk: of the archive, for what is inside one.
    """

    name: str
    file: str
    content: BufferedReader | Fault


class _Member(RawIOBase):
    """A file inside an archive. tarfile's own reader cannot be given to a text reader, and its errors are not OSErrors."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read up to a buffer's length."""
        try:
            data = self._content.read(len(buffer))
        except (tarfile.TarError, EOFError) as error:
            raise OSError(f"the archive is broken here: {error}") from error
        buffer[: len(data)] = data
        return len(data)


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
            yield from _open(file, _printable(file.relative_to(base).as_posix()))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    closed: list[Path] = []
    for folder, subfolders, files in os.walk(path, onerror=lambda error: closed.append(Path(error.filename))):
        subfolders.sort()
        links = [name for name in subfolders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name) for name in sorted([*files, *links]))
    yield from closed


def _open(file: Path, name: str) -> Iterator[Source]:
    if file.is_symlink():
        yield Source(name, name, Fault(1, b"", "link", f"a symbolic link to {str(file.readlink())!r}"))
        return
    try:
        if stat.S_ISFIFO(file.stat().st_mode) or stat.S_ISSOCK(file.stat().st_mode):
            raise OSError(errno.EINVAL, "a pipe or socket, not a file")
        stream = file.open("rb")
    except OSError as error:
        yield Source(name, name, Fault(1, b"", "unreadable", f"it cannot be opened: {error.strerror}"))
        return
    with stream:
        if _is_tar(stream.peek(512)):
            yield from _members(stream, name)
        else:
            yield Source(name, name, stream)


def _is_tar(head: bytes) -> bool:
    return head.startswith(_COMPRESSED) or head[257:262] == b"ustar"


def _members(stream: BufferedReader, name: str) -> Iterator[Source]:
    try:
        with tarfile.open(fileobj=stream, mode="r|*") as archive:
            for member in archive:
                inner = _printable(f"{name}/{member.name.lstrip('/')}")
                if member.issym() or member.islnk():
                    yield Source(inner, name, Fault(1, b"", "link", f"a link to {member.linkname!r} inside the archive"))
                elif member.isfile() and (content := archive.extractfile(member)):
                    yield Source(inner, name, BufferedReader(_Member(content)))
                elif not member.isdir():
                    yield Source(inner, name, Fault(1, b"", "unreadable", "a pipe or device, not a file"))
    except (tarfile.TarError, EOFError, OSError) as error:
        yield Source(name, name, Fault(1, b"", "bad_archive", f"the rest of the archive cannot be read: {error}"))


def _printable(name: str) -> str:
    """A file's name as text: bytes that are not UTF-8 are written `\\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
